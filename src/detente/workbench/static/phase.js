// @ts-check
/** A cell of the phase diagram moves the setting there. */
import { follow } from "./controls.js";
import { move } from "./page.js";
import "./view_form.js";

const cells = /** @type {HTMLElement} */ (document.getElementById("phase-cells"));
const diagram = /** @type {HTMLElement} */ (document.getElementById("phase-diagram"));

/** @returns {HTMLButtonElement[]} The cells, row by row, the lowest first. */
const buttons = () => [...cells.querySelectorAll("button")];

let chosen = -1; // which cell has the focus, as the table is made anew
let open = false;

/** @param {HTMLButtonElement | undefined} button */
function go(button) {
  const keys = button?.closest("tbody")?.dataset;
  const { x, y } = button?.dataset ?? {};
  if (!button || !keys?.xKey || !keys.yKey || x === undefined || y === undefined) return;
  const { xKey, yKey } = keys;
  move((query) => {
    query.set(xKey, x);
    query.set(yKey, y);
  });
  follow(new URLSearchParams(location.search));
}

cells.addEventListener("click", (event) => {
  const button = event.target instanceof HTMLButtonElement ? event.target : undefined;
  chosen = button ? buttons().indexOf(button) : -1;
  open = cells.querySelector("details")?.open ?? false;
  go(button);
});

diagram.addEventListener("click", (event) => {
  if (!(event.target instanceof SVGElement) || !event.target.classList.contains("cell")) return;
  go(buttons()[[...diagram.querySelectorAll(".cell")].indexOf(event.target)]);
});

document.addEventListener("detente:done", () => {
  const details = cells.querySelector("details");
  if (details && open) details.open = true;
  if (chosen >= 0) buttons()[chosen]?.focus();
  chosen = -1;
});
