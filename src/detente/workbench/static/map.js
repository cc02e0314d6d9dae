// @ts-check
/** Walking the map without loading the page again, and playing a sample path along it. */

import "./view_form.js";

const main = /** @type {HTMLElement} */ (document.getElementById("view"));
const button = /** @type {HTMLButtonElement} */ (document.getElementById("play"));
const PACE = 900; // milliseconds a step

main.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const address = link?.getAttribute("href") ?? "";
  if (!address.startsWith("/map?")) return;
  event.preventDefault();
  history.pushState(null, "", address);
  document.getElementById("map-moves")?.focus({ preventScroll: true }); // the link goes with the old map
  dispatchEvent(new PopStateEvent("popstate"));
});

/** @param {Element | null} step */
function light(step) {
  for (const old of main.querySelectorAll(".playing")) old.classList.remove("playing");
  if (!(step instanceof HTMLElement)) return;
  step.classList.add("playing");
  step.scrollIntoView({ block: "nearest" });
  main.querySelector(`.levels [data-cell="${step.dataset.cell}"]`)?.classList.add("playing");
}

let timer = 0;

function stop() {
  clearInterval(timer);
  timer = 0;
  light(null);
  button.textContent = "Play";
}

button.addEventListener("click", () => {
  if (timer) return stop();
  let step = main.querySelector(".path li");
  if (!step) return undefined;
  button.textContent = "Stop";
  light(step);
  timer = setInterval(() => {
    step = step?.nextElementSibling ?? null;
    if (step) light(step);
    else stop();
  }, PACE);
  return undefined;
});
document.addEventListener("detente:stale", stop);
button.hidden = false;
