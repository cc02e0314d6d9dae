// @ts-check
/** One step of the reader is one entry of the browser's history: undo, redo, and the last again. */

/** @typedef {{ run: string, place: number }} Step */

const LOOK = 1200; // milliseconds in which a change that was taken back can be looked at

/** @returns {Step} */
const here = () => history.state ?? last;
/** @type {Step} */
let last = history.state ?? { run: String(crypto.getRandomValues(new Uint32Array(1))[0]), place: 0 };
if (!history.state) history.replaceState(last, "");

/** Where undo and redo are heading: a browser that is under way takes no second order. */
let aim = last.place;
let going = false;

const top = () => Number(sessionStorage.getItem(`detente.${here().run}`) ?? 0);

/** Go to an address. @param {string} address @param {boolean} step Whether undo takes it back. */
export function enter(address, step) {
  last = { run: here().run, place: here().place + (step ? 1 : 0) };
  if (step) {
    history.pushState(last, "", address);
    sessionStorage.setItem(`detente.${last.run}`, String(last.place));
  } else {
    history.replaceState(last, "", address);
  }
  [aim, going] = [last.place, false];
  paint();
}

/** @param {number} place */
function head(place) {
  if (place < 0 || place > top()) return;
  aim = place;
  if (going || aim === here().place) return;
  going = true;
  history.go(aim - here().place);
}

export const undo = () => head(aim - 1);
export const redo = () => head(aim + 1);

/** Take the last change back, and make it again when the answers before it were to be seen. */
export function replay() {
  const { run, place } = here();
  if (place < 1) return;
  document.body.dataset.replay = "";
  const again = () => {
    stop();
    setTimeout(() => {
      delete document.body.dataset.replay;
      if (here().run === run && here().place === place - 1) redo();
    }, LOOK);
  };
  const stop = () => ["done", "failed"].forEach((state) => document.removeEventListener(`detente:${state}`, again));
  ["done", "failed"].forEach((state) => document.addEventListener(`detente:${state}`, again));
  undo();
}

/** Allow what can be done. */
export function paint() {
  const can = { undo: here().place > 0, redo: here().place < top(), replay: here().place > 0 };
  for (const [name, possible] of Object.entries(can)) {
    const button = document.querySelector(`button[data-do="${name}"]`);
    if (button instanceof HTMLButtonElement) button.disabled = !possible;
  }
}

addEventListener("popstate", () => {
  if (history.state) last = history.state;
  else history.replaceState(last, "");
  if (!going) aim = here().place;
  going = aim !== here().place;
  if (going) history.go(aim - here().place);
  paint();
});
document.addEventListener("keydown", (event) => {
  const at = event.target;
  const text = at instanceof HTMLTextAreaElement || (at instanceof HTMLElement && at.isContentEditable) || (at instanceof HTMLInputElement && !["range", "checkbox", "radio", "button"].includes(at.type));
  if (text || event.altKey || !(event.ctrlKey || event.metaKey)) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  if (key === "y" || event.shiftKey) redo();
  else undo();
});
paint();
