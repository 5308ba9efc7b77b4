// Says on the page of what came in that more has come since. The page works without this file.
(() => {
  "use strict";
  const said = document.getElementById("arrived");
  if (said === null || !("EventSource" in window)) return;
  let reports = 0;
  let news = null;
  let last = "";

  const listen = () => {
    // A browser keeps only a few connections to a host: pages that nobody sees give theirs up.
    if (document.hidden) {
      news?.close();
      news = null;
    } else if (news === null) {
      news = new EventSource(last === "" ? "/api/v1/news" : `/api/v1/news?after=${encodeURIComponent(last)}`);
      for (const name of ["report", "decision", "event"]) {
        news.addEventListener(name, (event) => {
          if (event.lastEventId !== "") last = event.lastEventId;
          if (name !== "report") return;
          reports += 1;
          const link = document.createElement("a");
          link.href = location.href;
          link.textContent = `${reports} more ${reports === 1 ? "report has" : "reports have"} come in: load again`;
          said.replaceChildren(link);
        });
      }
    }
  };

  document.addEventListener("visibilitychange", listen);
  listen();
})();
