// @ts-check
/** Forms beside the text: each edit goes to the server with the text, and comes back as a text. */

/**
 * @param {HTMLElement} place
 * @param {{
 *   act: (name: string, body: object) => Promise<any>,
 *   put: (text: string) => void,
 *   goTo: (line: number, column: number) => void,
 *   check: () => Promise<void>,
 *   rows: (number: number) => void,
 * }} page
 */
export function forms(place, page) {
  /** One edit at a time: the next starts from the text that the last one made. */
  let last = Promise.resolve(true);
  let busy = 0;
  let finished = "";
  let shown = "";

  /** @param {HTMLFormElement} form */
  const nameOf = (form) => form.dataset.add ?? "paste";

  /** @param {string} name @param {() => object} body @param {HTMLElement} [from] */
  function edit(name, body, from) {
    busy += 1;
    const button = from instanceof HTMLFormElement ? from.querySelector("button:not([type])") : null;
    const done = button instanceof HTMLButtonElement ? work(button) : () => {};
    last = last.then(async () => {
      const found = await page.act(name, body());
      if (found.error) {
        const said = document.getElementById("form-error");
        if (said) said.textContent = found.error;
        said?.scrollIntoView({ block: "nearest" });
        if (from && "value" in from) from.setAttribute("aria-invalid", "true");
        return false;
      }
      if (found.text !== undefined) {
        finished = from instanceof HTMLFormElement ? nameOf(from) : "";
        page.put(found.text);
        await page.check();
      }
      if (found.added) show(found.added);
      return true;
    }).finally(() => {
      busy -= 1;
      done();
    });
    return last;
  }

  /** Show at a button that it is being done; gives what ends that. @param {HTMLButtonElement} button */
  function work(button) {
    const words = button.textContent;
    button.disabled = true;
    button.textContent = "Working …";
    return () => {
      button.disabled = false;
      button.textContent = words;
    };
  }

  /** How to find an element again when the forms are new: by its id, or its place in its entry. @param {Element} inside */
  function spot(inside) {
    const holder = inside.closest("fieldset[id], form");
    const find = () => {
      if (holder instanceof HTMLFormElement) return [...place.querySelectorAll("form")].find((form) => nameOf(form) === nameOf(holder));
      return holder ? document.getElementById(holder.id) : place;
    };
    const all = () => [...(find() ?? place).querySelectorAll("a, button, input, select, summary, textarea")];
    const at = all().indexOf(inside);
    return () => (inside.id ? document.getElementById(inside.id) : all()[at]);
  }

  /** Bring the form that adds something into view; gives whether it is there. @param {string} what */
  function open(what) {
    const form = [...place.querySelectorAll("form")].find((one) => one.dataset.add === what);
    form?.scrollIntoView({ block: "nearest" });
    form?.querySelector("input")?.focus();
    return form !== undefined;
  }

  /** Bring a new entry into view. @param {string} keys */
  function show(keys) {
    const [section, number] = JSON.parse(keys);
    const path = JSON.parse(keys).join("/").replaceAll(" ", "_");
    const entry = document.getElementById(section === "history" ? `row-${number}` : `e-${path}`);
    entry?.scrollIntoView({ block: "nearest" });
    /** @type {HTMLElement | null | undefined} */ (entry?.querySelector("input, textarea, select"))?.focus();
  }

  place.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement || input instanceof HTMLSelectElement || input instanceof HTMLTextAreaElement)) return;
    if (input instanceof HTMLSelectElement && input.dataset.levels) narrow(input);
    const level = input.name === "kind" && input.form?.elements.namedItem("level");
    if (level instanceof HTMLSelectElement) level.disabled = input.value === "gap"; // which has none
    if (!input.dataset.path) return;
    const { path, kind } = input.dataset;
    const value = input.value;
    edit("change", () => ({ path: JSON.parse(path ?? "[]"), kind, value }), input);
  });
  place.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    const fields = Object.fromEntries(new FormData(form));
    if (form.dataset.add) edit("add_entry", () => ({ section: form.dataset.add, fields }), form);
    if ("paste" in form.dataset) edit("paste_rows", () => ({ pasted: fields.pasted }), form);
  });
  place.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target.closest("button, a") : null;
    if (!(target instanceof HTMLElement)) return;
    const { begin, remove, rows, line, column } = target.dataset;
    if (begin) open(begin);
    if (remove) edit("change", () => ({ path: JSON.parse(remove), kind: "remove", value: "" }));
    if (rows) page.rows(Number(rows));
    if ("addRows" in target.dataset) {
      const pasted = /** @type {HTMLTextAreaElement} */ (document.getElementById("paste-rows")).value;
      edit("paste_rows", () => ({ pasted, add: true }), target.closest("form") ?? undefined);
    }
    if (line) {
      event.preventDefault();
      page.goTo(Number(line), Number(column));
    }
  });

  /** Offer the levels of the chosen variable alone. @param {HTMLSelectElement} select @param {boolean} gently */
  function narrow(select, gently = false) {
    const levels = select.form?.elements.namedItem(select.dataset.levels ?? "");
    if (!(levels instanceof HTMLSelectElement)) return;
    for (const group of levels.querySelectorAll("optgroup")) {
      group.hidden = group.disabled = group.dataset.of !== select.value;
      const first = group.querySelector("option");
      if (!group.disabled && first && !(gently && levels.selectedOptions[0]?.parentElement === group)) first.selected = true;
    }
  }

  return {
    begin: open,
    /** Bring what was put into a field into the text; gives whether that could be done. */
    settled() {
      const here = document.activeElement;
      if (here instanceof HTMLElement && place.contains(here)) {
        here.blur(); // by which the field says that it changed
        here.focus({ preventScroll: true });
      }
      return busy ? last : Promise.resolve(true);
    },
    /** Whether something stands in a field that is not in the text yet. */
    begun() {
      const fields = /** @type {NodeListOf<HTMLInputElement | HTMLTextAreaElement>} */ (place.querySelectorAll("input:not([type=checkbox]), textarea"));
      return busy > 0 || [...fields].some((field) => field.value !== field.defaultValue);
    },
    /** Put in new forms; what is open stays open, and the focus where it was. @param {string} html */
    render(html) {
      if (html === shown) return;
      shown = html;
      const inside = document.activeElement && place.contains(document.activeElement) ? document.activeElement : null;
      const focus = inside ? spot(inside) : null;
      const open = [...place.querySelectorAll("details[open]")].map((one) => (one instanceof HTMLElement ? one.dataset.more : ""));
      const scroll = place.scrollTop;
      const begun = [...place.querySelectorAll("form")].map((form) => /** @type {const} */ ([nameOf(form), new FormData(form)]));
      place.innerHTML = html;
      for (const form of place.querySelectorAll("form")) {
        const fields = begun.find(([name]) => name === nameOf(form) && name !== finished)?.[1];
        for (const [name, value] of fields ?? []) {
          const field = form.elements.namedItem(name);
          if (field && "value" in field && typeof value === "string") field.value = value;
        }
      }
      finished = "";
      for (const one of place.querySelectorAll("details")) one.open = open.includes(one.dataset.more);
      for (const one of place.querySelectorAll("select[data-levels]")) narrow(/** @type {HTMLSelectElement} */ (one), true);
      place.scrollTop = scroll;
      const again = focus?.();
      if (again instanceof HTMLElement) again.focus({ preventScroll: true });
    },
  };
}
