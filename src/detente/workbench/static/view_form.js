// @ts-check
/** A view's own form: what is chosen in it stands in the address, and the address decides. */
import { move } from "./page.js";

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form.view-form"));

/** @param {HTMLInputElement} input */
function paint(input) {
  const output = form?.querySelector(`output[for="${input.id}"]`);
  if (output) output.textContent = String(Number(input.valueAsNumber.toPrecision(3)));
}

/** @returns {HTMLInputElement[]} */
const boxes = () => [...(form?.querySelectorAll("input[type=checkbox]") ?? [])].map((box) => /** @type {HTMLInputElement} */ (box));

/** Put what one control says into an address. @param {EventTarget | null} control @param {URLSearchParams} query */
function write(control, query) {
  if (control instanceof HTMLInputElement && control.type === "checkbox") {
    for (const box of boxes()) box.checked ? query.set(box.name, box.value) : query.delete(box.name);
  } else if (control instanceof HTMLInputElement && control.type === "range") {
    query.set(control.name, String(Number(control.valueAsNumber.toPrecision(3))));
  } else if (control instanceof HTMLInputElement || control instanceof HTMLSelectElement) {
    control.value ? query.set(control.name, control.value) : query.delete(control.name);
  }
}

/** Set every control to what the address says. */
function follow() {
  const query = new URLSearchParams(location.search);
  const chosen = boxes().some((box) => query.has(box.name));
  for (const box of boxes()) box.checked = chosen ? query.has(box.name) : "usual" in box.dataset;
  for (const choice of form?.querySelectorAll("select") ?? []) choice.value = query.get(choice.name) ?? choice.dataset.usual ?? "";
  for (const input of form?.querySelectorAll("input:not([type=checkbox], [type=hidden])") ?? []) {
    if (!(input instanceof HTMLInputElement)) continue;
    input.value = query.get(input.name) ?? input.dataset.usual ?? "";
    if (input.type === "range") paint(input);
  }
}

let dragging = false; // one drag is one step back
form?.addEventListener("input", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || input.type !== "range") return;
  paint(input);
  move((query) => write(input, query), !dragging);
  dragging = true;
});
form?.addEventListener("change", (event) => {
  move((query) => write(event.target, query), !dragging);
  dragging = false;
  follow();
});
form?.addEventListener("submit", (event) => event.preventDefault());
addEventListener("popstate", follow);
