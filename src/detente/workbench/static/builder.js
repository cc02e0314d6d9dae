// @ts-check
/** Selections that write a query into its field, and levels that go with the option chosen. */

/** @param {HTMLFormElement} form */
export function builder(form) {
  /** @param {string} name */
  const part = (name) => {
    const found = form.querySelector(`[data-part=${name}]`);
    return /** @type {HTMLSelectElement | HTMLInputElement} */ (found);
  };
  const query = /** @type {HTMLInputElement} */ (form.elements.namedItem("query"));
  const until = /** @type {HTMLInputElement} */ (form.elements.namedItem("until"));
  const hold = /** @type {HTMLSelectElement} */ (form.elements.namedItem("hold"));
  const held = /** @type {HTMLSelectElement} */ (form.elements.namedItem("level"));
  const variable = /** @type {HTMLSelectElement} */ (part("variable"));
  const relation = /** @type {HTMLSelectElement} */ (part("relation"));
  const level = /** @type {HTMLSelectElement} */ (part("level"));

  function build() {
    const kind = new FormData(form).get("kind");
    const levels = [...level.selectedOptions].map((option) => option.value);
    const one = relation.value !== "in";
    const formula = `${variable.value} ${relation.value} ${one ? levels[0] : `{${levels.join(", ")}}`}`;
    const [operator, open] = part("operator").value;
    const span = open ? "" : `[0, ${part("years").value || "5"}]`;
    if (kind === "when" || kind === "deal") query.value = formula;
    else if (operator === "U") query.value = `${formula} U${span} ${until.value}`;
    else query.value = `${operator}${span} ${formula}`;
    query.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function follow() {
    levels(variable, level);
    const ordered = variable.selectedOptions[0]?.hasAttribute("data-ordered");
    for (const option of relation.options) {
      if (option.classList.contains("ordered")) option.disabled = option.hidden = !ordered;
    }
    if (relation.selectedOptions[0]?.disabled) relation.value = "==";
    level.multiple = relation.value === "in";
    const open = part("operator").value.endsWith("*");
    /** @type {HTMLInputElement} */ (part("years")).disabled = open;
    form.dataset.operator = part("operator").value;
  }

  form.addEventListener("change", (event) => {
    const from = event.target;
    if (from === hold) levels(hold, held);
    if (!(from instanceof HTMLElement)) return;
    const kind = from instanceof HTMLInputElement && from.name === "kind";
    if (!from.dataset.part && from !== until && !kind) return;
    follow();
    if (!kind || query.value) build();
  });
  levels(hold, held);
  follow();
}

/** Offer the levels of what is chosen. @param {HTMLSelectElement} variable @param {HTMLSelectElement} level */
function levels(variable, level) {
  for (const group of level.querySelectorAll("optgroup")) {
    group.hidden = group.disabled = group.label !== variable.value;
  }
  const own = level.querySelector("optgroup:not([hidden])");
  const fits = [...level.selectedOptions].some((option) => option.parentElement === own);
  const first = own?.querySelector("option");
  if (!fits && first) first.selected = true;
  level.disabled = !own;
}
