// The map: countries from the desk itself, and events gathered in circles that the desk counts.

import L from "leaflet";
import { feature, mesh } from "topojson-client";
import { address, note, params, say, show } from "./state.js";
import { flat } from "./world.js";

const CLOSEST = 9; // places are settlements at best
const WIDEST = 1;
const LETTER = 6; // pixels of width that a country must have for each letter of its name
const SLACK = 0.25; // of the view, on each side, that is asked for beyond it

/** A circle that is a button. */
const Circle = L.DivIcon.extend({
  createIcon() {
    const { cell, press } = this.options;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = short(cell.count);
    button.setAttribute("aria-label", words(cell));
    button.title = words(cell);
    button.addEventListener("click", press);
    button.addEventListener("dblclick", (event) => event.stopPropagation());
    this._setIconStyles(button, "icon");
    return button;
  },
});

/** Makes the map in its box. */
export function make(box) {
  const frame = document.createElement("div");
  frame.id = "map";
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", "Map of the events");
  box.prepend(frame);
  const map = L.map(frame, {
    minZoom: WIDEST, maxZoom: CLOSEST, worldCopyJump: false, zoomControl: true, attributionControl: false,
    maxBounds: [[-85, -200], [85, 200]], maxBoundsViscosity: 0.8, preferCanvas: false,
  });
  L.control.scale({ imperial: false }).addTo(map);
  const credits = L.control.attribution({ prefix: false }).addTo(map);
  credits.addAttribution("Made with Natural Earth");
  credits.addAttribution("Leaflet");
  const circles = L.layerGroup().addTo(map);
  const kept = new Map();
  let running;

  world(map, box.dataset).catch(say);
  start();
  map.on("moveend", () => {
    const { lat, lng } = map.getCenter();
    note({ at: [lat.toFixed(3), lng.toFixed(3), map.getZoom()].join(",") });
    ask().catch(say);
  });
  ask().catch(say);

  function start() {
    if (!go(params().get("at"))) {
      const [west, south, east, north] = (box.dataset.bounds ?? "-170,-55,180,72").split(",").map(Number);
      map.fitBounds([[south, west], [north, east]], { padding: [40, 40], maxZoom: 7, animate: false });
    }
  }

  /** Goes to `lat,lon,zoom`, if it is that. */
  function go(at) {
    const [lat, lon, zoom] = (at ?? "").split(",").map(Number);
    if (!at || ![lat, lon, zoom].every(Number.isFinite) || Math.abs(lat) > 90) return false;
    map.setView([lat, lon], zoom, { animate: false });
    return true;
  }

  /** Asks for the circles in view; `instead` are values that are not in the address yet. */
  async function ask(instead = {}) {
    running?.abort();
    const mine = (running = new AbortController());
    const asked = params();
    for (const name of ["view", "sort", "at", "here", "closer", "after"]) asked.delete(name);
    for (const [name, value] of Object.entries(instead)) asked.set(name, value);
    const seen = map.getBounds().pad(SLACK);
    const edge = (degrees, most) => Math.min(Math.max(degrees, -most), most).toFixed(4);
    asked.set("bbox", [edge(seen.getWest(), 180), edge(seen.getSouth(), 90), edge(seen.getEast(), 180), edge(seen.getNorth(), 90)].join(","));
    asked.set("zoom", String(Math.round(map.getZoom())));
    try {
      const answer = await fetch(`/api/v1/events/overview?${asked}`, { signal: mine.signal });
      const found = await answer.json();
      if (!answer.ok) throw new Error(found.detail ?? `status ${answer.status}`);
      if (!mine.signal.aborted) draw(found.cells);
    } catch (problem) {
      if (problem.name !== "AbortError") throw problem;
    }
  }

  function draw(cells) {
    const held = document.activeElement?.closest(".circle");
    const was = held && [...kept.values()].find((marker) => marker.getElement() === held);
    const next = new Map(cells.map((cell) => [[cell.lat, cell.lon, cell.count, cell.places].join(), cell]));
    for (const [key, marker] of kept) {
      if (next.has(key)) continue;
      circles.removeLayer(marker);
      kept.delete(key);
    }
    for (const [key, cell] of next) {
      if (kept.has(key)) continue;
      const size = Math.min(28 + 9 * Math.log10(cell.count), 62);
      const icon = new Circle({ cell, press: (event) => press(cell, event), iconSize: [size, size], className: cell.places > 1 ? "circle several" : "circle" });
      const marker = L.marker([cell.lat, cell.lon], { icon, interactive: false, keyboard: false });
      marker.cell = cell;
      kept.set(key, marker);
      circles.addLayer(marker);
    }
    // Whoever was on a circle that is gone goes on from the nearest.
    if (was && !held.isConnected) {
      const far = (marker) => map.distance(marker.getLatLng(), was.getLatLng());
      const near = [...kept.values()].reduce((a, b) => (a && far(a) <= far(b) ? a : b), undefined);
      (near?.getElement() ?? frame).focus({ preventScroll: true });
    }
  }

  function press(cell, event) {
    event.stopPropagation();
    // A drag that began on a circle ends with a click.
    if (event.detail > 0 && map.dragging.moved()) return;
    if (cell.place) {
      show(location.origin + address({ here: `${cell.place.name},${cell.place.country ?? ""}` })).then(() => document.getElementById("panel")?.focus());
    } else {
      const [west, south, east, north] = cell.bbox;
      const zoom = map.getZoom();
      if (zoom >= CLOSEST) return;
      map.fitBounds([[south, west], [north, east]], { padding: [30, 30], maxZoom: CLOSEST });
      if (map.getBoundsZoom([[south, west], [north, east]]) <= zoom) map.setView([cell.lat, cell.lon], zoom + 1);
    }
  }

  return {
    fetch: (instead) => ask(instead).catch(say),
    read: () => {
      const at = params().get("at");
      const { lat, lng } = map.getCenter();
      if (at && at !== [lat.toFixed(3), lng.toFixed(3), map.getZoom()].join(",") && go(at)) return;
      ask().catch(say);
    },
  };
}

