// The review queue by keys alone, the same without scripts, and blind double coding.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LOOKS, caseOf, closeBrowser, dateline, demoCase, folder, go, open, serve, sound } from "./support.mjs";

// Invented. The text begins with characters beyond the first plane, so that places in code points and in UTF-16 differ.
const REPORTS = [
  {
    text: "🚁🚁 Drones struck a depot in Kursk on Thursday, the army said. Officials met on 20 December in Moscow to talk about aid.",
    title: "Drones strike depot",
    source: "Sample Wire",
    published: "2024-12-27",
  },
  {
    text: "Police arrested three protesters in Minsk on 3 March 2024, the ministry said.",
    title: "Arrests in Minsk",
    source: "Sample Post",
    published: "2024-03-05",
  },
  {
    text: "Rebels attacked a convoy near Goma on Monday, killing five soldiers, a spokesman said.",
    title: "Convoy attacked",
    source: "Sample Times",
    published: "2024-05-07",
  },
];

const desks = [];
const start = async (dir, ...rest) => {
  const desk = await serve(dir, ...rest);
  desks.push(desk);
  return desk;
};
after(async () => {
  for (const desk of desks) desk.close();
  await closeBrowser();
});

/** Decisions of a case as programs get them, oldest first. */
const decisions = async (desk) => (await (await fetch(`${desk.address}/api/v1/decisions`)).json()).rows;
const here = (page) => page.locator(".about .code").first().innerText();
const said = (page) => page.locator("#said");
/** Presses keys that lead to another page. */
const decide = async (page, ...keys) => {
  for (const key of keys.slice(0, -1)) await page.keyboard.press(key);
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.keyboard.press(keys.at(-1))]);
};

for (const look of LOOKS) {
  test(`the pages are sound (${look.name})`, async () => {
    const desk = await start(demoCase());
    const page = await open(desk.address, { viewport: look.viewport, colorScheme: look.colorScheme });
    for (const path of [
      "/review",
      "/review?sort=reports&field=date",
      "/review?sort=reports&field=date&words=the",
      "/review?field=place&words=nowhere+at+all",
      "/review?text=nothingofthekind",
      "/coding",
    ]) {
      assert.equal(await go(page, path), 200, path);
      await page.waitForTimeout(200);
      await sound(page, `${path} (${look.name})`);
    }
  });
}

test("the whole review by keys alone", async () => {
  const desk = await start(caseOf(REPORTS));
  const page = await open(desk.address);
  await go(page, "/events");
  await page.getByRole("link", { name: "Review these" }).focus();
  await decide(page, "Enter");
  const first = await here(page);
  const before = Number.parseInt(await page.locator(".left").innerText(), 10);
  assert.ok(before >= 3, `${before} events to review`);

  // Next and previous, without deciding.
  await decide(page, "j");
  const second = await here(page);
  assert.notEqual(second, first);
  await decide(page, "k");
  assert.equal(await here(page), first);

  // A note: keys do nothing while it is written, and Enter keeps it.
  await page.keyboard.press("n");
  await page.keyboard.type("ask again, a r j u");
  await decide(page, "Enter");
  await page.waitForFunction(() => document.getElementById("said").textContent.includes("note ask again, a r j u"));
  assert.equal(await here(page), first, "a note does not end with an event");

  // A grade.
  await decide(page, "g", "2");
  await page.waitForFunction(() => document.getElementById("said").textContent.includes("grade 2"));
  assert.equal(await page.locator(".grade strong").innerText(), "2");
  assert.equal(await here(page), first);

  // A reason that is written before goes with the next decision.
  await page.keyboard.press("n");
  await page.keyboard.type("seen the film");
  await page.keyboard.press("Escape");
  await decide(page, "a");
  assert.notEqual(await here(page), first, "the next event comes at once");
  assert.equal(Number.parseInt(await page.locator(".left").innerText(), 10), before - 1);

  const last = (await decisions(desk)).at(-1);
  assert.deepEqual([last.what, last.why, last.on.event], ["accept", "seen the film", Number(first.slice(1))]);

  // Rejected, and taken back: its event is shown again.
  const rejected = await here(page);
  await decide(page, "r");
  assert.notEqual(await here(page), rejected);
  await decide(page, "u");
  assert.equal(await here(page), rejected);
  await page.waitForFunction(() => document.getElementById("said").textContent.includes("undo"));
  const undone = (await decisions(desk)).find((row) => row.what.startsWith("reject"));
  assert.ok(undone.undone_by > 0, JSON.stringify(undone));
  assert.deepEqual(page.errors, []);
});

