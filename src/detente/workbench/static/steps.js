// @ts-check
/** Undo and redo: the settings that this tab went through with a case, whichever view they were in. */
import { moves, place, spelled } from "./address.js";
import { list, setting } from "./visited.js";

const LOOK = 1200; // milliseconds in which a change that was taken back can be looked at
const MOST = 500;

const key = `detente-steps.${document.body.dataset.case}`;

let step = 0;

/** Where the page stands among the settings; one that came otherwise, as by a link, is a step too. */
function settle() {
  const [settings, now] = [list(key), setting()];
  const last = Number(sessionStorage.getItem(`${key}.at`) ?? -1);
  const found = [history.state?.step, last].find((one) => settings[one] === now);
  if (found === undefined) write([...settings.slice(0, last + 1), now]);
  stand(found ?? list(key).length - 1);
}

/** @param {string[]} settings */
const write = (settings) => sessionStorage.setItem(key, JSON.stringify(settings.length > MOST ? settings.slice(-1) : settings));

/** @param {number} at @param {string} address @param {boolean} leaves */
function stand(at, address = "", leaves = false) {
  step = at;
  sessionStorage.setItem(`${key}.at`, String(step));
  if (leaves) history.pushState({ step }, "", address);
  else history.replaceState({ step }, "", address);
  paint();
}

/** Go to an address. @param {string} address @param {boolean} leaves Whether Back comes back from it. */
export function enter(address, leaves) {
  const [before, now] = [setting(), setting(new URL(address, location.href).search)];
  if (now !== before) write([...list(key).slice(0, leaves ? step + 1 : step), now]);
  stand(now === before ? step : list(key).length - 1, address, leaves);
}

/** Go to a step at the present view, as Back would. @param {number} to */
function head(to) {
  const settings = list(key);
  if (to < 0 || to >= settings.length) return;
  const query = new URLSearchParams(settings[to]);
  for (const [name, value] of new URLSearchParams(location.search)) if (place(name) < 0 || name === "at") query.append(name, value);
  history.pushState({ step: to }, "", `${location.pathname}?${spelled(query)}`);
  dispatchEvent(new PopStateEvent("popstate"));
}

export const undo = () => head(step - 1);
export const redo = () => head(step + 1);

/** Take the last change back, and make it again when the answers before it were to be seen. */
export function replay() {
  const before = step - 1;
  if (before < 0) return;
  document.body.dataset.replay = "";
  const again = () => {
    stop();
    setTimeout(() => {
      delete document.body.dataset.replay;
      if (step === before) redo();
    }, LOOK);
  };
  const seen = ["first", "done", "failed"];
  const stop = () => seen.forEach((state) => document.removeEventListener(`detente:${state}`, again));
  seen.forEach((state) => document.addEventListener(`detente:${state}`, again));
  undo();
}

/** Allow what can be done. */
export function paint() {
  const focus = document.activeElement;
  const can = { undo: step > 0, redo: step < list(key).length - 1, replay: step > 0 };
  for (const [name, possible] of Object.entries(can)) {
    const button = document.querySelector(`button[data-do="${name}"]`);
    if (button instanceof HTMLButtonElement) button.disabled = !possible;
  }
  const reset = document.querySelector('button[data-do="reset"]');
  if (reset instanceof HTMLButtonElement) reset.disabled = ![...new URLSearchParams(location.search).keys()].some(moves);
  if (focus instanceof HTMLButtonElement && focus.disabled) {
    const other = focus.parentElement?.querySelector("button:enabled");
    /** @type {HTMLElement | null} */ (other ?? document.getElementById("view"))?.focus();
  }
}

addEventListener("popstate", settle);
addEventListener("pageshow", settle);
document.addEventListener("keydown", (event) => {
  const at = event.target;
  const text = at instanceof HTMLTextAreaElement || (at instanceof HTMLElement && at.isContentEditable) || (at instanceof HTMLInputElement && !["range", "checkbox", "radio", "button"].includes(at.type));
  if (text || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  const pressed = event.key.toLowerCase();
  if (pressed !== "z" && pressed !== "y") return;
  event.preventDefault();
  if (pressed === "y" || event.shiftKey) redo();
  else undo();
});
settle();
