// @ts-check
/** A text area for code: line numbers, marks at line and column, indentation, undo as the browser has it. */

/** @typedef {{ kind: string, line: number, column: number, message: string }} Finding */

/** @param {HTMLElement} place @param {() => void} typed Called after every change of the text. */
export function editor(place, typed) {
  const area = /** @type {HTMLTextAreaElement} */ (place.querySelector("textarea"));
  const gutter = /** @type {HTMLElement} */ (place.querySelector(".gutter"));
  const marks = /** @type {HTMLElement} */ (place.querySelector(".marks"));
  const numbers = document.createElement("pre");
  const dots = document.createElement("div");
  gutter.append(numbers, dots);
  const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  let lines = 0;
  let leaving = false;
  /** @type {Finding[]} */
  let findings = [];

  const style = getComputedStyle(area);
  const height = parseFloat(style.lineHeight);
  const [top, left] = [parseFloat(style.paddingTop), parseFloat(style.paddingLeft)];
  pen.font = `${style.fontSize} ${style.fontFamily}`;

  function number() {
    let count = 1;
    for (let at = area.value.indexOf("\n"); at >= 0; at = area.value.indexOf("\n", at + 1)) count++;
    if (count === lines) return;
    lines = count;
    numbers.textContent = Array.from({ length: count }, (_, k) => k + 1).join("\n");
  }

  function follow() {
    const move = `translate(${-area.scrollLeft}px, ${-area.scrollTop}px)`;
    marks.style.transform = move;
    numbers.style.transform = dots.style.transform = `translate(0, ${-area.scrollTop}px)`;
  }

  /** Where the character at a line and column stands, within the text. @param {string} line @param {number} column */
  const across = (line, column) => left + pen.measureText(line.slice(0, column - 1).replaceAll("\t", "        ")).width;

  function draw() {
    const text = area.value.split("\n");
    marks.replaceChildren();
    dots.replaceChildren();
    for (const one of findings) {
      const line = text[one.line - 1] ?? "";
      const word = /^[\w.\-]+/.exec(line.slice(one.column - 1))?.[0] ?? " ";
      const mark = document.createElement("span");
      mark.className = one.kind;
      mark.textContent = "\u00a0".repeat(word.length);
      mark.style.top = `${top + (one.line - 1) * height}px`;
      mark.style.left = `${across(line, one.column)}px`;
      marks.append(mark);
      const dot = document.createElement("span");
      dot.className = one.kind;
      dot.title = one.message;
      dot.style.top = `${top + (one.line - 1) * height}px`;
      dots.append(dot);
    }
  }

  /** Put text in the place of a range, as one step of the browser's undo. @param {number} from @param {number} to @param {string} text */
  function replace(from, to, text) {
    const before = document.activeElement;
    area.focus({ preventScroll: true });
    area.setSelectionRange(from, to);
    const done = text || from !== to ? document.execCommand(text ? "insertText" : "delete", false, text) : true;
    if (!done) {
      area.setRangeText(text, from, to, "end");
      area.dispatchEvent(new Event("input"));
    }
    if (before instanceof HTMLElement && before !== area) before.focus({ preventScroll: true });
  }

  area.addEventListener("input", () => {
    number();
    if (findings.length) {
      findings = []; // they stood in the text as it was
      draw();
    }
    typed();
  });
  area.addEventListener("scroll", follow);
  area.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    const { selectionStart: from, selectionEnd: to, value } = area;
    const start = value.lastIndexOf("\n", from - 1) + 1;
    if (event.key === "Tab" && !leaving && !event.shiftKey) {
      event.preventDefault();
      replace(from, to, " ".repeat(2 - ((from - start) % 2)));
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      replace(from, to, "\n" + (/^ */.exec(value.slice(start, from))?.[0] ?? ""));
    }
    if (!["Shift", "Control", "Alt", "Meta"].includes(event.key)) leaving = event.key === "Escape";
  });

  number();
  follow();
  return {
    area,
    replace,
    /** Put in a text; what is the same at both ends stays. @param {string} text */
    put(text) {
      const old = area.value;
      let head = 0;
      while (head < old.length && head < text.length && old[head] === text[head]) head++;
      let tail = 0;
      while (tail < old.length - head && tail < text.length - head && old[old.length - 1 - tail] === text[text.length - 1 - tail]) tail++;
      if (old !== text) replace(head, old.length - tail, text.slice(head, text.length - tail));
    },
    /** @param {Finding[]} found */
    show(found) {
      findings = found;
      draw();
    },
    /** Put the caret at a line and column, in view. @param {number} line @param {number} column */
    goTo(line, column) {
      let at = 0;
      for (let k = 1; k < line; k++) at = area.value.indexOf("\n", at) + 1 || area.value.length;
      area.focus();
      area.setSelectionRange(at + column - 1, at + column - 1);
      area.scrollTop = Math.max(0, (line - 6) * height);
    },
    /** Put a list at the caret, below its line or above. @param {HTMLElement} list */
    place(list) {
      const before = area.value.slice(0, area.selectionStart);
      const line = before.slice(before.lastIndexOf("\n") + 1);
      const x = across(line, line.length + 1) - area.scrollLeft;
      const y = top + before.split("\n").length * height - area.scrollTop;
      list.style.left = `${Math.max(0, Math.min(x, area.clientWidth - list.offsetWidth))}px`;
      const above = y + list.offsetHeight > area.clientHeight && y - height > list.offsetHeight;
      list.style.top = `${above ? y - height - list.offsetHeight : y}px`;
    },
  };
}
