// @ts-check
/** Queries as they are typed: what may stand next, and what is wrong where, answered by the server. */
import { read } from "./lines.js";
import { listbox } from "./listbox.js";

const PAUSE = 300; // milliseconds after the last key

/**
 * The lines of an action's answer.
 * @param {string} name @param {object} body @param {AbortSignal} signal
 */
export function act(name, body, signal) {
  return read(`/act/${name}`, signal, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ address: location.search, ...body }),
  });
}

/** @param {HTMLInputElement} field @param {() => "query" | "formula"} kind */
export function complete(field, kind) {
  let stop = new AbortController();
  listbox(field, async (text, caret) => {
    stop.abort();
    stop = new AbortController();
    for await (const line of act("complete-query", { text, caret, kind: kind() }, stop.signal)) {
      if ("options" in line) return line;
    }
    return { from: caret, options: [] };
  });
}

/**
 * Check the fields of a form as one types; each problem goes below its field.
 * @param {HTMLFormElement} form
 * @returns {() => Promise<HTMLInputElement | null>} Checks now; gives the first field at fault.
 */
export function check(form) {
  let stop = new AbortController();
  let timer = 0;

  async function now() {
    clearTimeout(timer);
    stop.abort();
    const own = (stop = new AbortController());
    /** @type {any[]} */
    let problems = [];
    const body = Object.fromEntries(new FormData(form));
    for await (const line of act("check-query", body, own.signal)) {
      if ("problems" in line) ({ problems } = line);
    }
    let first = null;
    for (const place of form.querySelectorAll(".problem")) {
      const field = form.querySelector(`[aria-describedby="${place.id}"]`);
      if (!(field instanceof HTMLInputElement)) continue;
      const found = problems.find((problem) => problem.field === field.name);
      field.toggleAttribute("data-wrong", Boolean(found));
      field.setAttribute("aria-invalid", String(Boolean(found)));
      place.replaceChildren(...(found ? mark(field.value, found) : []));
      if (found) first ??= field;
    }
    return first;
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => now().catch(() => undefined), PAUSE);
  });
  return now;
}

/** The text with its fault marked, then the words. @param {string} text @param {any} problem */
function mark(text, problem) {
  const echo = document.createElement("code");
  const fault = document.createElement("mark");
  fault.textContent = text.slice(problem.from, problem.to) || "\u2009";
  echo.append(text.slice(0, problem.from), fault, text.slice(problem.to));
  return [echo, document.createElement("br"), problem.words];
}
