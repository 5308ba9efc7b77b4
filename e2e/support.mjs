// What the tests of the desk share: a case of invented reports, the built binary that serves it, a browser, and a look for faults that keep
// people out.
//
// DATELINE_BIN names the binary (else target/debug/dateline), CHROMIUM the browser, DATELINE_CACHE where the language model is kept.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { chromium } from "playwright-core";

const BIN = resolve(process.env.DATELINE_BIN ?? join(import.meta.dirname, "..", "target", "debug", "dateline"));
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The browser of this machine. */
function browserPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of NAMES) if (existsSync(join(folder, name))) return join(folder, name);
  }
  throw new Error("no Chromium on this machine: install it, or name it in CHROMIUM");
}

/** A folder that is removed when the test file ends. */
export function folder() {
  const made = mkdtempSync(join(tmpdir(), "dateline-e2e-"));
  process.on("exit", () => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Runs the binary to its end and gives what it says. */
export function dateline(args, options = {}) {
  const env = { ...process.env, DATELINE_USER: "tester", ...options.env };
  delete env.DATELINE_CASE;
  return execFileSync(BIN, args, { encoding: "utf8", stdio: ["pipe", "pipe", "pipe"], ...options, env });
}

/** A copy of the demo case: a dozen invented reports of one capture. It is made once for all test files of a run, if the caller gives a place. */
export function demoCase() {
  const kept = process.env.DATELINE_E2E_DEMO ?? join(folder(), "demo");
  if (!existsSync(join(kept, "case.db"))) {
    mkdirSync(resolve(kept, ".."), { recursive: true });
    dateline(["demo", kept]);
  }
  const copy = join(folder(), "case");
  cpSync(kept, copy, { recursive: true });
  return copy;
}

/** An empty case with these reports (objects as `dateline add` takes them) in it. */
export function caseOf(reports, name = "Sample") {
  const dir = join(folder(), "case");
  dateline(["init", dir, "--name", name]);
  dateline(["add", "-", "--case", dir], { input: reports.map((report) => JSON.stringify(report)).join("\n") });
  return dir;
}

/** Serves a case on a free port of the loopback address; `close` ends it. */
export async function serve(dir, args = [], by = "Sample Editor") {
  const process_ = spawn(BIN, ["serve", "--case", dir, "--listen", "127.0.0.1:0", "--by", by, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  process_.stderr.on("data", (data) => (said += data));
  const address = await new Promise((done, failed) => {
    let line = "";
    process_.stdout.on("data", (data) => {
      line += data;
      if (line.includes("\n")) done(line.trim().replace(/\/$/, ""));
    });
    process_.on("exit", (code) => failed(new Error(`dateline serve ended with ${code}: ${said}`)));
  });
  return { address, process: process_, close: () => process_.kill("SIGKILL") };
}

let browser;

/** A page in a browser of its own session. `options` are those of Playwright's newContext. Requests to other hosts and errors on the console are kept in
 * `page.foreign` and `page.errors`. */
export async function open(address, options = {}) {
  browser ??= await chromium.launch({
    executablePath: browserPath(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--disable-component-update", "--no-first-run"],
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, baseURL: address, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.foreign = [];
  page.errors = [];
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(`${address}/`) && !url.startsWith("data:") && !url.startsWith("blob:")) page.foreign.push(url);
  });
  page.on("console", (message) => message.type() === "error" && page.errors.push(message.text()));
  page.on("pageerror", (error) => page.errors.push(String(error)));
  return page;
}

/** Closes the browser; each test file calls it in `after`. */
export async function closeBrowser() {
  await browser?.close();
  browser = undefined;
}

/** The widths and colours in which pages are looked at. */
export const LOOKS = [
  { name: "wide, light", viewport: { width: 1280, height: 900 }, colorScheme: "light" },
  { name: "phone, dark", viewport: { width: 390, height: 844 }, colorScheme: "dark" },
];

/** Fails when the page that is shown has a fault that axe-core finds, is wider than the screen, asks another host or complains. */
export async function sound(page, what) {
  // The page's own policy forbids scripts from elsewhere; the checker comes in through the debugger.
  await page.evaluate(AXE);
  const found = await page.evaluate(() => globalThis.axe.run());
  const faults = found.violations.map((fault) => `${fault.impact} ${fault.id}: ${fault.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
  assert.deepEqual(faults, [], `${what}: faults that keep people out`);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(beyond, 0, `${what}: the page is ${beyond} px wider than the screen`);
  assert.deepEqual(page.foreign, [], `${what}: requests to other hosts`);
  assert.deepEqual(page.errors, [], `${what}: errors on the console`);
}

/** Goes to an address and gives the answer's status. */
export async function go(page, path) {
  const answer = await page.goto(path);
  return answer.status();
}
