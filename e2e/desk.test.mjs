// Each page: it answers, is sound at both widths in both colours, and can be walked by keys.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LOOKS, closeBrowser, dateline, demoCase, go, open, serve, sound } from "./support.mjs";

let desk;
let dir;
before(async () => {
  dir = demoCase();
  desk = await serve(dir);
});
after(async () => {
  desk?.close();
  await closeBrowser();
});

const PAGES = ["/", "/events", "/events?all=true&disputed=true", "/events/e6", "/reports/r8", "/search?q=soldier", "/sources", "/decisions", "/export", "/help", "/about", "/add", "/account"];

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

test("what comes in while one looks is said", async () => {
  const page = await open(desk.address);
  const listening = page.waitForResponse((answer) => answer.url().endsWith("/api/v1/news"));
  await go(page, "/");
  await listening;
  const text = "Troops shelled the harbour of Odesa on Sunday, the governor said.";
  dateline(["add", "-", "--case", dir], { input: JSON.stringify({ text, source: "Late Wire", published: "2024-12-29" }) });
  await page.getByText("1 more report has come in").waitFor();
  await page.getByRole("link", { name: /load again/ }).click();
  await page.getByRole("heading", { name: /Troops shelled the harbour/ }).waitFor();
});
