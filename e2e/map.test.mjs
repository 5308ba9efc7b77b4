// Events over time and on the map: brushing, circles, the way back, and the same without scripts.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LOOKS, caseOf, closeBrowser, demoCase, go, open, serve, sound } from "./support.mjs";

// Attacks in four towns over three months, each told of by an outlet of its own.
const REPORTS = [
  ["2024-10-04", "Kharkiv", "Ukraine"],
  ["2024-10-09", "Sumy", "Ukraine"],
  ["2024-11-06", "Kharkiv", "Ukraine"],
  ["2024-11-20", "Odesa", "Ukraine"],
  ["2024-12-04", "Kharkiv", "Ukraine"],
  ["2024-12-18", "Kursk", "Russia"],
].map(([day, town, country], i) => ({
  source: `Wire ${i}`,
  url: `https://wire${i}.example/${day}`,
  title: `Shelling in ${town}`,
  published: `${day}T18:00:00Z`,
  text: `Shelling killed ${i + 2} people in ${town}, ${country}, on ${weekday(day)}, the mayor said.`,
}));

function weekday(day) {
  return new Date(`${day}T12:00:00Z`).toLocaleDateString("en-GB", { weekday: "long", timeZone: "UTC" });
}

let desk;
let demo;
before(async () => {
  desk = await serve(caseOf(REPORTS));
  demo = await serve(demoCase());
});
after(async () => {
  desk?.close();
  demo?.close();
  await closeBrowser();
});

const asked = (page, name) => new URL(page.url()).searchParams.get(name);
const rows = (page) => page.locator("#result ol.events > li").count();
/** What the circles of the map count, together. */
const circled = (page) => page.locator("#map .circle").evaluateAll((all) => all.reduce((sum, one) => sum + Number(one.textContent), 0));

/** How many of the events that are asked for have a place that is known. */
async function placed(page) {
  const asked = new URL(page.url()).searchParams;
  for (const name of ["view", "sort", "at"]) asked.delete(name);
  return (await (await page.request.get(`/api/v1/events/overview?${asked}`)).json()).placed;
}

