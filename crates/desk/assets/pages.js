// Keys on the page of a report: n and p walk through its marks, Escape goes back from a note to its mark. The page works without this file: a note is
// shown by being the address's target. Here it is shown beside the text without the page jumping to it.
(() => {
  "use strict";
  const notes = document.querySelector(".notes");
  const marks = [...document.querySelectorAll(".reading article a.read[id]")];
  if (!notes || marks.length === 0) return;
  notes.classList.add("scripted");
  let at = -1;

  const typing = (target) => target.closest("input, select, textarea, [contenteditable]") !== null;
  const noteOf = (mark) => document.getElementById(mark.hash.slice(1));

  const hide = () => {
    if (at < 0) return;
    marks[at].classList.remove("here");
    noteOf(marks[at])?.classList.remove("here");
  };

  const show = (nth) => {
    hide();
    at = Math.min(Math.max(nth, 0), marks.length - 1);
    const mark = marks[at];
    mark.classList.add("here");
    mark.scrollIntoView({ block: "nearest" });
    history.replaceState(null, "", mark.hash);
    const note = noteOf(mark);
    note?.classList.add("here");
    note?.parentElement.parentElement.scrollTo(0, 0);
    note?.focus({ preventScroll: true });
  };

  const back = () => {
    if (at < 0) return;
    hide();
    history.replaceState(null, "", `#${marks[at].id}`);
    marks[at].scrollIntoView({ block: "nearest" });
    marks[at].focus({ preventScroll: true });
  };

  // Where the walk goes on: at the mark that has the focus, else where it was.
  const place = () => {
    const active = document.activeElement?.closest("a.read");
    const found = active ? marks.findIndex((mark) => mark.hash === active.hash) : -1;
    return found < 0 ? at : found;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    if (event.key === "n") show(place() + 1);
    else if (event.key === "p") show(place() - 1);
    else if (event.key === "Escape" && document.querySelector(".note.here")) back();
  });

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest('a.read, .notes a[href^="#"]');
    if (!link) return;
    const nth = marks.findIndex((mark) => mark.hash === link.hash);
    if (link.classList.contains("close")) {
      event.preventDefault();
      back();
    } else if (nth >= 0) {
      event.preventDefault();
      show(nth);
    }
  });

  const asked = marks.findIndex((mark) => mark.hash === location.hash);
  if (asked >= 0) show(asked);
})();
