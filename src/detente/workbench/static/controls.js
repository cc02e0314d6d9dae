// @ts-check
/** The panel: sliders, boxes, selections and buttons, bound to the setting in the address. */
import { moves, spelled } from "./address.js";
import { fine, plain, typed } from "./numbers.js";
import { list, save } from "./presets.js";
import { search } from "./search.js";
import { copy } from "./sharing.js";
import { enter, redo, replay, undo } from "./steps.js";

/** @typedef {(change: (query: URLSearchParams) => void, step?: boolean) => void} Mover */

const form = /** @type {HTMLFormElement} */ (document.getElementById("setting"));
const SLIDE = 50; // milliseconds between two values of a slider that is dragged: each is an address, which browsers count
const FAR = 1000; // widths of its range that a parameter may be typed outside of it
const drawer = document.getElementById("drawer");
const rows = /** @type {HTMLElement[]} */ ([...form.querySelectorAll(".parameter")]);

const present = () => new URLSearchParams(location.search);

/** What the setting's variants make of the case; see `setting_facts`. */
function facts() {
  return JSON.parse(document.getElementById("facts")?.textContent || "{}");
}

/** A slider's place as a value of few digits, its ends exactly. @param {HTMLInputElement} slider */
function chosen(slider) {
  const [low, high] = [Number(slider.min), Number(slider.max)];
  const value = slider.valueAsNumber;
  if (value <= low || value >= high) return plain(value <= low ? low : high);
  const digits = Number(slider.closest(".parameter")?.getAttribute("data-digits"));
  const rounded = digits < 0 ? Math.round(value * 10 ** digits) / 10 ** digits : Number(value.toFixed(digits));
  return plain(Math.min(Math.max(rounded, low), high));
}

/** What a parameter's row was last painted with: what is written without need is measured without need. */
const painted = new WeakMap();

/** Show where a parameter stands. @param {HTMLElement} row @param {string | null} text @param {any} varied */
function paint(row, text, varied) {
  const [look, busy] = [JSON.stringify([text, varied]), row.contains(document.activeElement)];
  if (painted.get(row) === look && !busy && !row.querySelector("[aria-invalid=true]")) return;
  painted.set(row, look);
  const data = row.dataset;
  const [low, high] = [Number(varied?.low ?? data.low), Number(varied?.high ?? data.high)];
  const stated = Number(varied?.value ?? data.value);
  const value = text === null ? stated : Number(text);
  const ends = varied?.ends ?? [data.lowWords, data.highWords];
  row.classList.toggle("moved", text !== null);
  for (const input of row.querySelectorAll("input, select")) {
    if (input instanceof HTMLSelectElement) input.value = plain(value);
    else if (input instanceof HTMLInputElement && input.type === "range") {
      [input.min, input.max] = [String(low), String(high)];
      if (input !== document.activeElement || chosen(input) !== plain(value)) input.value = String(value);
      input.setAttribute("aria-valuetext", data.unit ? `${fine(value)} ${data.unit}` : fine(value));
      const mark = row.querySelector(".scale .stated");
      for (const end of ["x1", "x2"]) mark?.setAttribute(end, String((100 * (stated - low)) / (high - low || 1)));
      row.querySelectorAll(".ends span").forEach((span, k) => say(span, ends[k]));
    } else if (input instanceof HTMLInputElement) {
      input.dataset.exact = plain(value);
      if (input === document.activeElement) continue;
      input.value = fine(value);
      if (!input.validity.valid) complain(input, "");
    }
  }
  const reset = row.querySelector("button.reset");
  if (reset instanceof HTMLElement) reset.hidden = text === null;
  const outside = row.querySelector(".outside");
  if (outside && !row.querySelector("[aria-invalid=true]")) {
    const within = low === high || (value >= low && value <= high);
    say(outside, within ? "" : `Outside of the stated range, ${ends[0]} to ${ends[1]}.`);
  }
}

