// What is shown, by its address: fetched as the same page, whose parts replace those shown.

/** Parts of the page that change with what is asked for. */
const PARTS = ["asked", "bars", "tabs", "exported", "result", "places"];
let running;

export function params() {
  return new URLSearchParams(location.search);
}

/** The address with these values; `null` takes one away. */
export function address(changes) {
  const now = params();
  now.delete("after");
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) now.delete(name);
    else now.set(name, value);
  }
  const asked = now.toString().replaceAll("%2C", ",");
  return asked ? `/events?${asked}` : "/events";
}

/** Keeps a value in the address without a step in the history. */
export function note(changes) {
  history.replaceState(null, "", address(changes));
  for (const [name, value] of Object.entries(changes)) {
    const field = document.querySelector(`form.filters input[name=${name}]`);
    if (field) field.value = value ?? "";
  }
}

export function say(problem) {
  if (problem?.name === "AbortError") return;
  document.getElementById("total").textContent = `This could not be fetched: ${problem?.message ?? problem}`;
}

/** Shows what an address asks for, and makes it the page's. What was asked for before and is still under way is given up. */
export async function show(to, step = true) {
  running?.abort();
  const mine = (running = new AbortController());
  if (step && to !== location.href) history.pushState(null, "", to);
  document.documentElement.classList.add("fetching");
  try {
    const answer = await fetch(to, { signal: mine.signal, headers: { accept: "text/html" } });
    if (answer.redirected) {
      // The session has ended.
      location.reload();
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok) throw new Error(page.querySelector("[role=alert]")?.textContent ?? `status ${answer.status}`);
    const held = document.activeElement;
    const at = held?.closest?.("#bars, #result, #places, #tabs")?.id;
    const named = held?.getAttribute?.("aria-label");
    for (const id of PARTS) {
      const [now, next] = [document.getElementById(id), page.getElementById(id)];
      if (now && next) now.replaceWith(document.importNode(next, true));
    }
    const total = page.getElementById("total")?.textContent ?? "";
    document.getElementById("total").textContent = total;
    for (const name of ["from", "to"]) {
      const field = document.getElementById(name);
      if (field) field.value = page.getElementById(name)?.value ?? "";
    }
    document.dispatchEvent(new CustomEvent("dateline:shown"));
    // Whoever was in a part that was replaced stays in it.
    if (at && !held.isConnected) {
      const part = document.getElementById(at);
      const same = named && [...part.querySelectorAll("a[aria-label]")].find((link) => link.getAttribute("aria-label") === named);
      (same ?? part.querySelector("a, [tabindex]"))?.focus({ preventScroll: true });
    }
  } catch (problem) {
    say(problem);
  } finally {
    if (running === mine) document.documentElement.classList.remove("fetching");
  }
}
