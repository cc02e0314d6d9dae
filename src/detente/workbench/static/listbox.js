// @ts-check
/**
 * Suggestions under a text field, by the combobox pattern of WAI-ARIA: Down or Ctrl+Space opens, the
 * arrows move, Enter takes, Escape closes; nothing is chosen until a key or the pointer chooses it.
 * In a text of many lines they open when a word is typed, the first is chosen, and Tab takes it too.
 */

/** @typedef {{ text: string, about: string }} Option */
/** @typedef {{ from: number, options: Option[] }} Found What may stand from a place to the caret. */

const PAUSE = 150; // milliseconds after which a word that is typed in a text opens the list
let count = 0;

/** @param {HTMLInputElement} field @param {number} from @param {number} to @param {string} text */
function write(field, from, to, text) {
  const gap = /^\s/.test(field.value.slice(to)) || /[ ({]$/.test(text) ? "" : " ";
  field.setRangeText(text + gap, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 * @param {(text: string, caret: number) => Promise<Found>} source
 * @param {{ place: (list: HTMLElement) => void, replace: (from: number, to: number, text: string) => void }} [text]
 * How a text of many lines puts the list at the caret, and writes.
 */
export function listbox(field, source, text) {
  const list = document.createElement("ul");
  list.id = `options-${(count += 1)}`;
  list.className = "options";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  field.after(list);
  field.setAttribute("aria-haspopup", "listbox");
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
  let waiting = 0;
  /** @type {Found} */
  let found = { from: 0, options: [] };

  function close() {
    asked += 1;
    clearTimeout(waiting);
    list.hidden = true;
    choose(-1);
    if (field instanceof HTMLInputElement) field.setAttribute("aria-expanded", "false");
  }

  /** @param {number} place */
  function choose(place) {
    chosen = place;
    [...list.children].forEach((item, k) => item.setAttribute("aria-selected", String(k === place)));
    const item = list.children[place];
    if (item instanceof HTMLElement) {
      field.setAttribute("aria-activedescendant", item.id);
      const { offsetTop: top, offsetHeight: height } = item;
      list.scrollTop = Math.min(top, Math.max(list.scrollTop, top + height - list.clientHeight));
    } else field.removeAttribute("aria-activedescendant");
  }

  async function open() {
    const own = (asked += 1);
    const caret = field.selectionStart ?? field.value.length;
    const answer = await source(field.value, caret).catch(() => ({ from: 0, options: [] }));
    if (own !== asked || document.activeElement !== field || caret !== field.selectionStart) return;
    const was = found.options[chosen]?.text;
    found = answer;
    if (!found.options.length) return close();
    list.replaceChildren(...found.options.map(item));
    list.hidden = false;
    if (field instanceof HTMLInputElement) field.setAttribute("aria-expanded", "true");
    text?.place(list);
    choose(text ? 0 : found.options.findIndex((option) => option.text === was));
  }

  /** @param {Option} option @param {number} k */
  function item(option, k) {
    const made = document.createElement("li");
    made.id = `${list.id}-${k}`;
    made.setAttribute("role", "option");
    const word = document.createElement("code");
    word.textContent = option.text;
    const about = document.createElement("span");
    about.textContent = ` ${option.about}`;
    made.append(word, about);
    made.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the field keeps the focus
      take(k);
    });
    return made;
  }

  /** @param {number} k */
  function take(k) {
    const caret = field.selectionStart ?? field.value.length;
    const word = found.options[k].text;
    close();
    if (text) text.replace(found.from, caret, word);
    else if (field instanceof HTMLInputElement) write(field, found.from, caret, word);
  }

  /** Whether what was typed is a letter of a word. @param {Event} event */
  function spells(event) {
    const typed = event instanceof InputEvent && event.inputType === "insertText" && /^[\w.]$/.test(event.data ?? "");
    const caret = field.selectionStart ?? 0;
    return typed && /[\w.]{2,}$/.test(field.value.slice(Math.max(0, caret - 40), caret));
  }

  field.addEventListener("input", (event) => {
    if (!text) return void open();
    close();
    if (spells(event)) waiting = setTimeout(open, PAUSE);
  });
  field.addEventListener("blur", close);
  field.addEventListener("scroll", close);
  field.addEventListener("keydown", (raw) => {
    const event = /** @type {KeyboardEvent} */ (raw);
    const last = found.options.length - 1;
    if (event.key === " " && event.ctrlKey) open();
    else if (list.hidden) {
      if (text || event.key !== "ArrowDown") return;
      open();
    } else if (event.key === "ArrowDown") choose(chosen < last ? chosen + 1 : 0);
    else if (event.key === "ArrowUp") choose(chosen > 0 ? chosen - 1 : last);
    else if ((event.key === "Enter" || (text && event.key === "Tab")) && chosen >= 0) take(chosen);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  }, { capture: true }); // before a text area's own keys
}
