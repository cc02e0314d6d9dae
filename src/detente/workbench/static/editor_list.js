// @ts-check
/** A list of what the word at the caret may become; the caret stays in the text. */

/** @typedef {{ from: number, options: { text: string, about: string }[] }} Offer */

/**
 * @param {ReturnType<typeof import("./editor.js").editor>} editor
 * @param {HTMLElement} place
 * @param {(text: string, caret: number) => Promise<Offer | null>} ask
 */
export function suggest(editor, place, ask) {
  const { area } = editor;
  const list = document.createElement("ul");
  list.id = "edit-list";
  list.role = "listbox";
  list.ariaLabel = "What can be written here";
  list.hidden = true;
  place.append(list);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-haspopup", "listbox");
  area.setAttribute("aria-controls", list.id);
  let from = 0;
  let chosen = 0;
  let number = 0;
  /** @type {number | undefined} */
  let waiting;

  function close() {
    number++;
    clearTimeout(waiting);
    list.hidden = true;
    area.removeAttribute("aria-activedescendant");
  }

  /** @param {number} place */
  function choose(place) {
    chosen = (place + list.children.length) % list.children.length;
    [...list.children].forEach((item, k) => item.setAttribute("aria-selected", String(k === chosen)));
    area.setAttribute("aria-activedescendant", list.children[chosen].id);
    const item = /** @type {HTMLElement} */ (list.children[chosen]);
    list.scrollTop = Math.min(item.offsetTop, Math.max(list.scrollTop, item.offsetTop + item.offsetHeight - list.clientHeight));
  }

  function accept() {
    const text = list.children[chosen].querySelector("b")?.textContent ?? "";
    close();
    editor.replace(from, area.selectionStart, text);
    close(); // the replacement is typing too
  }

  async function open() {
    const mine = ++number;
    const caret = area.selectionStart;
    const found = await ask(area.value, caret);
    if (mine !== number || caret !== area.selectionStart || !found) return;
    if (!found.options.length) return close();
    from = found.from;
    list.replaceChildren(
      ...found.options.map((option, k) => {
        const item = document.createElement("li");
        item.role = "option";
        item.id = `edit-option-${k}`;
        const word = document.createElement("b");
        word.textContent = option.text;
        const about = document.createElement("span");
        about.textContent = option.about;
        item.append(word, " ", about);
        return item;
      }),
    );
    const { x, y } = editor.caretPlace();
    list.hidden = false;
    list.style.left = `${Math.max(0, Math.min(x, area.clientWidth - list.offsetWidth))}px`;
    const above = y + list.offsetHeight > area.clientHeight && y - editor.height > list.offsetHeight;
    list.style.top = `${above ? y - editor.height - list.offsetHeight : y}px`;
    choose(0);
  }

  area.addEventListener("keydown", (event) => {
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      open();
      return;
    }
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter" || event.key === "Tab") accept();
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  }, { capture: true }); // before the text area's own keys
  area.addEventListener("input", (event) => {
    close();
    const typed = event instanceof InputEvent && event.inputType === "insertText" && /^[\w.]$/.test(event.data ?? "");
    const word = /[\w.]{2,}$/.test(area.value.slice(Math.max(0, area.selectionStart - 40), area.selectionStart));
    if (typed && word) waiting = setTimeout(open, 150);
  });
  area.addEventListener("blur", close);
  area.addEventListener("scroll", close);
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const item = event.target instanceof Element ? event.target.closest("li") : null;
    if (!item) return;
    choose([...list.children].indexOf(item));
    accept();
  });
}