/** Draws the countries, and tiles over them where the desk has a server for them. */
async function world(map, { world, tiles, credit }) {
  map.createPane("countries");
  const answer = await fetch(world);
  if (!answer.ok) throw new Error(`the map, status ${answer.status}`);
  const found = await answer.json();
  const { countries } = found.objects;
  const renderer = L.svg({ pane: "countries", padding: 0.5 });
  const options = { renderer, pane: "countries", interactive: false };
  const land = { type: "MultiPolygon", coordinates: feature(found, countries).features.flatMap(({ geometry }) => flat(geometry)) };
  L.geoJSON(land, { ...options, style: { className: "land" } }).addTo(map);
  L.geoJSON(mesh(found, countries, (a, b) => a !== b), { ...options, style: { className: "border" } }).addTo(map);
  if (tiles) {
    const clean = document.createElement("span");
    clean.textContent = credit ?? "";
    L.tileLayer(tiles, { attribution: clean.innerHTML, maxZoom: CLOSEST, noWrap: true, referrerPolicy: "strict-origin-when-cross-origin" }).addTo(map);
    return;
  }
  map.createPane("names");
  const labels = found.names.map(([name, lat, lon, size]) => {
    const text = document.createElement("span");
    text.textContent = name;
    const icon = L.divIcon({ className: "country", html: text, iconSize: [0, 0] });
    return { size: size / name.length, marker: L.marker([lat, lon], { icon, pane: "names", interactive: false, keyboard: false }) };
  });
  const name = () => {
    // Pixels to a degree at the equator.
    const scale = (256 * 2 ** map.getZoom()) / 360;
    for (const { size, marker } of labels) {
      if (size * scale > LETTER) marker.addTo(map);
      else marker.remove();
      marker.getElement()?.setAttribute("aria-hidden", "true");
    }
  };
  map.on("zoomend", name);
  name();
}

function words({ count, places, place }) {
  const events = `${count} event${count === 1 ? "" : "s"}`;
  if (place) return `${place.name}: ${events}`;
  return `${events} at ${places} places, zoom in`;
}

/** `1234` as `1.2k`. */
function short(count) {
  if (count < 1000) return String(count);
  return count < 10_000 ? `${(count / 1000).toFixed(1)}k` : `${Math.round(count / 1000)}k`;
}
