// Keys on lists. Pages work without this file.
(() => {
  "use strict";
  const lists = "ol.events > li, ol.found > li";
  let at = -1;

  const typing = (target) => target.closest("input, select, textarea, [contenteditable]") !== null;

  const go = (step) => {
    const items = [...document.querySelectorAll(lists)];
    if (items.length === 0) return;
    items[at]?.classList.remove("here");
    at = Math.min(Math.max(at + step, 0), items.length - 1);
    items[at].classList.add("here");
    items[at].scrollIntoView({ block: "nearest" });
    items[at].querySelector("a")?.focus({ preventScroll: true });
  };

  document.addEventListener("keydown", (event) => {
    if (localStorage.getItem("keys") === "off") return;
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "?") location.assign("/help");
    else if (event.key === "/") {
      event.preventDefault();
      document.getElementById("find")?.focus();
    }
  });
})();
