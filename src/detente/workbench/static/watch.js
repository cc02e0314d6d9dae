// @ts-check
/**
 * Whether the server is there, and whether the file of the case is still the one that is seen.
 *
 * Asked every second while somebody looks. A file that changed loads the page again at the same
 * address, so at the same setting; a view that has something to lose listens to `detente:changed`
 * and calls `preventDefault()`. After the server has been away, `detente:back`.
 */

const EVERY = 1000;
const PATIENCE = 5000;
const NEWS = "detente:news";
const CHANGED = "The case file was changed by another program; this is the case as it is now.";
const GONE = "The server does not answer. Start it again; this page then goes on by itself.";
const ANOTHER = "The server was started again. Open the address that it printed in this browser; this page then goes on by itself.";
const BACK = "The server is back.";

const place = document.getElementById("server");
const name = document.body.dataset.case ?? "";
let stamp = document.body.dataset.stamp ?? "";
let gone = false;
let busy = "";

/** @param {string} words */
function tell(words) {
  if (place && place.textContent !== words) place.textContent = words;
}

/** The case is another one now: what the address was written for no longer counts. */
export function reload() {
  const query = new URLSearchParams(location.search);
  query.delete("at");
  sessionStorage.setItem(NEWS, CHANGED);
  history.replaceState(history.state, "", `${location.pathname}?${query}`);
  location.reload();
}

/** @param {{ stamp: string, say: string }} found */
function take(found) {
  if (gone) {
    gone = false;
    tell(`${BACK} ${found.say}`.trim());
    document.dispatchEvent(new Event("detente:back"));
  } else if (found.say !== busy) {
    tell(found.say);
  }
  busy = found.say;
  if (found.stamp === stamp) return;
  stamp = found.stamp;
  const changed = new CustomEvent("detente:changed", { cancelable: true });
  if (document.dispatchEvent(changed)) reload();
}

/** @param {string} words */
function lose(words) {
  gone = true;
  tell(words);
}

async function look() {
  if (document.visibilityState !== "visible") return;
  const query = new URLSearchParams({ case: name });
  try {
    const answer = await fetch(`/pulse?${query}`, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) take(await answer.json());
    else lose(answer.status === 403 ? ANOTHER : GONE);
  } catch {
    lose(GONE);
  }
}

let looking = false;
async function watch() {
  if (looking) return;
  looking = true;
  await look();
  looking = false;
}

tell(sessionStorage.getItem(NEWS) ?? "");
sessionStorage.removeItem(NEWS);
// News of the file are old as soon as somebody goes on with it.
document.addEventListener("input", () => place?.textContent === CHANGED && tell(busy), { capture: true });
setInterval(watch, EVERY);
document.addEventListener("visibilitychange", watch);
watch();