/** Set every control to what the address says. @param {URLSearchParams} query */
export function follow(query) {
  const { today = {}, parameters = {} } = facts();
  for (const row of rows) {
    const name = row.dataset.name ?? "";
    paint(row, query.get(`set.${name}`), parameters[name]);
  }
  for (const lever of form.querySelectorAll(".lever")) {
    const field = lever.querySelector("select, input");
    if (!(field instanceof HTMLSelectElement || field instanceof HTMLInputElement)) continue;
    const level = query.get(field.name) ?? "";
    if (field.value !== level) field.value = level;
    lever.classList.toggle("moved", query.has(field.name));
    const reset = lever.querySelector("button.reset");
    if (reset instanceof HTMLElement) reset.toggleAttribute("hidden", !query.has(field.name));
    const [head, name] = [field.name.split(".")[0], field.name.slice(6)];
    if (head === "today" && field instanceof HTMLSelectElement) say(field.options[0], `${today[name]} (unmoved)`);
  }
  const held = [...query.keys()].some((key) => key.startsWith("do."));
  for (const field of [...period(), document.getElementById("announced")]) field?.toggleAttribute("disabled", !held);
  const years = query.get("during")?.split(",") ?? ["", ""];
  if (!period().includes(/** @type {any} */ (document.activeElement))) period().forEach((box, k) => (box.value = years[k] ?? ""));
  for (const button of form.querySelectorAll("button[data-variant]")) {
    const on = query.getAll("variant").includes(button.getAttribute("data-variant") ?? "");
    button.setAttribute("aria-pressed", String(on));
  }
}

const period = () => /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input[name=during]")]);

/** @param {Element} place @param {string} words */
function say(place, words) {
  if (place.textContent !== words) place.textContent = words;
}

/** Say at a box what is wrong in it. @param {HTMLInputElement} box @param {string} words */
function complain(box, words) {
  box.setCustomValidity(words);
  box.setAttribute("aria-invalid", String(Boolean(words)));
  const place = box.closest(".parameter, .group")?.querySelector(".outside, .wrong");
  if (place) say(place, words);
}

/** Say why a typed value cannot be a parameter's. @param {HTMLInputElement} box @param {number | undefined} value */
function wrong(box, value) {
  if (value === undefined) return box.value.trim() === "" ? "" : "This is not a number; write it as 0.5.";
  const { low = "0", high = "0", lowWords, highWords } = /** @type {HTMLElement} */ (box.closest(".parameter")).dataset;
  const far = FAR * (Number(high) - Number(low) || Math.abs(Number(low)) || 1);
  if (value >= Number(low) - far && value <= Number(high) + far) return "";
  return low === high ? `Too far from the stated value, ${lowWords}.` : `Too far outside of the stated range, ${lowWords} to ${highWords}.`;
}

