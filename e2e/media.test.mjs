// Pictures in a browser: the wall, a picture's page, veils; by eye, by keys alone, without scripts. The case is that of the sample channels.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { LOOKS, closeBrowser, dateline, folder, go, open, serve, sound } from "./support.mjs";

const EXAMPLES = join(import.meta.dirname, "..", "examples", "pictures");

let desk;
before(async () => {
  const dir = join(folder(), "case");
  dateline(["init", dir, "--name", "Sample pictures"]);
  dateline(["add", EXAMPLES, "--case", dir]);
  desk = await serve(dir);
});
after(async () => {
  desk?.close();
  await closeBrowser();
});

/** Opens the wall and leads to the page of the cluster with these words. */
async function picture(page, words) {
  await go(page, "/media");
  await page.locator("article.cluster", { hasText: words }).locator("a.thumb").first().click();
  await page.waitForURL("**/media/*");
}

/** How many pixels a picture has, as it came. */
const size = (locator) => locator.evaluate(async (image) => (await image.decode(), [image.naturalWidth, image.naturalHeight]));

for (const look of LOOKS) {
  test(`the wall, pictures and their reports are sound (${look.name})`, async () => {
    const page = await open(desk.address, { viewport: look.viewport, colorScheme: look.colorScheme });
    assert.equal(await go(page, "/media"), 200);
    await sound(page, `/media (${look.name})`);
    const thumbs = await page.locator("a.thumb").evaluateAll((all) => all.map((one) => one.getAttribute("href")));
    assert.equal(thumbs.length, 5);
    for (const path of [...thumbs, "/reports/r6", "/media?seen=several"]) {
      assert.equal(await go(page, path), 200, path);
      await sound(page, `${path} (${look.name})`);
    }
  });
}

test("what is alike stands together, and an old picture is told from a new event", async () => {
  const page = await open(desk.address);
  await go(page, "/media");
  assert.equal(await page.locator("article.cluster").count(), 3);
  const bridge = page.locator("article.cluster", { hasText: "shelled a bridge" });
  assert.match(await bridge.innerText(), /2 files, seen twice by 2 outlets/);
  assert.match(await bridge.locator(".warning").first().innerText(), /older than what r6 \(Steppe Watch\) tells of: first seen 2022-05-03/);
  await bridge.locator("a.thumb").last().click();
  await page.waitForURL("**/media/*");
  const seen = page.locator("ol.sightings > li");
  assert.match(await seen.first().innerText(), /2022-05-03 08:12\s+first seen\s+Sample Front/);
  assert.match(await seen.last().innerText(), /Steppe Watch/);
  const drawing = page.getByRole("img", { name: "How the picture travelled" });
  assert.equal(await drawing.locator("path.glyph.altered").count(), 1);
  assert.match(await page.getByRole("table").innerText(), /Chernihiv/);
});

test("a veiled picture is a few pixels, until somebody says why it is to be seen", async () => {
  const page = await open(desk.address, { javaScriptEnabled: true });
  await picture(page, "captured a North Korean soldier");
  const image = page.locator("figure.picture img");
  const [width, height] = await size(image);
  assert.ok(width <= 8 && height <= 8, `${width} × ${height} pixels of a veiled picture came to the browser`);
  assert.match(await page.getByRole("note").first().innerText(), /Veiled: it may show persons in captivity \(r\d/);
  // By keys alone.
  await page.getByLabel("It is to be seen by everybody here, because").focus();
  await page.keyboard.type("papers only, no face");
  await page.keyboard.press("Enter");
  await page.getByText("Shown since").waitFor();
  assert.ok((await size(image))[0] > 400, "the picture itself");
  assert.match(await page.getByRole("note").first().innerText(), /by Sample Editor: papers only, no face/);
  await sound(page, "a picture whose veil was lifted");
  await page.getByRole("button", { name: "Veil it again" }).click();
  await page.waitForURL("**/decisions");
  await picture(page, "captured a North Korean soldier");
  assert.ok((await size(image))[0] <= 8, "veiled again");
});

test("a picture is looked for without being kept, and without scripts", async () => {
  const page = await open(desk.address, { javaScriptEnabled: false });
  await go(page, "/media");
  await page.getByLabel(/Where was a picture seen/).setInputFiles(join(EXAMPLES, "echo", "photos", "near-the-village.jpg"));
  await page.getByRole("button", { name: "Find it" }).click();
  await page.getByRole("heading", { name: "Where a picture was seen" }).waitFor();
  assert.match(await page.locator("ol.sightings > li").first().innerText(), /first seen\s+Sample Front/);
  assert.match(await page.locator("ol.sightings > li").last().innerText(), /same file/);
});