async function until(what, holds) {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > end) assert.fail(`never: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Draws over the timeline from one part of its width to another. */
async function brush(page, from, to) {
  const area = await page.locator("#bars .chart").boundingBox();
  const y = area.y + 40;
  await page.mouse.move(area.x + area.width * from, y);
  await page.mouse.down();
  for (let step = 1; step <= 8; step += 1) await page.mouse.move(area.x + area.width * (from + ((to - from) * step) / 8), y);
  await page.mouse.up();
}

for (const look of LOOKS) {
  test(`list and map are sound (${look.name})`, async () => {
    for (const [name, { address }] of [["attacks", desk], ["demo", demo]]) {
      const page = await open(address, { viewport: look.viewport, colorScheme: look.colorScheme });
      for (const path of ["/events?from=2024-11", "/events?view=map", "/events?view=map&from=2024-11&closer=time"]) {
        assert.equal(await go(page, path), 200, path);
        if (path.includes("map")) await page.locator("#map .land").first().waitFor({ state: "attached" });
        if (path.includes("map")) await page.locator("#map .circle").first().waitFor();
        if (path.includes("map")) await page.locator("details.asked > summary").click();
        await page.locator("details.several").first().locator("summary").click();
        await sound(page, `${name} ${path} (${look.name})`);
      }
    }
  });
}

test("a brush drawn by mouse narrows address, list and map, and Back takes it away", async () => {
  const page = await open(desk.address);
  await go(page, "/events?view=map&sort=reports");
  const all = await rows(page);
  const everywhere = await placed(page);
  assert.ok(everywhere > 1, "events have places");
  await until("all that have a place on the map", async () => (await circled(page)) === everywhere);
  const sizes = await page.locator("#map .circle").evaluateAll((all) => all.map((one) => Math.min(one.offsetWidth, one.offsetHeight)));
  assert.ok(sizes.every((size) => size >= 24), `circles are large enough to hit: ${sizes}`);
  await page.evaluate(() => (globalThis.same = true));
  await brush(page, 0.6, 0.999);
  await page.waitForURL(/from=.*to=/);
  assert.equal(asked(page, "sort"), "reports", "what was asked for stays");
  await until("fewer events in the list", async () => (await rows(page)) < all);
  const some = await rows(page);
  assert.ok(some > 0);
  const there = await placed(page);
  assert.ok(there < everywhere, "fewer places");
  await until("the map shows what the list shows", async () => (await circled(page)) === there);
  assert.match(await page.locator("#total").innerText(), new RegExp(`^${some} events?$`));
  assert.equal(await page.locator("#from").inputValue(), asked(page, "from"), "the form says what is shown");
  assert.equal(await page.locator("#bars .brush").count(), 1, "the brush is seen");
  await page.goBack();
  await until("Back shows all events again", async () => (await rows(page)) === all && (await circled(page)) === everywhere);
  assert.equal(asked(page, "from"), null);
  await page.goForward();
  await until("Forward narrows again", async () => (await rows(page)) === some);
  assert.match(await page.locator("#asked").textContent(), /--from /, "what is asked for is said where the form is folded away");
  await page.keyboard.press("Escape");
  await until("Escape takes the brush away", async () => asked(page, "from") === null && (await rows(page)) === all);
  assert.ok(await page.evaluate(() => globalThis.same), "the page was never loaded anew");
  assert.deepEqual([page.foreign, page.errors], [[], []]);
});

test("a brush drawn by a finger narrows the list", async () => {
  const page = await open(desk.address, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await go(page, "/events");
  const all = await rows(page);
  await page.locator("#bars .chart").scrollIntoViewIfNeeded();
  const area = await page.locator("#bars .chart").boundingBox();
  const finger = await page.context().newCDPSession(page);
  const touch = (type, part) =>
    finger.send("Input.dispatchTouchEvent", { type, touchPoints: part === undefined ? [] : [{ x: area.x + area.width * part, y: area.y + 40 }] });
  await touch("touchStart", 0.6);
  for (const part of [0.65, 0.7, 0.8, 0.9, 0.99]) await touch("touchMove", part);
  await touch("touchEnd");
  await page.waitForURL(/from=.*to=/);
  await until("fewer events in the list", async () => (await rows(page)) < all && (await rows(page)) > 0);
  assert.deepEqual(page.errors, []);
});

test("the list is narrowed by keys alone, and what is chosen is said", async () => {
  const page = await open(desk.address);
  await go(page, "/events");
  const all = await rows(page);
  await page.getByRole("slider", { name: "First" }).focus();
  const before = await page.getByRole("slider", { name: "First" }).getAttribute("aria-valuetext");
  // To the last bar, and back one.
  await page.keyboard.press("End");
  await page.waitForURL(/from=/);
  await until("the list follows", async () => (await rows(page)) < all && (await rows(page)) > 0);
  assert.match(await page.locator(".brushing [role=status]").innerText(), /: \d+ events?$/);
  assert.notEqual(await page.getByRole("slider", { name: "First" }).getAttribute("aria-valuetext"), before);
  assert.equal(await page.evaluate(() => document.activeElement.type), "range", "the slider keeps the keys");
  await page.keyboard.press("Home");
  await until("the whole time is shown again", async () => (await rows(page)) === all);
  // The bars themselves: arrows walk, Enter opens.
  await page.locator("#bars a[tabindex='0']").focus();
  await page.keyboard.press("ArrowRight");
  const bar = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  await page.keyboard.press("Enter");
  await page.waitForURL(/from=.*to=/);
  await until("as many as the bar says", async () => (await rows(page)) === Number.parseInt(bar, 10));
  assert.deepEqual(page.errors, []);
});

test("circles are opened by keys: a place shows its events, several places are zoomed into", async () => {
  const page = await open(desk.address);
  await go(page, "/events?view=map&at=50,35,7");
  const kharkiv = page.getByRole("button", { name: /^Kharkiv: / });
  await kharkiv.focus();
  const count = Number((await kharkiv.getAttribute("aria-label")).match(/: (\d+) event/)[1]);
  await page.keyboard.press("Enter");
  await page.waitForURL(/here=Kharkiv/);
  await until("its events stand beside the map", async () => (await rows(page)) === count);
  assert.match(await page.locator("#panel").innerText(), /Kharkiv/);
  await page.goBack();
  await until("Back shows all again", async () => (await rows(page)) > count);
  await go(page, "/events?view=map&at=49,33,2");
  const several = page.getByRole("button", { name: /events at \d+ places, zoom in/ }).first();
  await several.focus();
  await page.keyboard.press("Enter");
  await until("the map is closer", async () => Number((asked(page, "at") ?? "").split(",")[2]) > 2);
  await until("who pressed the circle is still on the map", () => page.evaluate(() => document.activeElement.closest("#map") !== null));
  // Where the map is stands in the address.
  const at = asked(page, "at");
  await page.reload();
  await page.locator("#map .circle").first().waitFor();
  assert.equal(asked(page, "at"), at);
  assert.deepEqual([page.foreign, page.errors], [[], []]);
});

test("the map is moved by keys and mouse, no closer than settlements", async () => {
  const page = await open(desk.address);
  await go(page, "/events?view=map&at=50,35,8");
  await page.locator("#map").focus();
  await page.keyboard.press("ArrowLeft");
  await until("it moves west", async () => Number((asked(page, "at") ?? "50,35").split(",")[1]) < 35);
  await page.keyboard.press("+");
  await until("it is closer", async () => asked(page, "at").endsWith(",9"));
  assert.match(await page.locator("#map .leaflet-control-zoom-in").getAttribute("class"), /leaflet-disabled/);
});

test("without scripts bars, tabs and the table of places work", async () => {
  const page = await open(desk.address, { javaScriptEnabled: false });
  await go(page, "/events?sort=reports");
  const all = await rows(page);
  const bar = page.locator("#bars a").first();
  const said = Number.parseInt(await bar.getAttribute("aria-label"), 10);
  await bar.click();
  assert.equal(await rows(page), said);
  await page.getByRole("link", { name: "Whole time" }).click();
  assert.equal(await rows(page), all);
  await page.locator("#tabs").getByRole("link", { name: "Map" }).click();
  assert.equal(asked(page, "sort"), "reports");
  await page.locator("table.places th a").first().click();
  assert.ok((await rows(page)) > 0 && asked(page, "place"));
});
