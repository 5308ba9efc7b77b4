// The page of an event and the page of a report: what an editor needs who must decide whether to print; by eye, by keys alone, without scripts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { LOOKS, caseOf, closeBrowser, demoCase, go, open, serve, sound } from "./support.mjs";

let desk;
before(async () => {
  desk = await serve(demoCase());
});
after(async () => {
  desk?.close();
  await closeBrowser();
});

/** Whether an element stands within what the window shows. */
const inView = (locator) =>
  locator.evaluate((element) => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight;
  });

for (const look of LOOKS) {
  test(`event, report and comparison are sound (${look.name})`, async () => {
    const page = await open(desk.address, { viewport: look.viewport, colorScheme: look.colorScheme });
    for (const path of ["/events/e6", "/events/e1", "/events/e10", "/reports/r8", "/reports/r4#why-c1", "/reports/r5?compare=r7"]) {
      assert.equal(await go(page, path), 200, path);
      await sound(page, `${path} (${look.name})`);
    }
  });
}

test("an event says what happened, how sure that is, and how the news travelled", async () => {
  const page = await open(desk.address);
  await go(page, "/events/e6");
  assert.match(await page.locator(".certainty").innerText(), /^Reported as certain by 2 sources .*; denied by 1 source/);
  const rows = page.locator("table.sides tbody tr");
  assert.equal(await rows.count(), 3);
  const denies = page.getByRole("row", { name: /Sample State Bulletin/ });
  assert.match(await denies.innerText(), /did not happen/);
  const drawing = page.getByRole("img", { name: "How the news travelled" });
  assert.equal(await drawing.locator("path.way.copy").count(), 3);
  assert.ok((await drawing.locator("path.way.citation").count()) >= 2);
  assert.match(await page.locator("ul.legend").innerText(), /cites as its source/);
  await page.locator("ol.reports").getByRole("link", { name: /see how r5 differs/ }).click();
  await page.waitForURL("**/reports/r5?compare=r4#copies");
  assert.match(await page.locator(".difference ins").last().innerText(), /Sign up for our newsletter/);
});

test("on a phone each source is a card, whose fields bear their names", async () => {
  const page = await open(desk.address, LOOKS[1]);
  await go(page, "/events/e6");
  const card = page.locator("table.sides tbody tr").first();
  assert.equal(await card.locator("td").nth(2).evaluate((cell) => getComputedStyle(cell).display), "block");
  assert.ok(await card.getByText("When", { exact: true }).isVisible());
});

test("a report is walked mark by mark with keys alone, and the page stays where it is", async () => {
  const page = await open(desk.address);
  await go(page, "/reports/r4");
  const shown = page.locator(".note:visible");
  assert.equal(await shown.count(), 0);
  await page.keyboard.press("n");
  assert.equal(await shown.count(), 1);
  const first = await shown.getAttribute("id");
  assert.equal(await page.evaluate(() => document.activeElement.id), first, "the note has the focus");
  assert.equal(await page.evaluate(() => window.scrollY), 0, "the page does not jump");
  await page.keyboard.press("n");
  const second = await shown.getAttribute("id");
  assert.notEqual(second, first);
  assert.ok(await inView(page.locator(".read.here")), "the mark is in view");
  await page.keyboard.press("p");
  assert.equal(await shown.getAttribute("id"), first);
  await page.keyboard.press("Escape");
  assert.equal(await shown.count(), 0);
  assert.equal(await page.evaluate(() => `why-${document.activeElement.id}`), first, "back at the mark");
  // From a mark that has the focus, Enter opens its note.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await shown.count(), 1);
  // All marks can be come to, and the walk ends at the last.
  const marks = await page.locator(".reading article a.read[id]").count();
  for (let nth = 0; nth < marks + 2; nth += 1) await page.keyboard.press("n");
  const last = await page.locator(".reading article a.read[id]").last().getAttribute("id");
  assert.equal(await shown.getAttribute("id"), `why-${last}`);
});

test("a click on a mark shows the reading of it and why", async () => {
  const page = await open(desk.address);
  await go(page, "/reports/r8");
  await page.locator(".reading article a.mark", { hasText: "captured" }).click();
  const note = page.locator(".note:visible");
  for (const said of ["ASSAULT", "abduct", "certain (CT+)", "capture-combatant", "December 26"]) {
    assert.ok((await note.innerText()).includes(said), `${said} in ${await note.innerText()}`);
  }
  await page.locator(".reading article a.place").first().click();
  assert.match(await page.locator(".note:visible").innerText(), /GeoNames/);
  await page.locator(".note:visible").getByRole("link", { name: "in the text" }).click();
  assert.equal(await page.locator(".note:visible").count(), 0);
});

test("without scripts a mark opens its note, and the note leads on and back", async () => {
  for (const look of LOOKS) {
    const page = await open(desk.address, { ...look, javaScriptEnabled: false });
    await go(page, "/reports/r8");
    await page.locator(".reading article a.mark", { hasText: "captured" }).click();
    const note = page.locator(".note:visible");
    assert.equal(await note.count(), 1, look.name);
    assert.ok(await inView(note), look.name);
    await note.getByRole("link", { name: "next" }).click();
    assert.equal(await page.locator(".note:visible").count(), 1, look.name);
    await page.locator(".note:visible").getByRole("link", { name: "in the text" }).click();
    assert.equal(await page.locator(".note:visible").count(), 0, look.name);
  }
});

test("the original is downloaded only with a reason, which is kept", async () => {
  const page = await open(desk.address);
  await go(page, "/reports/r8");
  const form = page.locator('form[action$="/original"]');
  await form.getByRole("textbox").fill("to check the byline");
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  assert.equal(download.suggestedFilename(), "r8.original");
  assert.match(readFileSync(await download.path(), "utf8"), /radio\.example/);
  await go(page, "/reports/r8");
  assert.match(await page.getByRole("region", { name: "Who was shown names or the original" }).innerText(), /to check the byline/);
});

test("what was taken back is struck through and can be read", async () => {
  const page = await open(desk.address);
  await go(page, "/events/e1");
  await page.getByLabel("Remark").fill("ask the ministry");
  await page.getByRole("button", { name: "Keep" }).click();
  await page.waitForURL("**/events/e1#decisions");
  await page.getByRole("button", { name: /Take back/ }).click();
  await go(page, "/events/e1");
  assert.equal(await page.locator(".history del").innerText(), "note ask the ministry");
  assert.match(await page.locator(".history").innerText(), /taken back .* by Sample Editor/);
});

test("an event of two hundred reports is drawn as far as it can be read, and says what is left out", async () => {
  const reports = Array.from({ length: 200 }, (_, nth) => ({
    text: `The army shelled Sumy on Friday, killing three people, the mayor of Sumy said. Report ${"abcdefghij"[nth % 10]}${nth} of outlet ${nth % 40}.`,
    source: `Invented Outlet ${nth % 40}`,
    published: `2024-12-${String(27 + (nth % 3)).padStart(2, "0")}`,
  }));
  const many = await serve(caseOf(reports));
  try {
    for (const look of LOOKS) {
      const page = await open(many.address, look);
      await go(page, "/events/e1");
      await sound(page, `two hundred reports (${look.name})`);
      assert.match(await page.locator("section", { has: page.locator("#reports") }).innerText(), /And \d+ more that are not drawn/);
    }
  } finally {
    many.close();
  }
});
