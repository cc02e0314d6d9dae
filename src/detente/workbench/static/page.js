// @ts-check
/** The page's one loop: the setting is the address; answers come as lines and are put in place. */
import { bind, follow } from "./controls.js";
import { read } from "./lines.js";
import "./visited.js";

const tab = crypto.randomUUID();
const view = document.body.dataset.view ?? "";

/** @type {{ stop: AbortController, first: boolean } | null} The question under way. */
let asked = null;
let newer = false;

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

/** Put one line of an answer where it belongs. @param {any} line */
export function apply(line) {
  if ("put" in line) {
    const place = document.getElementById(line.put);
    if (place && place.innerHTML !== line.html) place.innerHTML = line.html;
  }
  if ("say" in line) say(line.say);
}

/** Ask for the answers at the present address; first answers always finish, the rest gives way. */
export async function ask() {
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
      if (line.end === "done") mark("done");
      if (line.error) {
        say(line.error);
        mark("failed");
      }
    }
  } catch (error) {
    if (!own.stop.signal.aborted) {
      say("The server does not answer. Start it again, then move anything.");
      mark("failed");
    }
  }
  if (asked === own) asked = null;
  if (newer) ask();
}

/**
 * Change the setting, and so the address.
 * @param {(query: URLSearchParams) => void} change
 * @param {boolean} step Whether Back should undo it.
 */
export function move(change, step = true) {
  const query = new URLSearchParams(location.search);
  change(query);
  const address = `${location.pathname}?${query}`;
  if (step) history.pushState(null, "", address);
  else history.replaceState(null, "", address);
  for (const link of document.querySelectorAll("nav.views a")) {
    if (link instanceof HTMLAnchorElement) link.search = `?${query}`;
  }
  ask();
}

addEventListener("popstate", () => {
  follow(new URLSearchParams(location.search));
  ask();
});

bind(move);
ask();
