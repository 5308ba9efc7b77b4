// Each page: it answers, is sound at both widths in both colours, and can be walked by keys.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LOOKS, closeBrowser, demoCase, go, open, serve, sound } from "./support.mjs";

let desk;
before(async () => {
  desk = await serve(demoCase());
});
after(async () => {
  desk?.close();
  await closeBrowser();
});

const PAGES = ["/", "/events", "/events?all=true&disputed=true", "/events/e6", "/reports/r8", "/search?q=soldier", "/sources", "/decisions", "/help"];

for (const look of LOOKS) {
  test(`every page is sound (${look.name})`, async () => {
    const page = await open(desk.address, { viewport: look.viewport, colorScheme: look.colorScheme });
    for (const path of PAGES) {
      assert.equal(await go(page, path), 200, path);
      await sound(page, `${path} (${look.name})`);
    }
  });
}

test("a list is walked and opened by keys alone", async () => {
  const page = await open(desk.address);
  await go(page, "/events");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  const first = await page.locator("ol.events > li").first().locator("a").first().getAttribute("href");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**${first}`);
  await page.keyboard.press("/");
  await page.keyboard.type("doctor");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/search?q=doctor*");
  assert.match(await page.locator("[role=status]").first().innerText(), /report/);
});

test("without scripts every page still works", async () => {
  const page = await open(desk.address, { javaScriptEnabled: false });
  for (const path of PAGES) assert.equal(await go(page, path), 200, path);
  await go(page, "/events");
  await page.getByLabel("Order").selectOption("reports");
  await page.getByRole("button", { name: "Show" }).click();
  assert.match(page.url(), /sort=reports/);
});
