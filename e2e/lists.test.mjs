// Lists: what came in since one looked, search as one types, outlets, exports, the codebook.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { LOOKS, closeBrowser, dateline, demoCase, go, open, serve, sound } from "./support.mjs";

let dir;
let desk;
before(async () => {
  dir = demoCase();
  desk = await serve(dir);
});
after(async () => {
  desk?.close();
  await closeBrowser();
});

const PAGES = ["/", "/search", "/search?q=soldier&source=sample&from=2024-12", "/sources", "/sources/Sample%20Wire", "/export", "/help#type-ASSAULT", "/about"];

for (const look of LOOKS) {
  test(`lists are sound (${look.name})`, async () => {
    const page = await open(desk.address, { viewport: look.viewport, colorScheme: look.colorScheme });
    for (const path of PAGES) {
      assert.equal(await go(page, path), 200, path);
      await sound(page, `${path} (${look.name})`);
    }
  });
}

test("results follow the keys, and the focus stays in the box", async () => {
  const page = await open(desk.address);
  await go(page, "/search");
  await page.getByLabel("Words and fields").focus();
  await page.keyboard.type("soldier", { delay: 20 });
  const count = page.locator("#count");
  await page.waitForFunction(() => /\d report/.test(document.getElementById("count").textContent));
  const all = Number.parseInt(await count.innerText(), 10);
  assert.ok((await page.locator("#results mark").count()) > 0, "no word is marked");
  assert.match(page.url(), /\/search\?q=soldier$/);
  await page.keyboard.type(" source:wire", { delay: 20 });
  await page.waitForFunction((all) => Number.parseInt(document.getElementById("count").textContent, 10) < all, all);
  assert.equal(await page.locator("#results > ol > li").count(), 1);
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  assert.equal(await count.getAttribute("role"), "status");
  // What is wrong is named where the results were, and typing on brings them back.
  await page.keyboard.type(" from:soon", { delay: 20 });
  await page.locator("#results [role=alert]").waitFor();
  assert.match(await page.locator("#results [role=alert]").innerText(), /from: `soon` is no date/);
  for (const _ of "soon") await page.keyboard.press("Backspace");
  await page.keyboard.type("2024-12", { delay: 20 });
  await page.locator("#results > ol > li").waitFor();
  assert.equal(await page.inputValue("#q"), "soldier source:wire from:2024-12");
  await sound(page, "search as one types");
  // The address holds what was asked.
  await page.reload();
  assert.equal(await page.locator("#results > ol > li").count(), 1);
  // On to a result by keys alone.
  await page.locator("#results a").first().focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/reports/r*");
});

test("a late answer does not overwrite a newer one", async () => {
  const page = await open(desk.address);
  await go(page, "/search");
  let held = 0;
  await page.route("**/search?q=soldier&live=true", async (route) => {
    held += 1;
    await new Promise((done) => setTimeout(done, 1_500));
    await route.continue().catch(() => {});
  });
  await page.getByLabel("Words and fields").focus();
  await page.keyboard.type("soldier");
  await page.waitForTimeout(400);
  await page.keyboard.type(" xylophone");
  await page.waitForFunction(() => document.getElementById("count").textContent.includes("No report"));
  await page.waitForTimeout(1_600);
  assert.equal(held, 1);
  assert.match(await page.locator("#count").innerText(), /No report/);
  assert.match(page.url(), /xylophone/);
});

test("without scripts search asks and answers by its form", async () => {
  const page = await open(desk.address, { javaScriptEnabled: false });
  await go(page, "/search");
  await page.getByText("Fields", { exact: true }).click();
  await page.getByLabel("Outlet").fill("wire");
  await page.getByLabel("Words and fields").fill("soldier");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/search?*source=wire*");
  assert.equal(await page.locator("#results > ol > li").count(), 1);
});

test("what is new stays new until one says that one has seen it, by keys alone", async () => {
  const page = await open(desk.address);
  await new Promise((done) => setTimeout(done, 1_100));
  await go(page, "/");
  const seen = page.getByRole("button", { name: "I have seen these" });
  await seen.focus();
  await page.keyboard.press("Enter");
  await page.getByText("0 new reports").waitFor();
  const text = "Rebels shelled the market of Sumy on Monday and killed nine people, the mayor said.";
  dateline(["add", "-", "--case", dir], { input: JSON.stringify({ text, title: "Shells on a market", source: "Sample Wire", published: "2025-02-03" }) });
  // A page that is made in the second in which something changed does not count that as seen.
  await new Promise((done) => setTimeout(done, 1_100));
  for (const _ of [1, 2]) {
    await page.reload();
    assert.match(await page.locator(".total").innerText(), /1 new report and [1-9]\d* new or changed event/);
    assert.equal(await page.locator(".incoming section").first().locator(".fresh").count(), 1);
  }
  await sound(page, "incoming with news");
  await seen.focus();
  await page.keyboard.press("Space");
  await page.getByText("0 new reports").waitFor();
  assert.equal(await page.locator(".fresh").count(), 0);
});

test("an outlet is described by keys alone", async () => {
  const page = await open(desk.address);
  await go(page, "/sources");
  await page.getByRole("link", { name: "Sample Gazette" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/sources/Sample%20Gazette");
  await page.getByLabel("Reliability").focus();
  await page.keyboard.press("b");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Sample Press");
  await page.getByRole("button", { name: "Keep" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("B – usually reliable").first().waitFor();
  assert.match(await page.locator("dl").first().innerText(), /Sample Press/);
});

test("events are exported from their list", async () => {
  const page = await open(desk.address);
  await go(page, "/events?type=ASSAULT");
  await page.getByRole("link", { name: "Export these" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/export?type=ASSAULT");
  await page.getByRole("radio").first().focus();
  await page.keyboard.press("ArrowDown");
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).focus();
  await page.keyboard.press("Enter");
  const download = await coming;
  assert.equal(download.suggestedFilename(), "events-jsonl.zip");
  const bytes = readFileSync(await download.path());
  assert.equal(bytes.subarray(0, 2).toString(), "PK");
  assert.ok(bytes.includes("events.jsonl.manifest.json"), "no manifest in the archive");
});

test("a code leads to what it means", async () => {
  const page = await open(desk.address);
  await go(page, "/events");
  await page.locator("a.code").first().click();
  await page.waitForURL("**/help#type-*");
  assert.equal(await page.evaluate(() => document.querySelector(":target")?.tagName), "DT");
});
