// The events page: brushing the timeline, and the map. What is shown stands in the address; the page works without this file.

import { make } from "./map.js";
import { follow } from "./timeline.js";
import { params, say, show } from "./state.js";

if (document.getElementById("timeline")) {
  const box = document.getElementById("mapped");
  const map = box && make(box);
  const timeline = follow((from, to) => map?.fetch({ from, to }));
  const shown = () => {
    timeline.read();
    map?.read();
  };
  document.addEventListener("dateline:shown", shown);
  addEventListener("popstate", () => {
    const was = document.getElementById("mapped") !== null;
    // From list to map and back is another page.
    if ((params().get("view") === "map") !== was) location.reload();
    else show(location.href, false);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (!link.closest("#bars, #result .do a.wider")) {
      // Where the map is goes with one to the list and back.
      const at = params().get("at");
      if (at && link.closest("#tabs")) {
        const to = new URL(link.href.baseVal ?? link.href, location.href);
        to.searchParams.set("at", at);
        link.href = to.href;
      }
      return;
    }
    event.preventDefault();
    const to = new URL(link.href.baseVal ?? link.href, location.href);
    const at = params().get("at");
    if (at) to.searchParams.set("at", at);
    show(to.href).catch(say);
  });
}
