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

/** @type {{ stop: AbortController, first: boolean } | null} The question under way. */
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

/** Put one line of an answer where it belongs; what stands there already is left. @param {any} line */
export function apply(line) {
  const puts = "put" in line ? { [line.put]: line.html } : (line.puts ?? {});
  for (const [id, html] of Object.entries(puts)) {
    const place = document.getElementById(id);
    if (!place) continue;
    place.classList.remove("stale");
    if (standing.get(id) === html && place.hasChildNodes()) continue;
    place.innerHTML = html;
    standing.set(id, html);
  }
  if ("say" in line) say(line.say);
  else document.dispatchEvent(new CustomEvent("detente:put"));
}

/** Ask for the answers at the present address; first answers always finish, the rest gives way. */
export async function ask() {
  relink();
  mark("stale");
  if (asked && !asked.first) {
    newer = true;
    return;
  }
  asked?.stop.abort();
  const own = { stop: new AbortController(), first: false };
  asked = own;
  newer = false;
  try {
    const query = new URLSearchParams(location.search);
    query.set("tab", tab);
    for await (const line of read(`/stream/${view}?${query}`, own.stop.signal)) {
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
  enter(`${location.pathname}?${spelled(query)}`, step);
  ask();
}

/** The other views are at the same setting. */
function relink() {
  const query = [...new URLSearchParams(location.search)].filter(([key]) => place(key) >= 0);
  for (const link of document.querySelectorAll("nav.views a, #refused a, .presets a")) {
    if (link instanceof HTMLAnchorElement) link.search = `?${spelled(new URLSearchParams(query))}`;
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
