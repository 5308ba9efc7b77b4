// Builds the map of the desk: map.js, map.css, world.json and map-licences.txt, into ../assets or the folder that is named.
//
//   npm ci && node build.mjs [FOLDER]

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { feature, quantize } from "topojson-client";
import { filter, filterWeight, planarRingArea, planarTriangleArea, presimplify, simplify } from "topojson-simplify";
import { flat } from "./src/world.js";

const here = import.meta.dirname;
const out = process.argv[2] ?? join(here, "..", "assets");
const require = createRequire(import.meta.url);
const text = (path) => readFileSync(require.resolve(path), "utf8");
mkdirSync(out, { recursive: true });

await build({
  entryPoints: { map: join(here, "src", "main.js") },
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2020",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});
await build({
  entryPoints: { map: join(here, "src", "map.css") },
  outdir: out,
  bundle: true,
  minify: true,
  target: "es2020",
  // Leaflet's pictures are not used: the rules that name them match nothing on our pages.
  loader: { ".png": "empty" },
  external: ["*.png"],
  legalComments: "none",
  logLevel: "warning",
  plugins: [{
    name: "no pictures",
    setup: (build) => build.onLoad({ filter: /leaflet\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/background-image: url\([^)]*\);/g, ""),
      loader: "css",
    })),
  }],
});

// The world: countries at 1:50 million, thinned out to what a map of settlements needs, with the point where each name is written.
const world = JSON.parse(text("world-atlas/countries-50m.json"));
delete world.objects.land;
const NEWER = { Macedonia: "North Macedonia" };
const names = world.objects.countries.geometries.map((geometry) => {
  const rings = flat(feature(world, geometry).geometry).map((polygon) => middle(polygon[0]));
  const largest = rings.reduce((a, b) => (b.area > a.area ? b : a));
  return [NEWER[geometry.properties.name] ?? geometry.properties.name, round(largest.lat, 1), round(largest.lon, 1), round(Math.sqrt(largest.area), 1)];
});
for (const geometry of world.objects.countries.geometries) {
  delete geometry.properties;
  delete geometry.id;
}
const SMALLEST = 0.012; // square degrees: points whose triangle with their neighbours is smaller go, islands as small go too
let thin = simplify(presimplify(world, planarTriangleArea), SMALLEST);
thin = filter(thin, filterWeight(thin, SMALLEST, planarRingArea));
thin = quantize({ ...thin, transform: undefined }, 20_000);
delete thin.bbox;
writeFileSync(join(out, "world.json"), `${JSON.stringify({ ...thin, names })}\n`);

writeFileSync(join(out, "map-licences.txt"), [
  "What the map of the desk is made with.",
  "Map data: Natural Earth (1:50m countries), public domain. Made with Natural Earth.",
  `Leaflet ${version("leaflet")}\n\n${text("leaflet/LICENSE").trim()}`,
  `topojson-client ${version("topojson-client")}\n\n${text("topojson-client/LICENSE").trim()}`,
].join("\n\n----\n\n") + "\n");

/** Area in square degrees (at the equator's scale) and centroid of a ring. */
function middle(ring) {
  let [area, x, y] = [0, 0, 0];
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const cross = ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
    area += cross / 2;
    x += (ring[i][0] + ring[i + 1][0]) * cross;
    y += (ring[i][1] + ring[i + 1][1]) * cross;
  }
  const [lon, lat] = area === 0 ? ring[0] : [x / (6 * area), y / (6 * area)];
  return { area: Math.abs(area) * Math.cos((lat * Math.PI) / 180), lon, lat };
}

function round(number, digits) {
  return Number(number.toFixed(digits));
}

function version(name) {
  return JSON.parse(readFileSync(join(here, "node_modules", name, "package.json"), "utf8")).version;
}
