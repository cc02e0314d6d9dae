// @ts-check
/** Conditions on draws: a bound is a move; another row, or other draws, are another page. */
import { move } from "./page.js";

const form = /** @type {HTMLFormElement} */ (document.getElementById("filter"));

/** @param {(query: URLSearchParams) => void} change */
function open(change) {
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
    open((query) => (choice.value ? query.set("study", choice.value) : query.delete("study")));
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
    });
  } else if (add) open((query) => query.set(`above.${add}`, ""));
});