/** @param {Mover} move */
export function bind(move) {
  let dragging = false; // one drag is one step back, however many values it went through
  let sliding = 0;

  /** @param {(query: URLSearchParams) => void} change */
  const go = (change, step = true) => {
    const query = present();
    change(query);
    const changed = spelled(query) !== spelled(present());
    if (changed) move(change, step);
    follow(present());
    return changed;
  };
  /** Replace all that is moved. @param {string} words */
  const choose = (words) =>
    go((query) => {
      for (const key of [...query.keys()]) if (moves(key)) query.delete(key);
      for (const [key, value] of new URLSearchParams(words)) query.append(key, value);
    });
  /** @param {string} key @param {string} value */
  const put = (key, value, step = true) => go((query) => (value === "" ? query.delete(key) : query.set(key, value)), step);

  /** @param {string} key */
  const reset = (key) =>
    go((query) => {
      const [name, value] = key.split("=");
      const others = value ? query.getAll(name).filter((one) => one !== value) : [];
      query.delete(name);
      for (const other of others) query.append(name, other);
    });

  /** @param {string} label A level of a variant, chosen or taken back. */
  const vary = (label) =>
    go((query) => {
      const own = label.slice(0, label.lastIndexOf(".") + 1);
      const old = query.getAll("variant");
      query.delete("variant");
      for (const one of old) if (!one.startsWith(own)) query.append("variant", one);
      if (!old.includes(label)) query.append("variant", label);
    });

  /** @param {HTMLInputElement} box */
  const exact = (box) => {
    const value = typed(box.value);
    const bad = wrong(box, value);
    complain(box, bad);
    const key = `set.${box.closest(".parameter")?.getAttribute("data-name")}`;
    if (bad || (value !== undefined && plain(value) === box.dataset.exact)) return;
    put(key, value === undefined ? "" : plain(value));
  };

  const years = () => {
    const [from, to] = period();
    const ends = [typed(from.value || "0"), typed(to.value)];
    for (const box of [from, to]) complain(box, "");
    if (!from.value && !to.value) return put("during", "");
    if (ends[0] === undefined) return complain(from, "This is not a year; write 0 for today.");
    if (!to.value) return; // it may be next
    if (ends[1] === undefined) return complain(to, "This is not a year.");
    if (ends[0] < 0 || ends[1] <= ends[0]) {
      return complain(to, "The hold must end after it begins, and begin at 0, which is today, or later.");
    }
    put("during", ends.map((end) => plain(end ?? 0)).join(","));
  };

  form.addEventListener("input", ({ target: slider }) => {
    if (!(slider instanceof HTMLInputElement) || slider.type !== "range") return;
    sliding ||= setTimeout(() => {
      sliding = 0;
      dragging = put(slider.name, chosen(slider), !dragging) || dragging;
    }, SLIDE);
  });
  form.addEventListener("change", ({ target: field }) => {
    if (field instanceof HTMLInputElement && field.type === "range") {
      clearTimeout(sliding);
      sliding = 0;
      put(field.name, chosen(field), !dragging);
      dragging = false;
    } else if (field instanceof HTMLInputElement && field.classList.contains("exact")) exact(field);
    else if (field instanceof HTMLInputElement && field.name === "during") years();
    else if ((field instanceof HTMLSelectElement || field instanceof HTMLInputElement) && field.name) put(field.name, field.value);
  });
  form.addEventListener("focusin", ({ target: box }) => {
    if (!(box instanceof HTMLInputElement) || !box.classList.contains("exact") || !box.validity.valid) return;
    box.value = box.dataset.exact ?? box.value;
    box.select();
  });
  form.addEventListener("focusout", ({ target: box }) => {
    if (!(box instanceof HTMLInputElement) || !box.classList.contains("exact") || !box.validity.valid) return;
    box.value = fine(Number(box.dataset.exact));
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("button") : null;
    if (!button) return;
    const data = button.dataset;
    if (data.reset) {
      const next = button.closest(".parameter, .lever")?.querySelector("input, select");
      reset(data.reset);
      (next instanceof HTMLElement ? next : document.getElementById("view"))?.focus();
    }
    if (data.variant) vary(data.variant);
    if (data.preset !== undefined) choose(data.preset);
    if (data.copy) copy(data.copy);
    const does = { undo, redo, replay, reset: () => choose(""), save: () => save(choose) };
    does[/** @type {keyof typeof does} */ (data.do)]?.();
  });

  const place = document.getElementById("facts");
  if (place) new MutationObserver(() => follow(present())).observe(place, { childList: true });
  document.addEventListener("detente:first", () => {
    if (document.getElementById("refused")) location.reload(); // the answers need their places
  });

  const query = present();
  const own = new URLSearchParams(drawer?.dataset.address);
  if (!query.has("at")) query.set("at", own.get("at") ?? "");
  enter(`${location.pathname}?${spelled(query)}`, false);
  list(choose);
  search(rows);
  fold();
  follow(present());
}

/** Where the page is narrow the panel is a drawer, closed at first; groups stay open or closed as they are left. */
function fold() {
  const key = `detente.groups.${present().get("case")}`;
  const groups = /** @type {HTMLDetailsElement[]} */ ([...form.querySelectorAll("details.group")]);
  const left = sessionStorage.getItem(key)?.split(",") ?? [];
  groups.forEach((group, k) => {
    if (left[k]) group.open = left[k] === "open";
    group.addEventListener("toggle", () => {
      sessionStorage.setItem(key, groups.map((one) => (one.open ? "open" : "closed")).join(","));
    });
  });
  const narrow = matchMedia("(max-width: 52rem)");
  const set = () => drawer?.toggleAttribute("open", !narrow.matches);
  narrow.addEventListener("change", set);
  set();
}
