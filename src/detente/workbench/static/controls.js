// @ts-check
/** Sliders and selections, bound to the setting in the address. */

const form = /** @type {HTMLFormElement} */ (document.getElementById("setting"));

/** @param {number} value */
const three = (value) => String(Number(value.toPrecision(3)));

/** @param {HTMLInputElement} input @param {boolean} moved */
function paint(input, moved) {
  const row = input.closest(".slider");
  row?.classList.toggle("moved", moved);
  const output = row?.querySelector("output");
  if (output) output.textContent = three(input.valueAsNumber);
}

/** @param {(change: (query: URLSearchParams) => void, step?: boolean) => void} move */
export function bind(move) {
  let dragging = false; // one drag is one step back, however many values it went through
  form.addEventListener("input", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "range") return;
    paint(input, true);
    move((query) => query.set(input.name, three(input.valueAsNumber)), !dragging);
    dragging = true;
  });
  form.addEventListener("change", (event) => {
    const input = event.target;
    if (input instanceof HTMLInputElement && input.type === "range") {
      move((query) => query.set(input.name, three(input.valueAsNumber)), !dragging);
      dragging = false;
    } else if (input instanceof HTMLSelectElement) {
      move((query) => (input.value ? query.set(input.name, input.value) : query.delete(input.name)));
    }
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("click", (event) => {
    const what = event.target instanceof HTMLElement ? event.target.dataset.do : undefined;
    if (what === "undo") history.back();
    if (what === "redo") history.forward();
    if (what === "reset") {
      move((query) => {
        for (const key of [...query.keys()]) if (/^(set|do|today)\./.test(key)) query.delete(key);
      });
      follow(new URLSearchParams(location.search));
    }
  });
}

/** Set every control to what the address says. @param {URLSearchParams} query */
export function follow(query) {
  for (const input of form.querySelectorAll("input[type=range]")) {
    if (!(input instanceof HTMLInputElement)) continue;
    input.value = query.get(input.name) ?? input.dataset.stated ?? input.value;
    paint(input, query.has(input.name));
  }
  for (const choice of form.querySelectorAll("select")) choice.value = query.get(choice.name) ?? "";
}
