// @ts-check
/** The edit page: one text, checked as it changes; forms, saving and versions around it. */
import { forms } from "./edit_forms.js";
import { editor } from "./editor.js";
import { read } from "./lines.js";
import { listbox } from "./listbox.js";
import { making, say } from "./making.js";
import { unsavedTexts } from "./edit_unsaved.js";

const PAUSE = 500;
/** What a text starts from that was stored beside the file: a save of it is always asked about. */
const UNKNOWN = "unknown";
const STORED = "When you save this text, you first see how it differs from the file.";
const CHANGED = "The file is no longer what this text started from; when you save, you see what differs.";
const REFUSED = "Nothing was saved, as the file is no longer what this text started from. Save again to choose.";
const root = /** @type {HTMLElement} */ (document.getElementById("edit"));
const place = /** @type {(id: string) => HTMLElement} */ (document.getElementById.bind(document));
const { case: name = "", table = "" } = root.dataset;
const builtin = "builtin" in root.dataset;
const page = document.getElementById("setting") ? await import("./page.js") : null;
const watch = page ? await import("./watch.js") : null;
const unsaved = unsavedTexts(name, table);

const text = editor(/** @type {HTMLElement} */ (root.querySelector(".editor")), typed);
let base = root.dataset.sha ?? "";
let saved = text.area.value;
/** The hash of the file that says so. */
let savedAt = base;
let title = "";
let section = root.dataset.section ?? "parameters";
/** @type {number | null} */
let rows = null;
/** @type {number | undefined} */
let waiting;
/** @type {AbortController | null} */
let checking = null;
/** @type {any} */
let conflict = null;
/** Saves begun and ended: odd while one is under way. */
let saves = 0;

/** Ask the server to do something with the text, and return all that it said. @param {string} action @param {object} body @param {AbortSignal} [signal] */
async function act(action, body, signal = new AbortController().signal) {
  /** @type {any} */
  const found = {};
  const whole = JSON.stringify({ case: name, table, text: text.area.value, ...body });
  try {
    const options = { method: "POST", headers: { "content-type": "application/json" }, body: whole };
    for await (const line of read(`/act/${action}`, signal, options)) {
      if ("put" in line && line.put !== "edit-forms") place(line.put).innerHTML = line.html;
      if ("put" in line && line.put === "edit-forms") found.forms = line.html;
      if ("say" in line) place("edit-state").textContent = line.say;
      Object.assign(found, line);
    }
  } catch (error) {
    if (signal.aborted) return { error: "" };
    const said = error instanceof Error && /too much/.test(error.message) ? "The text is too long to send; shorten it." : "";
    return { error: said || "The server does not answer. The text is still here, and this browser remembers it; start the server again." };
  }
  return found;
}

/** @param {string} words */
const complain = (words) => void (place("edit-error").textContent = words);

function mark() {
  const same = text.area.value === saved;
  place("edit-state").textContent = same ? "as saved" : "not saved";
  root.classList.toggle("unsaved", !same);
  return same;
}

function typed() {
  place("edit-said").textContent = "";
  clearTimeout(waiting);
  waiting = window.setTimeout(check, PAUSE);
  if (!root.classList.contains("unsaved")) mark();
}

function check() {
  const work = look();
  page?.hold(work);
  return work;
}

async function look() {
  clearTimeout(waiting);
  checking?.abort();
  const own = (checking = new AbortController());
  const same = mark();
  if (same) base = savedAt; // also where a text that was taken up is undone
  const began = saves;
  if (same) unsaved.forget();
  else unsaved.remember(text.area.value, base);
  document.body.dataset.check = "asked";
  const found = await act("check", { section, rows, unsaved: !same }, own.signal);
  if (checking !== own) return;
  if (found.error !== undefined) return complain(found.error);
  const settled = saves === began && saves % 2 === 0; // else a save says what there is to say
  const foreign = settled && found.now !== base;
  if (foreign && watch && text.area.value === saved && !form.begun()) return watch.reload();
  if (settled) complain(foreign ? (base === UNKNOWN ? STORED : CHANGED) : "");
  text.show(found.findings);
  place("edit-count").textContent = found.count;
  place("edit-count").hidden = !found.count;
  place("edit-count").classList.toggle("failed", !found.sound);
  form.render(found.forms);
  begin();
  title = found.title;
  document.body.dataset.check = "done";
}

document.addEventListener("detente:changed", (event) => {
  event.preventDefault(); // the change may be this page's own save, and a text may not be saved yet
  check();
});

/** Open the form that the address asks for, once. */
function begin() {
  const query = new URLSearchParams(location.search);
  if (query.has("add") && form.begin(query.get("add") ?? "")) {
    query.delete("add");
    history.replaceState(history.state, "", `?${query}`);
  }
}

const form = forms(place("edit-forms"), {
  act,
  put: text.put,
  goTo: text.goTo,
  check,
  rows(chosen) {
    rows = chosen;
    check();
  },
});

listbox(text.area, async (_, caret) => {
  const found = await act("complete_text", { caret, list: true });
  return { from: found.from ?? caret, options: found.options ?? [] };
}, text);

