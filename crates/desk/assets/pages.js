// Keys on the page of a report: n and p walk through its marks, Escape goes back from a note to its mark. The page works without this file.
(() => {
  "use strict";
  const marks = [...document.querySelectorAll(".reading article a.read[id]")];
  if (marks.length === 0) return;
  let at = -1;

  const typing = (target) => target.closest("input, select, textarea, [contenteditable]") !== null;

  // A note opens by being the address's target; the page must not jump there, as it stands beside the text.
  const lead = (hash) => {
    const [x, y] = [window.scrollX, window.scrollY];
    location.replace(hash);
    window.scrollTo(x, y);
  };

  const show = (nth, focus) => {
    marks[at]?.classList.remove("here");
    at = Math.min(Math.max(nth, 0), marks.length - 1);
    const mark = marks[at];
    mark.classList.add("here");
    lead(mark.hash);
    mark.scrollIntoView({ block: "nearest" });
    if (focus) document.getElementById(mark.hash.slice(1))?.focus({ preventScroll: true });
  };

  // Where the walk goes on: at the note that is shown, at the mark that has the focus, else where it was.
  const place = () => {
    const note = document.querySelector(".note:target");
    const active = document.activeElement?.closest("a.read");
    const id = note ? note.id.slice("why-".length) : active?.hash.slice("#why-".length);
    const found = marks.findIndex((mark) => mark.id === id);
    return found < 0 ? at : found;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    if (event.key === "n") show(place() + 1, true);
    else if (event.key === "p") show(Math.max(place(), 0) - 1, true);
    else if (event.key === "Escape" && document.querySelector(".note:target")) {
      const mark = marks[place()];
      if (!mark) return;
      lead(`#${mark.id}`);
      mark.scrollIntoView({ block: "nearest" });
      mark.focus({ preventScroll: true });
    }
  });

  document.addEventListener("click", (event) => {
    const mark = event.target.closest('a.read, .notes a[href^="#why-"]');
    if (!mark || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const first = marks.findIndex((other) => other.hash === mark.hash);
    if (first >= 0) show(first, true);
  });
})();