test("a date is corrected by choosing words with keys, in code points", async () => {
  const desk = await start(caseOf(REPORTS));
  const page = await open(desk.address);
  await go(page, "/review?place=Kursk");
  const event = await here(page);
  await decide(page, "e", "3");
  // From the first word of the text to "20 December".
  await page.keyboard.press("Home");
  const target = await page.evaluate(() => [...[...document.querySelectorAll("#words [data-start]")].map((piece) => piece.textContent).join("").matchAll(/[\p{L}\p{N}\p{M}'’-]+|\S/gu)].map((word) => word[0]).indexOf("20"));
  assert.ok(target > 5, `${target}`);
  for (let nth = 0; nth < target; nth += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowRight");
  assert.match(await said(page).innerText(), /“20 December”/);
  await decide(page, "Enter");
  // The words give the date by the report's day of publication; the value has the focus.
  assert.equal(await page.locator("#value").inputValue(), "2024-12-20");
  await decide(page, "Enter");
  await page.waitForFunction(() => document.getElementById("said").textContent.includes("set date = 2024-12-20"));
  assert.equal(await here(page), event);
  const kept = (await decisions(desk)).at(-1);
  const text = [...REPORTS[0].text];
  const at = text.join("").slice(0, REPORTS[0].text.indexOf("20 December"));
  const place = [...at].length;
  assert.equal(kept.what, `set date = 2024-12-20, from “20 December” in r1 (${place}–${place + 11})`);
  assert.match(await page.locator(".about .facts").first().innerText(), /2024-12-20/);

  // Shift and arrows choose as well; Escape leaves.
  await decide(page, "e", "4");
  await page.keyboard.press("Home");
  await page.keyboard.press("Shift+ArrowRight");
  assert.match(await said(page).innerText(), /Chosen/);
  await page.keyboard.press("Escape");
  await decide(page, "Escape");
  assert.equal(await page.locator("#choose").count(), 0);

  // With the mouse.
  await decide(page, "e", "4");
  await Promise.all([page.waitForNavigation(), page.locator("#words [data-start]", { hasText: "Moscow" }).first().evaluate((piece) => {
    const from = piece.firstChild.data.indexOf("Moscow");
    getSelection().setBaseAndExtent(piece.firstChild, from + 1, piece.firstChild, from + 5);
    piece.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
  })]);
  assert.deepEqual([await page.locator("#value").inputValue(), await page.locator("#country").inputValue()], ["Moscow", "RUS"]);
  assert.deepEqual(page.errors, []);
});

test("events are joined and parted by keys, and both can be taken back", async () => {
  const desk = await start(demoCase());
  const page = await open(desk.address);
  await go(page, "/review?sort=reports");
  const event = await here(page);
  const count = async () => Number(/(\d+) reports?/.exec(await page.locator(".about .facts").first().innerText())[1]);
  const reports = await count();
  assert.ok(reports > 2, `${reports}`);
  // Reports of the event.
  const shown = await page.locator("#words").getAttribute("data-report");
  await decide(page, "]");
  assert.notEqual(await page.locator("#words").getAttribute("data-report"), shown);
  await decide(page, "[");
  assert.equal(await page.locator("#words").getAttribute("data-report"), shown);
  // Parted: two of its reports.
  await decide(page, "s", "2", "3", "Enter");
  assert.ok((await count()) < reports);
  await decide(page, "u");
  assert.equal(await count(), reports, "parting was taken back");
  // Joined with the first that is offered.
  const other = await page.locator("[data-group=m] [data-digit='1']").getAttribute("value");
  await decide(page, "m", "1");
  assert.equal(await here(page), event);
  assert.equal((await page.request.get(`/events/${other.split("-")[1]}`)).status(), 404);
  await decide(page, "u");
  assert.equal((await page.request.get(`/events/${other.split("-")[1]}`)).status(), 200);
  const kinds = (await decisions(desk)).map((row) => row.what.split(" ")[0]).filter((kind) => kind !== "renamed");
  assert.deepEqual(kinds, ["split", "undo", "merge", "undo"]);
});

test("single-letter keys can be switched off", async () => {
  const desk = await start(demoCase());
  const page = await open(desk.address);
  await go(page, "/review");
  const event = await here(page);
  await page.keyboard.press("?");
  await page.getByRole("button", { name: "Switch single-letter keys off" }).focus();
  await page.keyboard.press("Enter");
  assert.match(await said(page).innerText(), /keys are off/);
  for (const key of ["a", "j", "r"]) await page.keyboard.press(key);
  await page.waitForTimeout(300);
  assert.equal(await here(page), event);
  assert.deepEqual(await decisions(desk), []);
  await page.getByRole("button", { name: "Switch single-letter keys on" }).press("Enter");
  await decide(page, "j");
  assert.notEqual(await here(page), event);
});

test("without scripts events are accepted, corrected by typed words, and skipped", async () => {
  const desk = await start(caseOf(REPORTS));
  const page = await open(desk.address, { javaScriptEnabled: false });
  await go(page, "/review?place=Kursk");
  await page.locator("summary", { hasText: "Correct a field" }).click();
  await page.getByRole("link", { name: "date" }).click();
  await page.getByLabel("Words, as they stand in the text").fill("21 December");
  await page.getByRole("button", { name: "Find them" }).click();
  assert.match(await page.getByRole("alert").innerText(), /“21 December” does not stand in the text/);
  await page.getByLabel("Words, as they stand in the text").fill("20  December");
  await page.getByRole("button", { name: "Find them" }).click();
  assert.equal(await page.locator("#value").inputValue(), "2024-12-20");
  await page.getByRole("button", { name: "Correct", exact: true }).click();
  assert.match(await said(page).innerText(), /set date = 2024-12-20, from “20 December” in r1/);
  await page.getByRole("button", { name: "Accept" }).click();
  assert.match(await said(page).innerText(), /Kept: accept/);
  await go(page, "/review");
  const event = await here(page);
  await page.getByRole("link", { name: "Next, without deciding" }).click();
  assert.notEqual(await here(page), event);
});

test("two coders code blind, then see both", async () => {
  const dir = caseOf(REPORTS);
  const passwords = { Ann: "correct horse battery", Ben: "staple battery horse", Eve: "another long password" };
  const roles = { Ann: "coder", Ben: "coder", Eve: "editor" };
  for (const [name, password] of Object.entries(passwords)) {
    dateline(["users", "add", name, "--role", roles[name]], { input: `${password}\n`, cwd: dir });
  }
  const desk = await start(dir, ["--users"]);
  const come = async (name) => {
    const page = await open(desk.address);
    await go(page, "/login?to=/coding");
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("Password", { exact: true }).fill(passwords[name]);
    await page.keyboard.press("Enter");
    await page.waitForURL("**/coding");
    return page;
  };
  const [eve, ann, ben] = [await come("Eve"), await come("Ann"), await come("Ben")];
  await eve.getByLabel("Report", { exact: true }).fill("r3");
  await eve.getByLabel("Coder 1").fill("Ann");
  await eve.getByLabel("Coder 2").fill("Ben");
  await eve.getByRole("button", { name: "Ask them" }).click();

  const code = async (page, place) => {
    await go(page, "/coding/r3");
    assert.equal(await page.locator("#words .mark, .words .mark").count(), 0, "the machine's reading is not shown");
    await page.getByLabel("Type").selectOption("ASSAULT");
    await page.getByLabel("Where").fill(place);
    await page.getByLabel("Killed, at least").fill("5");
    await page.getByRole("button", { name: "Hand it in" }).click();
  };
  await code(ann, "a place that only Ann writes");
  // Neither the other coder, nor an editor, nor Ann herself sees it by now.
  await go(ben, "/coding/r3");
  for (const page of [ann, ben, eve]) {
    for (const path of ["/coding", "/coding/r3", "/decisions", "/reports/r3", "/events?all=true"]) {
      await go(page, path);
      assert.doesNotMatch(await page.content(), /only Ann writes/, path);
    }
  }
  assert.doesNotMatch(await (await ben.request.get("/api/v1/decisions")).text(), /only Ann writes/);
  await code(ben, "Goma");
  for (const page of [ann, ben, eve]) {
    await go(page, "/coding/r3");
    const table = await page.locator("table").innerText();
    assert.match(table, /only Ann writes/);
    assert.match(table, /Goma/);
    assert.match(table, /the machine/);
    await sound(page, "comparison");
  }
  await go(eve, "/coding");
  assert.match(await eve.locator("table").innerText(), /place\s+nominal\s+0\.000\s+1\s+1/);
  await sound(eve, "agreement");
});
