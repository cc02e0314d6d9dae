// @ts-check
/** One claim a screen: keys, buttons, and the address follow each other. */

const slides = [...document.querySelectorAll(".slide")].map((slide) => /** @type {HTMLElement} */ (slide));
const leave = /** @type {HTMLAnchorElement | null} */ (document.querySelector("[data-go=leave]"));
const place = document.getElementById("show-place");

const present = () => Math.max(0, slides.findIndex((slide) => "current" in slide.dataset));

/** @param {number} at @param {boolean} [write] Whether the address is to follow. */
function turn(at, write = true) {
  const next = slides[Math.min(Math.max(at, 0), slides.length - 1)];
  if (!next) return;
  for (const slide of slides) delete slide.dataset.current;
  next.dataset.current = "";
  if (place) place.textContent = `${slides.indexOf(next) + 1} of ${slides.length}`;
  if (!write) return;
  const query = new URLSearchParams(location.search);
  query.set("claim", next.dataset.claim ?? "");
  history.replaceState(null, "", `${location.pathname}?${query}`);
}

/** @type {Record<string, () => void>} */
const actions = {
  first: () => turn(0),
  back: () => turn(present() - 1),
  next: () => turn(present() + 1),
  last: () => turn(slides.length - 1),
  screen: () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  },
  leave: () => {
    if (!leave) return;
    leave.search = location.search;
    location.assign(leave.href);
  },
};
/** @type {Record<string, string>} */
const keys = {
  ArrowRight: "next", ArrowDown: "next", PageDown: "next", ArrowLeft: "back", ArrowUp: "back",
  PageUp: "back", Home: "first", End: "last", Escape: "leave",
};

document.addEventListener("keydown", (event) => {
  const inside = event.target instanceof Element && event.target.closest("input, select, textarea, details[open]");
  const action = keys[event.key];
  if (!action || inside || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  actions[action]?.();
});
document.querySelector(".show-bar")?.addEventListener("click", (event) => {
  const action = event.target instanceof HTMLElement ? event.target.dataset.go : undefined;
  if (!action) return;
  event.preventDefault();
  actions[action]?.();
});
turn(present(), false);