/** Say what the key of the caret's line means. */
let described = -1;
let looking = 0;
async function describe() {
  const line = text.area.value.lastIndexOf("\n", text.area.selectionStart - 1);
  if (line === described || table) return;
  described = line;
  const mine = ++looking;
  const found = await act("complete_text", { caret: text.area.selectionStart, list: false });
  if (mine === looking && found.about) {
    const key = document.createElement("code");
    key.textContent = found.about[0];
    place("edit-about").replaceChildren(...(found.about[0] ? [key, ` ${found.about[1]}`] : []));
  }
}
let still = 0;
document.addEventListener("selectionchange", () => {
  if (document.activeElement !== text.area) return;
  clearTimeout(still);
  still = window.setTimeout(describe, 250);
});

async function save() {
  if (builtin) return deeds.as();
  if (!(await form.settled())) return; // the form says why
  clearTimeout(waiting);
  const sent = text.area.value;
  finish(await store("save", { base }), sent);
}

/** @param {string} action @param {object} body */
async function store(action, body) {
  saves += 1;
  const found = await act(action, body);
  if (found.saved !== undefined) base = found.saved;
  saves += 1;
  return found;
}

/** Take in what a save led to. @param {any} found @param {string} sent */
function finish(found, sent) {
  if (found.error !== undefined) return complain(found.error);
  complain(found.conflict ? REFUSED : "");
  if (found.conflict) {
    conflict = found.conflict;
    if (!dialog("conflict").open) dialog("conflict").showModal();
  }
  if (found.saved === undefined) return;
  saved = sent;
  savedAt = base;
  if (mark()) unsaved.forget();
  for (const offer of root.querySelectorAll(".offer[data-stored]")) offer.remove();
  if (!page) return void location.reload(); // a case that could not be read can be now
  page.move((query) => query.set("at", found.at));
}

/** @param {string} which */
const dialog = (which) => /** @type {HTMLDialogElement} */ (place(`edit-${which}`));

making(dialog("as"), (fields) => act("save_as", { ...fields, section, setting: location.search.slice(1) }), () => unsaved.forget());
making(dialog("new"), (fields) => act("new_case", fields));

/** @type {Record<string, (button?: any) => unknown>} */
const deeds = {
  save,
  async as() {
    if (!(await form.settled())) return;
    /** @type {HTMLInputElement} */ (dialog("as").querySelector("[name=title]")).defaultValue = `${title} (copy)`;
    dialog("as").showModal();
  },
  new: () => dialog("new").showModal(),
  close: (button) => button.closest("dialog")?.close(),
  stay: () => dialog("conflict").close(),
  async draft() {
    if (!(await form.settled())) return;
    const found = await act("save_draft", {});
    complain(found.error ?? "");
  },
  async take(button) {
    const offer = /** @type {HTMLElement} */ (button.closest(".offer"));
    const found = await act("stored_text", { which: offer.dataset.stored });
    if (found.error !== undefined) return complain(found.error);
    base = UNKNOWN;
    text.put(found.text);
    offer.remove();
  },
  async drop(button) {
    const offer = /** @type {HTMLElement} */ (button.closest(".offer"));
    await act("stored_text", { which: offer.dataset.stored, drop: true });
    offer.remove();
  },
  async mine() {
    dialog("conflict").close();
    const sent = text.area.value;
    finish(await store("save", { base: conflict.sha }), sent);
  },
  async theirs() {
    dialog("conflict").close();
    const found = await act("save_draft", {});
    if (found.error) return complain(found.error);
    if (conflict.text === null) return complain("The file is gone; save your text to write it again.");
    base = savedAt = conflict.sha;
    saved = conflict.text;
    text.put(conflict.text);
  },
};

root.addEventListener("click", async (event) => {
  const target = event.target instanceof Element ? event.target.closest("button, a") : null;
  if (target instanceof HTMLAnchorElement && target.dataset.table !== undefined) {
    const query = new URLSearchParams(location.search); // the other file of the case, at the same setting
    query.delete("section");
    if (target.dataset.of) query.set("section", target.dataset.of);
    if (target.dataset.table) query.set("table", target.dataset.table);
    else query.delete("table");
    target.search = `?${query}`;
  }
  if (!(target instanceof HTMLElement) || place("edit-forms").contains(target)) return;
  const { act: deed, restore, line, column, section: chosen } = target.dataset;
  if (deed && deed in deeds) deeds[deed](target);
  if (chosen) {
    section = chosen;
    rows = null;
    for (const button of root.querySelectorAll("button[data-section]")) button.setAttribute("aria-pressed", String(button === target));
    place("edit-forms").scrollTop = 0;
    check();
  }
  if (line) {
    event.preventDefault();
    text.goTo(Number(line), Number(column));
  }
  if (restore) {
    const found = await store("restore_version", { version: restore, base });
    if (found.text !== undefined) text.put(found.text);
    finish(found, found.text ?? saved);
  }
});

root.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !("versions" in form.dataset)) return;
  event.preventDefault();
  const found = await act("compare_versions", Object.fromEntries(new FormData(form)));
  complain(found.error ?? "");
});

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    save();
  }
});
addEventListener("beforeunload", (event) => {
  if (text.area.value !== saved && !unsaved.remember(text.area.value, base)) event.preventDefault();
});

say(place("edit-said"));
unsaved.offer(place("edit-offer"), saved, (found) => {
  base = found.base || UNKNOWN;
  text.put(found.text);
});
// What this browser remembers is at least as late as what the server stored of it.
if (root.querySelector("#edit-offer .offer")) root.querySelector('.offer[data-stored="unsaved"]')?.remove();
check();
