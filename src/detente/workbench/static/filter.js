// @ts-check
/** Conditions on draws: a bound is a move; another row, or other draws, are another page. */
import { move } from "./page.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("filter"));

const FOCUS = "detente.filter.focus";

/** @param {(query: URLSearchParams) => void} change @param {string} next The field that the other page begins at. */
function open(change, next) {
  sessionStorage.setItem(FOCUS, next);
  const query = new URLSearchParams(location.search);
  change(query);
  location.search = `?${query}`;
}

form.addEventListener("input", (event) => {
  const input = event.target;
  if (input instanceof HTMLInputElement && input.validity.valid) {
    move((query) => query.set(input.name, input.value), false);
  }
});
// What was typed before this script was there is a move too.
const given = new URLSearchParams(location.search);
for (const input of form.querySelectorAll("input[type=number]")) {
  if (!(input instanceof HTMLInputElement)) continue;
  if (input.value !== (given.get(input.name) ?? "")) input.dispatchEvent(new Event("input", { bubbles: true }));
}
form.addEventListener("change", (event) => {
  const choice = event.target;
  if (!(choice instanceof HTMLSelectElement)) return;
  if (choice.name === "study") {
    open((query) => (choice.value ? query.set("study", choice.value) : query.delete("study")), "study");
  } else if (choice.name !== "add") {
    move((query) => query.set(choice.name, choice.value));
  }
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const add = new FormData(form).get("add");
  const drop = event.submitter instanceof HTMLButtonElement ? event.submitter.value : "";
  if (drop) {
    open((query) => {
      for (const sign of ["above", "below", "is"]) query.delete(`${sign}.${drop}`);
    }, "add");
  } else if (add) open((query) => query.set(`above.${add}`, ""), String(add));
});

const next = sessionStorage.getItem(FOCUS) ?? "";
sessionStorage.removeItem(FOCUS);
for (const name of [next, `above.${next}`, `is.${next}`]) {
  const field = next && form.elements.namedItem(name);
  if (field instanceof HTMLElement) field.focus();
}
