// Keys of the review queue, and choosing words in a text. All that is done here can be done without: keys press the page's own links and buttons, and
// words can be typed.
(() => {
  "use strict";
  const STORED = "keys";
  const isOn = () => localStorage.getItem(STORED) !== "off";
  const writes = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]") !== null;
  const said = document.getElementById("said");
  const say = (text) => {
    if (said) said.textContent = text;
  };

  // One decision at a time: what is pressed while the next page is on its way is meant for no page.
  let leaving = false;
  addEventListener("pagehide", () => (leaving = true));
  addEventListener("pageshow", () => (leaving = false));
  for (const form of document.forms) {
    form.addEventListener("submit", (event) => {
      if (leaving) event.preventDefault();
      leaving = true;
    });
  }

  const press = (element) => {
    if (element.matches("input[type=checkbox]")) {
      element.checked = !element.checked;
      element.focus();
    } else if (element.matches("input")) {
      element.focus();
    } else if (element.matches("summary")) {
      const details = element.parentElement;
      const close = details.open && details.contains(document.activeElement);
      details.open = !close;
      const first = details.querySelector("[data-digit]") ?? element;
      (close ? element : first).focus();
      element.scrollIntoView({ block: "nearest" });
    } else if (element.matches("fieldset")) {
      element.querySelector("[data-digit]")?.focus();
    } else {
      if (element.matches("a")) leaving = true;
      element.click();
    }
  };

  const keys = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || leaving) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.key === "Escape" && (writes(target) || target.closest("details, fieldset"))) {
      target.blur();
      return;
    }
    if (writes(target) || !isOn()) return;
    let found = null;
    if (/^[1-9]$/.test(event.key)) {
      found = target.closest("[data-group]")?.querySelector(`[data-digit="${event.key}"]`);
    } else if (event.key === "Enter" && target.matches("input[type=checkbox]")) {
      found = target.form?.querySelector("[data-enter]");
    } else if (event.key.length === 1) {
      found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      // These are keys of this page, not of lists.
      if (found === null && !"jk".includes(event.key)) return;
      event.stopImmediatePropagation();
    }
    if (!found) return;
    event.preventDefault();
    press(found);
  };
  // Before the keys that all pages have.
  document.addEventListener("keydown", keys, true);

  const holder = document.getElementById("switch");
  if (holder) {
    const button = document.createElement("button");
    button.type = "button";
    const show = () => {
      button.textContent = isOn() ? "Switch single-letter keys off" : "Switch single-letter keys on";
    };
    button.addEventListener("click", () => {
      localStorage.setItem(STORED, isOn() ? "off" : "on");
      show();
      say(isOn() ? "Single-letter keys are on." : "Single-letter keys are off.");
    });
    show();
    holder.append(button);
  }

  // What was decided is said once more when the page stands: a live region speaks only of what changes.
  if (said?.textContent.trim()) {
    const content = [...said.childNodes];
    said.replaceChildren();
    setTimeout(() => said.append(...content), 150);
  }

  const region = document.getElementById("words");
  if (!region) return;
  const choosing = region.hasAttribute("data-choosing");

  // The words of the text, each with its places in it. A piece has as many code points as its places say, or is one place shown by its number.
  const words = [];
  const pieces = [...region.querySelectorAll("[data-start]")];
  {
    let open = null;
    let last = null;
    for (const piece of pieces) {
      const node = piece.firstChild;
      if (!node) continue;
      const start = Number(piece.dataset.start);
      const text = node.data;
      const whole = [...text].length !== Number(piece.dataset.end) - start;
      if (last !== null && last !== start) open = null;
      last = Number(piece.dataset.end);
      if (whole) {
        open = null;
        continue;
      }
      let unit = 0;
      let point = start;
      for (const letter of text) {
        const inWord = /[\p{L}\p{N}\p{M}'’-]/u.test(letter);
        if (inWord && open) {
          open.end = point + 1;
          open.to = [node, unit + letter.length];
        } else if (/\S/u.test(letter)) {
          const word = { start: point, end: point + 1, from: [node, unit], to: [node, unit + letter.length] };
          words.push(word);
          open = inWord ? word : null;
        } else {
          open = null;
        }
        unit += letter.length;
        point += 1;
      }
    }
  }

  let at = null; // the word that the keys are at
  let anchor = null; // the word at which choosing began

  const box = (word) => {
    const range = document.createRange();
    range.setStart(...word.from);
    range.setEnd(...word.to);
    return range.getBoundingClientRect();
  };
  const spelled = (first, last) => {
    const range = document.createRange();
    range.setStart(...words[first].from);
    range.setEnd(...words[last].to);
    return range.toString().replace(/\s+/gu, " ");
  };
  const span = () => {
    if (at === null) return null;
    const other = anchor ?? at;
    return [Math.min(at, other), Math.max(at, other)];
  };
  const mark = () => {
    const [first, last] = span();
    getSelection().setBaseAndExtent(...words[first].from, ...words[last].to);
    const { top, bottom } = box(words[at]);
    const view = region.getBoundingClientRect();
    if (top < view.top) region.scrollTop -= view.top - top + 20;
    else if (bottom > view.bottom) region.scrollTop += bottom - view.bottom + 20;
    say(`${anchor === null ? "At" : "Chosen"}: “${spelled(first, last)}”`);
  };
  // The nearest word of the line above or below.
  const line = (step) => {
    const here = box(words[at]);
    let best = at;
    let distance = Infinity;
    let row = null;
    for (let next = at + step; next >= 0 && next < words.length; next += step) {
      const there = box(words[next]);
      if (Math.abs(there.top - here.top) < here.height / 2) continue;
      row ??= there.top;
      if (Math.abs(there.top - row) >= here.height / 2) break;
      const far = Math.abs(there.left - here.left);
      if (far < distance) [best, distance] = [next, far];
    }
    return best;
  };

  const take = (start, end) => {
    const form = document.getElementById("choose");
    if (!form || leaving) return;
    for (const [name, value] of [["start", start], ["end", end]]) {
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      input.value = value;
      form.append(input);
    }
    form.querySelector("[name=words]").disabled = true;
    leaving = true;
    form.submit();
  };

  region.addEventListener("keydown", (event) => {
    if (!choosing || event.ctrlKey || event.altKey || event.metaKey || words.length === 0) return;
    const moves = { ArrowRight: 1, ArrowLeft: -1 };
    let next = null;
    if (event.key in moves) next = at + moves[event.key];
    else if (event.key === "ArrowDown") next = line(1);
    else if (event.key === "ArrowUp") next = line(-1);
    else if (event.key === "Home") next = 0;
    else if (event.key === "End") next = words.length - 1;
    else if (event.key === " ") {
      // The second time ends it: what is chosen is taken.
      if (anchor === null) anchor = at;
      else {
        const [first, last] = span();
        take(words[first].start, words[last].end);
      }
      next = at;
    } else if (event.key === "Enter") {
      event.preventDefault();
      const [first, last] = span();
      take(words[first].start, words[last].end);
      return;
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (anchor !== null) {
        anchor = null;
        mark();
      } else document.querySelector("[data-leave]")?.click();
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key !== " ") anchor = event.shiftKey ? (anchor ?? at) : anchor;
    at = Math.min(Math.max(next, 0), words.length - 1);
    mark();
  });

  // By mouse or touch: whole words around what was marked.
  region.addEventListener("pointerup", () => {
    if (!choosing) return;
    setTimeout(() => {
      const selection = getSelection();
      if (selection.rangeCount === 0 || selection.isCollapsed) return;
      const range = selection.getRangeAt(0);
      const inside = words.map((word, nth) => [word, nth]).filter(([word]) => range.comparePoint(...word.to) >= 0 && range.comparePoint(...word.from) <= 0);
      const hit = inside.filter(([word]) => {
        const end = document.createRange();
        end.setStart(...word.from);
        end.setEnd(...word.to);
        return range.compareBoundaryPoints(Range.START_TO_END, end) > 0 && range.compareBoundaryPoints(Range.END_TO_START, end) < 0;
      });
      if (hit.length > 0) take(hit[0][0].start, hit[hit.length - 1][0].end);
    });
  });

  const value = document.getElementById("value");
  if (value) {
    value.focus({ preventScroll: true });
    value.closest("form").scrollIntoView({ block: "nearest" });
    value.select?.();
  } else if (choosing && words.length > 0) {
    // Where this event's own words begin.
    const first = region.querySelector(".mark[data-start]");
    const near = first ? words.findIndex((word) => word.end > Number(first.dataset.start)) : 0;
    at = Math.max(near, 0);
    region.focus({ preventScroll: matchMedia("(min-width: 60.01rem)").matches });
    mark();
  } else if (!choosing) {
    document.getElementById("event")?.focus({ preventScroll: true });
    const first = region.querySelector(".mark");
    // The text is brought to the event's words, and nothing else moves.
    if (first) region.scrollTop += Math.max(0, first.getBoundingClientRect().bottom - region.getBoundingClientRect().bottom + 40);
  }
})();
