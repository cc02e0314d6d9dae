// @ts-check
/** The page's one loop: the setting is the address; answers come as lines and are put in place. */
import { place, spelled } from "./address.js";
import { bind, follow } from "./controls.js";
import { read } from "./lines.js";
import { enter } from "./steps.js";
import { offerStop } from "./stop.js";
import "./visited.js";
import "./watch.js";

// Not randomUUID, which browsers have only for this machine and for https.
const tab = [...crypto.getRandomValues(new Uint32Array(4))].join("-");
const view = document.body.dataset.view ?? "";

/** @type {{ stop: AbortController, first: boolean, lines: AsyncGenerator<any> } | null} The question under way. */
let asked = null;
let newer = false;
/** Whether a question that the solver died of is asked again: once. */
let again = true;

/** @param {"stale" | "first" | "done" | "failed"} state */
function mark(state) {
  document.body.dataset.state = state;
  document.dispatchEvent(new CustomEvent(`detente:${state}`));
}

/** @param {string} words */
function say(words) {
  const status = document.getElementById("status");
  if (status) status.textContent = words;
}

/** @type {Promise<unknown>} */
let held = Promise.resolve();

/** Let the page be done no sooner than something that a view's own script is at. @param {Promise<unknown>} work */
export function hold(work) {
  held = work;
}

/** What was put last, by id, as it was written: the browser writes markup its own way. */
const standing = new Map();

/** @param {Element} details */
const summary = (details) => details.querySelector("summary")?.textContent;

/** Put one line of an answer where it belongs; what stands there already is left, and what was opened stays open. @param {any} line */
export function apply(line) {
  const puts = "put" in line ? { [line.put]: line.html } : (line.puts ?? {});
  for (const [id, html] of Object.entries(puts)) {
    const place = document.getElementById(id);
    if (!place) continue;
    place.classList.remove("stale");
    if (standing.get(id) === html && place.hasChildNodes()) continue;
    const left = new Map([...place.querySelectorAll("details")].map((one) => [summary(one), one.open]));
    place.innerHTML = html;
    for (const one of left.size ? place.querySelectorAll("details") : []) one.open = left.get(summary(one)) ?? one.open;
    standing.set(id, html);
  }
  if ("say" in line) say(line.say);
  else document.dispatchEvent(new CustomEvent("detente:put"));
}

/** Send the question of an address. @param {string} search */
function send(search) {
  asked?.stop.abort();
  const query = new URLSearchParams(search);
  query.set("tab", tab);
  const stop = new AbortController();
  asked = { stop, first: false, lines: read(`/stream/${view}?${query}`, stop.signal) };
  return asked;
}

/**
 * Ask for the answers at the present address; first answers always finish, the rest gives way.
 * @param {string} [search] Of the address that `go` goes to; the question is sent before.
 * @param {() => void} [go]
 */
export async function ask(search = location.search, go = () => {}) {
  newer = asked !== null && !asked.first;
  const own = newer ? null : send(search);
  go();
  relink();
  mark("stale");
  if (!own) return;
  try {
    for await (const line of own.lines) {
      apply(line);
      if (line.first) {
        own.first = true;
        mark("first");
        if (newer) break;
      }
      if (line.end === "done") {
        again = true;
        for (let work; work !== held; ) await (work = held);
        if (asked === own) mark("done");
      }
      if (line.end === "died" && again) {
        again = false;
        newer = true;
      } else if (line.error) {
        say(line.error);
        mark("failed");
      }
    }
  } catch (error) {
    if (!own.stop.signal.aborted) {
      say("No answer came.");
      mark("failed");
    }
  }
  if (asked === own) asked = null;
  if (newer) ask();
}

/** Stop what is being worked on, for good. */
function halt() {
  asked?.stop.abort();
  newer = false;
  say("Stopped; what is grey was not answered. Move anything to ask again.");
  mark("failed");
  const headers = { "Content-Type": "application/json" };
  fetch("/stop", { method: "POST", headers, body: JSON.stringify({ tab }) }).catch(() => {});
}

/**
 * Change the setting, and so the address.
 * @param {(query: URLSearchParams) => void} change
 * @param {boolean} step Whether Back should undo it.
 */
export function move(change, step = true) {
  const query = new URLSearchParams(location.search);
  change(query);
  const words = spelled(query);
  ask(words, () => enter(`${location.pathname}?${words}`, step));
}

/** The other views are at the same setting. */
function relink() {
  const query = [...new URLSearchParams(location.search)].filter(([key]) => place(key) >= 0);
  const words = `?${spelled(new URLSearchParams(query))}`;
  for (const link of document.querySelectorAll("nav.views a, #refused a, .presets a")) {
    if (link instanceof HTMLAnchorElement) link.search = words;
  }
}

addEventListener("popstate", () => {
  follow(new URLSearchParams(location.search));
  ask();
});

document.addEventListener("detente:back", () => {
  if (document.body.dataset.state !== "done") ask();
});
offerStop(halt);
bind(move);
ask();
