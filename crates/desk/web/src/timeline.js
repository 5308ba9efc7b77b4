// Choosing a time: by drawing over the bars, by two sliders, by the bars themselves.

import { address, show } from "./state.js";

const PIXELS = 4; // a shorter way is a click
const WAIT = 350; // milliseconds after the last key before the page follows
const LIVE = 120; // milliseconds between what the map asks for while the brush moves
const SVG = "http://www.w3.org/2000/svg";

/** Wires the timeline; `live` is told the time while it is being chosen. */
export function follow(live) {
  const section = document.getElementById("timeline");
  const sliders = controls();
  let bins = [];
  let timer;
  let told = 0;

  function read() {
    bins = [...document.querySelectorAll("#bars .bin")].map((bin) => ({ ...bin.dataset, element: bin }));
    sliders.box.hidden = bins.length < 2;
    if (bins.length === 0) return;
    const [first, last] = chosen();
    sliders.set(bins, first, last);
    rove();
    const chart = document.querySelector("#bars .chart");
    chart.addEventListener("pointerdown", press);
    chart.addEventListener("dragstart", (event) => event.preventDefault());
  }

  /** Bars that are chosen: all, where nothing is. */
  function chosen() {
    const inside = bins.flatMap((bin, i) => (bin.element.classList.contains("out") ? [] : [i]));
    return inside.length === 0 ? [0, bins.length - 1] : [inside[0], inside.at(-1)];
  }

  /** One bar is in the order of the keys; arrows go on from it. */
  function rove() {
    const bars = [...document.querySelectorAll("#bars .bin a")];
    bars.forEach((bar, i) => bar.setAttribute("tabindex", i === 0 ? "0" : "-1"));
    bars.forEach((bar, i) => bar.addEventListener("keydown", (event) => {
      const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: bars.length - 1 }[event.key];
      if (to === undefined || !bars[to]) return;
      event.preventDefault();
      bar.setAttribute("tabindex", "-1");
      bars[to].setAttribute("tabindex", "0");
      bars[to].focus();
    }));
  }

  function draw(first, last) {
    const chart = document.querySelector("#bars .chart");
    let brush = chart.querySelector(".brush");
    if (!brush) {
      brush = document.createElementNS(SVG, "rect");
      brush.setAttribute("class", "brush");
      brush.setAttribute("y", "0");
      brush.setAttribute("height", "88");
      chart.prepend(brush);
    }
    const width = 100 / bins.length;
    brush.setAttribute("x", `${first * width}%`);
    brush.setAttribute("width", `${(last - first + 1) * width}%`);
    bins.forEach((bin, i) => bin.element.classList.toggle("out", i < first || i > last));
    sliders.set(bins, first, last);
    // The map follows at once, but is not asked at every step of the hand.
    if (performance.now() - told > LIVE) {
      told = performance.now();
      live(bins[first].from, bins[last].to);
    }
  }

  function choose(first, last) {
    clearTimeout(timer);
    const all = first === 0 && last === bins.length - 1;
    const closer = new URLSearchParams(location.search).get("closer");
    if (all && closer) return;
    show(location.origin + address(all ? { from: null, to: null, here: null } : { from: bins[first].from, to: bins[last].to, here: null }));
  }

  function clear() {
    clearTimeout(timer);
    const now = new URLSearchParams(location.search);
    if (now.has("from") || now.has("to")) show(location.origin + address({ from: null, to: null, closer: null, here: null }));
  }

  function press(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    const chart = event.currentTarget;
    const area = chart.getBoundingClientRect();
    const bin = (x) => Math.min(Math.max(Math.floor(((x - area.left) / area.width) * bins.length), 0), bins.length - 1);
    const start = bin(event.clientX);
    const was = chosen();
    let end;
    const move = (now) => {
      if (end === undefined && Math.abs(now.clientX - event.clientX) < PIXELS) return;
      if (end === undefined) chart.setPointerCapture(event.pointerId);
      const next = bin(now.clientX);
      if (next === end) return;
      end = next;
      draw(Math.min(start, end), Math.max(start, end));
    };
    const stop = new AbortController();
    const done = (keep) => {
      stop.abort();
      if (end === undefined) return;
      // The click that ends the brush opens no bar.
      addEventListener("click", (click) => { click.preventDefault(); click.stopPropagation(); }, { capture: true, once: true, signal: AbortSignal.timeout(100) });
      if (keep) choose(Math.min(start, end), Math.max(start, end));
      else draw(...was);
    };
    const options = { signal: stop.signal };
    chart.addEventListener("pointermove", move, options);
    chart.addEventListener("pointerup", () => done(true), options);
    chart.addEventListener("pointercancel", () => done(false), options);
    addEventListener("keydown", (key) => key.key === "Escape" && done(false), options);
  }

  sliders.moved = (first, last) => {
    draw(first, last);
    clearTimeout(timer);
    timer = setTimeout(() => choose(first, last), WAIT);
  };
  document.addEventListener("keydown", (event) => {
    const { target } = event;
    if (event.key === "Escape" && (target === document.body || target.id === "main" || target.closest("#timeline, #mapped"))) clear();
  });
  section.append(sliders.box);
  read();
  return { read };
}

/** Two sliders that stand for the first and the last bar. */
function controls() {
  const box = document.createElement("div");
  box.className = "brushing";
  const ends = ["First", "Last"].map((name) => {
    const label = document.createElement("label");
    const input = document.createElement("input");
    const words = document.createElement("output");
    input.type = "range";
    input.min = "0";
    label.append(`${name} `, input);
    box.append(label);
    return { input, words, label };
  });
  const said = document.createElement("p");
  said.className = "unseen";
  said.setAttribute("role", "status");
  box.append(said);
  const own = { box, moved: () => {} };
  let bins = [];
  const words = (i) => bins[i].words.replace(/^(in|on) /, "");
  own.set = (all, first, last) => {
    bins = all;
    [first, last].forEach((value, i) => {
      const { input } = ends[i];
      input.max = String(all.length - 1);
      if (input.value !== String(value)) input.value = String(value);
      input.setAttribute("aria-valuetext", words(value));
    });
  };
  ends.forEach(({ input }, i) => input.addEventListener("input", () => {
    let [first, last] = ends.map((end) => Number(end.input.value));
    // One end takes the other along.
    if (first > last) [first, last] = i === 0 ? [first, first] : [last, last];
    own.moved(first, last);
    const count = bins.slice(first, last + 1).reduce((sum, bin) => sum + Number(bin.count), 0);
    said.textContent = `${first === last ? words(first) : `${words(first)} to ${words(last)}`}: ${count} event${count === 1 ? "" : "s"}`;
  }));
  return own;
}
