// Coming in, what each role sees, tokens, bringing reports in.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LOOKS, closeBrowser, dateline, demoCase, go, open, serve, sound } from "./support.mjs";

const PASSWORD = "a long password";
let desk;

before(async () => {
  const dir = demoCase();
  for (const role of ["admin", "editor", "coder", "reader"]) {
    dateline(["users", "add", role, "--role", role, "--case", dir], { input: `${PASSWORD}\n` });
  }
  desk = await serve(dir, ["--users"]);
});
after(async () => {
  desk?.close();
  await closeBrowser();
});

/** Comes in by keys alone, from the page that was asked for. */
async function comeIn(page, name, path = "/") {
  await go(page, path);
  await page.getByLabel("Name").focus();
  await page.keyboard.type(name);
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.pathname !== "/login");
}

for (const look of LOOKS) {
  test(`the way in, accounts and uploads are sound (${look.name})`, async () => {
    const page = await open(desk.address, { viewport: look.viewport, colorScheme: look.colorScheme });
    await go(page, "/events");
    assert.match(page.url(), /\/login\?to=/);
    await sound(page, `the way in (${look.name})`);
    await comeIn(page, "admin", "/events");
    assert.match(page.url(), /\/events$/, "one is led to where one wanted to go");
    for (const path of ["/events", "/account", "/accounts", "/add"]) {
      assert.equal(await go(page, path), 200, path);
      await sound(page, `${path} (${look.name})`);
    }
  });
}

test("a wrong password says so, and how the page was asked for stays", async () => {
  const page = await open(desk.address);
  await go(page, "/sources");
  await page.getByLabel("Name").fill("reader");
  await page.getByLabel("Password").fill("guessed password");
  await page.getByRole("button", { name: "Come in" }).click();
  assert.match(await page.getByRole("alert").innerText(), /name or password is wrong/);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Come in" }).click();
  await page.waitForURL("**/sources");
});

test("an admin lets somebody in, who then leaves", async () => {
  const admin = await open(desk.address);
  await comeIn(admin, "admin");
  await go(admin, "/accounts");
  const form = admin.locator("form[action='/accounts']");
  await form.getByLabel("Name").fill("Zoë");
  await form.getByLabel("Role").selectOption("coder");
  await form.getByLabel("Password").fill(PASSWORD);
  await form.getByRole("button", { name: "Make it" }).click();
  assert.match(await admin.locator("tbody").innerText(), /Zoë/);
  const zoe = await open(desk.address);
  await comeIn(zoe, "Zoë");
  await zoe.getByRole("button", { name: "Leave" }).click();
  await zoe.waitForURL("**/login");
  await go(zoe, "/events");
  assert.match(zoe.url(), /\/login/, "who left is out");
});

test("a coder brings a report in; a reader can't", async () => {
  const coder = await open(desk.address);
  await comeIn(coder, "coder", "/add");
  await coder.getByLabel("Or the words of one report").fill("Shelling killed four people in Sumy on Friday, the mayor said.");
  await coder.getByLabel("Outlet").fill("Typed Wire");
  await coder.getByLabel("Published").fill("2024-12-28");
  await coder.getByRole("button", { name: "Bring in" }).click();
  assert.match(await coder.getByRole("status").innerText(), /1 new report/);
  await coder.getByLabel("Files").setInputFiles({
    name: "<img src=x>.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("Troops <script>alert(1)</script> shelled the town of Sumy on Saturday, the governor said."),
  });
  await coder.getByRole("button", { name: "Bring in" }).click();
  assert.match(await coder.getByRole("status").innerText(), /1 new report/);
  await coder.locator("main ol a").first().click();
  assert.match(await coder.getByRole("article", { name: "The text" }).innerText(), /<script>alert\(1\)<\/script>/, "hostile text shows as text");
  await sound(coder, "a report with hostile text");
  const reader = await open(desk.address);
  await comeIn(reader, "reader");
  assert.equal(await go(reader, "/add"), 403);
});

test("a token opens the API, and ends when it is ended", async () => {
  const page = await open(desk.address);
  await comeIn(page, "coder", "/account");
  await page.getByLabel("What it is for").fill("nightly");
  await page.getByLabel(/review/).check();
  await page.getByRole("button", { name: "Make a token" }).click();
  const token = await page.locator("code.hash").innerText();
  const ask = (path, options = {}) =>
    fetch(`${desk.address}/api/v1${path}`, { ...options, headers: { authorization: `Bearer ${token}`, "content-type": "application/json" } });
  assert.equal((await ask("/case")).status, 200);
  const decided = await ask("/events/e6/decisions", { method: "POST", body: JSON.stringify({ kind: "accept", why: "seen" }) });
  assert.equal(decided.status, 201);
  assert.equal((await ask("/reports/r8/names", { method: "POST", body: JSON.stringify({ why: "x" }) })).status, 403);
  await go(page, "/events/e6");
  assert.match(await page.locator("#decisions ~ ol, .history").first().innerText(), /accept by coder/);
  await go(page, "/account");
  await page.getByRole("button", { name: /End it/ }).click();
  assert.equal((await ask("/case")).status, 401);
});
