// @ts-check
/** Questions as cards: remembered for this tab, and asked again whenever the setting moves. */
import { act, check, complete } from "./complete.js";
import { builder } from "./builder.js";
import { copyText } from "./clipboard.js";

const MOST = 20;
const form = /** @type {HTMLFormElement} */ (document.getElementById("question"));
const list = /** @type {HTMLElement} */ (document.getElementById("cards"));
const template = /** @type {HTMLTemplateElement} */ (document.getElementById("card-template"));
const store = `detente:cards:${new URLSearchParams(location.search).get("case")}`;

/** @typedef {{ id: string, words: Record<string, string> }} Card */
/** @type {Card[]} */
let cards = remembered();
/** @type {{ stop: AbortController, first: boolean } | null} The answers under way. */
let asked = null;
/** @type {Set<string>} Cards that wait for an answer. */
let due = new Set();

function remembered() {
  try {
    const found = JSON.parse(sessionStorage.getItem(store) ?? "[]");
    return Array.isArray(found) ? found.slice(0, MOST) : [];
  } catch {
    return [];
  }
}

function remember() {
  sessionStorage.setItem(store, JSON.stringify(cards));
  const none = document.getElementById("no-cards");
  if (none) none.hidden = cards.length > 0 || document.getElementById("card-linked") !== null;
}

/** @param {string} words */
function say(words) {
  const status = document.getElementById("status");
  if (status) status.textContent = words;
}

const TITLES = new Map([
  ["likely", "How likely"],
  ["when", "When"],
  ["compare", "What if"],
  ["deal", "What would it take"],
]);

/** @param {Card} card */
function show(card) {
  const made = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
  made.id = `card-${card.id}`;
  const title = /** @type {HTMLElement} */ (made.querySelector("h3"));
  const query = document.createElement("code");
  const { words } = card;
  query.textContent = words.query;
  title.append(`${TITLES.get(words.kind) ?? "How likely"}: `, query);
  if (words.hold && words.kind !== "deal") title.append(`, holding ${words.hold} at ${words.level}`);
  if (words.given) title.append(`, from ${words.given}`);
  if (words.while && words.kind !== "when") title.append(`, while ${words.while}`);
  const places = { ".answer": "answer", ".more": "more", ".commands": "commands" };
  for (const [selector, part] of Object.entries(places)) {
    const place = made.querySelector(selector);
    if (place) place.id = `card-${card.id}-${part}`;
  }
  return made;
}

/** Ask cards; the first answers of those under way finish, the rest gives way. @param {string[]} ids */
async function answer(ids) {
  for (const id of ids) due.add(id);
  if (asked && !asked.first) return;
  asked?.stop.abort();
  const own = { stop: new AbortController(), first: false };
  asked = own;
  const mine = cards.filter((card) => due.has(card.id));
  due = new Set();
  list.dataset.state = "stale";
  let left = new Set(mine.map((card) => card.id));
  try {
    for await (const line of mine.length ? act("answer-cards", { cards: mine }, own.stop.signal) : []) {
      const puts = "put" in line ? { [line.put]: line.html } : (line.puts ?? {});
      for (const [id, html] of Object.entries(puts)) {
        const place = document.getElementById(id);
        if (place && place.innerHTML !== html) place.innerHTML = html;
      }
      if ("say" in line) say(line.say);
      if (line.first) {
        own.first = true;
        if (due.size) break;
      }
      if (line.end === "done") left = new Set();
      if (line.error) say(line.error);
    }
  } catch (error) {
    if (!own.stop.signal.aborted) say("The server does not answer. Start it again, then ask again.");
  }
  if (asked !== own) {
    for (const id of left) due.add(id);
    return;
  }
  asked = null;
  if (due.size) answer([...left]);
  else list.dataset.state = "done";
}

/** @param {Record<string, string>} words */
function add(words) {
  if (cards.length >= MOST) {
    say(`There is room for ${MOST} answers: remove one first.`);
    return;
  }
  const card = { id: crypto.randomUUID(), words };
  cards.unshift(card);
  list.prepend(show(card));
  remember();
  answer([card.id]);
}

/** @param {string} what @param {string} id @param {HTMLElement} element */
async function change(what, id, element) {
  const at = cards.findIndex((card) => card.id === id);
  if (what === "remove") {
    cards.splice(at, 1);
    const next = element.nextElementSibling ?? element.previousElementSibling;
    element.remove();
    const focus = next?.querySelector("[data-card=remove]") ?? form.elements.namedItem("query");
    if (focus instanceof HTMLElement) focus.focus();
  } else if (what === "up" && at > 0) {
    cards.splice(at - 1, 0, ...cards.splice(at, 1));
    element.previousElementSibling?.before(element);
    const button = element.querySelector("[data-card=up]");
    if (button instanceof HTMLElement) button.focus();
  } else if (what === "edit") fill(cards[at].words);
  else if (what === "command" || what === "python") {
    const text = element.querySelector(`[data-text=${what}]`);
    const details = text?.closest("details");
    if (details) details.open = true;
    say(await copyText(text?.textContent ?? "", text));
  }
  remember();
}

/** Fill the form in with the question of a card. @param {Record<string, string>} words */
function fill(words) {
  form.reset();
  for (const [name, value] of Object.entries(words)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = true;
    else if (field instanceof HTMLInputElement || field instanceof RadioNodeList) field.value = value;
    else if (field instanceof HTMLSelectElement) {
      field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
  const query = form.elements.namedItem("query");
  if (query instanceof HTMLElement) query.focus();
}

const wrong = check(form);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  /** @type {Record<string, string>} */
  const words = {}; // as they are now: one may type on while they are checked
  for (const [name, value] of new FormData(form)) if (value) words[name] = String(value);
  delete words.until;
  if (!words.hold) {
    delete words.level;
    delete words.unannounced;
  }
  const fault = await wrong().catch(() => null);
  if (fault) {
    fault.focus();
    return;
  }
  add(words);
});

list.addEventListener("click", (event) => {
  const button = event.target instanceof HTMLElement ? event.target : null;
  const element = button?.closest("li");
  const what = button?.dataset.card;
  if (what && element) change(what, element.id.slice("card-".length), element);
});

for (const name of ["query", "given", "while", "until"]) {
  const field = form.elements.namedItem(name);
  if (!(field instanceof HTMLInputElement)) continue;
  complete(field, () => {
    const kind = new FormData(form).get("kind");
    return name === "query" && (kind === "likely" || kind === "compare") ? "query" : "formula";
  });
}

/** Nobody pays itself. */
form.addEventListener("change", (event) => {
  if (!(event.target instanceof HTMLSelectElement) || !["of", "payer"].includes(event.target.name)) return;
  const other = form.elements.namedItem(event.target.name === "of" ? "payer" : "of");
  if (!(other instanceof HTMLSelectElement) || other.value !== event.target.value) return;
  const next = [...other.options].find((option) => option.value !== other.value);
  if (next) other.value = next.value;
});

builder(form);
for (const card of cards) list.append(show(card));
remember();
answer(cards.map((card) => card.id));
document.addEventListener("detente:stale", () => answer(cards.map((card) => card.id)));
