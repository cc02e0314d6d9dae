// @ts-check
/**
 * Suggestions under a text field, by the combobox pattern of WAI-ARIA: Down opens and moves, Enter
 * takes, Escape closes; nothing is chosen until a key or the pointer chooses it.
 */

/** @typedef {{ text: string, about: string }} Option */
/** @typedef {{ from: number, options: Option[] }} Found What may stand from a place to the caret. */

let count = 0;

/**
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 * @param {(text: string, caret: number) => Promise<Found>} source
 * @param {(list: HTMLElement) => void} [place] Puts the list where it should open, if not below.
 * @returns {{ open: () => Promise<void>, close: () => void }}
 */
export function listbox(field, source, place) {
  const list = document.createElement("ul");
  list.id = `options-${(count += 1)}`;
  list.className = "options";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  field.after(list);
  // A text area may not be a combobox; it says the same by its other attributes.
  if (field instanceof HTMLInputElement) {
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-expanded", "false");
  }
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.autocomplete = "off";

  let asked = 0;
  let chosen = -1;
  /** @type {Found} */
  let found = { from: 0, options: [] };

  function close() {
    asked += 1;
    list.hidden = true;
    choose(-1);
    if (field instanceof HTMLInputElement) field.setAttribute("aria-expanded", "false");
  }

  /** @param {number} place */
  function choose(place) {
    chosen = place;
    [...list.children].forEach((item, k) => item.setAttribute("aria-selected", String(k === place)));
    const item = list.children[place];
    if (item) {
      field.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  async function open() {
    const own = (asked += 1);
    const caret = field.selectionStart ?? field.value.length;
    const answer = await source(field.value, caret).catch(() => ({ from: 0, options: [] }));
    if (own !== asked || document.activeElement !== field) return;
    found = answer;
    if (!found.options.length) return close();
    list.replaceChildren(...found.options.map(item));
    list.hidden = false;
    if (field instanceof HTMLInputElement) field.setAttribute("aria-expanded", "true");
    choose(-1);
    place?.(list);
  }

  /** @param {Option} option @param {number} k */
  function item(option, k) {
    const made = document.createElement("li");
    made.id = `${list.id}-${k}`;
    made.setAttribute("role", "option");
    const text = document.createElement("code");
    text.textContent = option.text;
    const about = document.createElement("span");
    about.textContent = ` ${option.about}`;
    made.append(text, about);
    made.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the field keeps the focus
      take(k);
    });
    return made;
  }

  /** @param {number} k */
  function take(k) {
    const caret = field.selectionStart ?? field.value.length;
    const { text } = found.options[k];
    const gap = /^\s/.test(field.value.slice(caret)) || /[ ({]$/.test(text) ? "" : " ";
    field.setRangeText(text + gap, found.from, caret, "end");
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  field.addEventListener("input", open);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (raw) => {
    const event = /** @type {KeyboardEvent} */ (raw);
    const last = found.options.length - 1;
    if (list.hidden) {
      const opens = event.key === "ArrowDown" || (event.key === " " && event.ctrlKey);
      if (!opens || (event.key === "ArrowDown" && field instanceof HTMLTextAreaElement)) return;
      open();
    } else if (event.key === "ArrowDown") choose(chosen < last ? chosen + 1 : 0);
    else if (event.key === "ArrowUp") choose(chosen > 0 ? chosen - 1 : last);
    else if (event.key === "Enter" && chosen >= 0) take(chosen);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  return { open, close };
}
