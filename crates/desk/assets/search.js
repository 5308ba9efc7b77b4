// Search as one types: the page is asked for again and its results put in the place of those that are shown. Works without this file too.
(() => {
  "use strict";
  const form = document.querySelector("form[data-live]");
  const results = document.getElementById("results");
  const count = document.getElementById("count");
  if (!form || !results || !count) return;

  const PAUSE = 200;
  let timer;
  let asking;

  const asked = () => new URLSearchParams([...new FormData(form)].filter(([name, value]) => value.trim() !== "" && !(name === "sort" && value === "best")));

  const ask = async () => {
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    const fields = asked();
    const address = fields.size > 0 ? `/search?${fields}` : "/search";
    results.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${address}${fields.size > 0 ? "&" : "?"}live=true`, { signal: mine.signal, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.getElementById("results");
      // Another page than this one: the session has ended.
      if (!found) return location.assign(address);
      results.replaceChildren(...found.childNodes);
      count.textContent = page.getElementById("count").textContent;
      history.replaceState(null, "", address);
    } catch (error) {
      if (error.name === "AbortError") return;
      count.textContent = "The desk does not answer; what is shown was found before.";
    }
    if (asking === mine) results.removeAttribute("aria-busy");
  };

  const later = (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };

  form.addEventListener("input", later);
  form.addEventListener("compositionend", later);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    asking?.abort();
  });
})();
