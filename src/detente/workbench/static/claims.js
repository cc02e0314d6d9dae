// @ts-check
/** The table of claims: pinning, which rows are shown and in which order, links that follow. */
import { move } from "./page.js";
import { pin, pins, unpin } from "./pins.js";
import { setting } from "./visited.js";

const table = /** @type {HTMLTableElement} */ (document.querySelector("table.claims-view"));
const rows = [...table.tBodies[0].rows];
const first = /** @type {HTMLInputElement} */ (document.getElementById("changed-first"));
const choice = /** @type {HTMLSelectElement} */ (document.getElementById("show-claims"));
const unasked = document.querySelector("table.unasked");
const unpinning = /** @type {HTMLButtonElement} */ (document.querySelector("[data-claims=unpin]"));

/** Said instead of a table without rows. */
const NONE = { turned: "No verdict changed.", changed: "No answer changed.", brief: "The brief names no claim that is put to the model." };
const FLASH = 1200; // milliseconds

/** @param {HTMLTableRowElement} row */
const changed = (row) => row.querySelector(".change") !== null;

/** @param {HTMLTableRowElement} row */
const turned = (row) => row.querySelector(".change[data-turned]") !== null;

/** What comes first where changes do: another verdict, then another answer. @param {HTMLTableRowElement} row */
const rank = (row) => (turned(row) ? 0 : changed(row) ? 1 : 2);

/** What is known so far of the setting that is asked for. */
const known = () => table.querySelector(".changes.stale") === null;

/** @param {number} count @param {string} noun */
const several = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Say how many answers and verdicts changed, once that is known, and how many rows there are to see. */
function count() {
  const answers = table.querySelectorAll(".change").length;
  const verdicts = table.querySelectorAll(".change[data-turned]").length;
  const words = `${several(answers, "answer")} changed${verdicts ? `, ${several(verdicts, "verdict")}` : ""}; `;
  const some = rows.filter((row) => !row.hidden).length;
  return `${known() ? words : ""}${some} of ${several(rows.length, "claim")} shown`;
}

/** Say of each range whether it is still to come, or of the setting before. */
function age() {
  const gone = document.body.dataset.state === "failed";
  for (const place of table.querySelectorAll(".over .answer")) {
    const note = place.previousElementSibling;
    const late = place.hasChildNodes() ? "Over the setting before:" : gone ? "" : "Ranges follow.";
    const words = place.classList.contains("stale") ? late : "";
    if (note && note.textContent !== words) note.textContent = words;
  }
}

/** The verdict over draws where it is there, else the word at the setting. @param {Element} row */
function word(row) {
  const found = row.querySelector(".over div:not(.stale) [data-word]") ?? row.querySelector("[data-word]");
  return found instanceof HTMLElement ? found.dataset.word : "";
}

/** Show the rows that are asked for, in the order that is asked for; nothing moves without need. */
function arrange() {
  const shown = rows.filter((row) => {
    if (choice.value === "all") return true;
    if (choice.value === "brief") return "brief" in row.dataset;
    if (choice.value === "turned") return turned(row);
    return choice.value === "changed" ? changed(row) : word(row) === choice.value;
  });
  for (const row of rows) row.hidden = !shown.includes(row);
  const waits = ["changed", "turned"].includes(choice.value) && !known();
  const none = rows.length > 0 && !shown.length && !waits;
  table.hidden = none;
  unasked?.toggleAttribute("hidden", choice.value !== "all");
  const said = document.getElementById("no-claims");
  const why = none ? NONE[/** @type {keyof typeof NONE} */ (choice.value)] ?? `No claim stands at “${choice.value}”.` : "";
  if (said && said.textContent !== why) said.textContent = why;
  const order = first.checked ? [...rows].sort((one, other) => rank(one) - rank(other)) : rows;
  const body = table.tBodies[0];
  if (order.some((row, place) => body.rows[place] !== row)) body.append(...order);
  const output = document.getElementById("shown-claims");
  const words = count();
  if (output && output.textContent !== words) output.textContent = words;
}

function look() {
  arrange();
  age();
}

/** Links of the rows go to the present setting. */
function link() {
  for (const found of table.querySelectorAll("a.why")) {
    const query = new URLSearchParams(location.search);
    if (found instanceof HTMLAnchorElement) {
      query.set("claim", found.dataset.claim ?? "");
      found.search = `?${query}`;
    }
  }
}

const name = document.body.dataset.case ?? "";

document.addEventListener("click", (event) => {
  const what = event.target instanceof HTMLElement ? event.target.dataset.claims : undefined;
  if (what === "pin") {
    const pinned = setting();
    pin(pinned);
    move((query) => query.set("pin", pinned));
  }
  if (what === "unpin") {
    unpin(name);
    move((query) => query.delete("pin"));
    document.querySelector("[data-claims=pin]")?.focus();
  }
});

document.addEventListener("detente:stale", () => {
  for (const place of table.querySelectorAll(".over .answer, .bar, .changes")) place.classList.add("stale");
  look();
  unpinning.hidden = !new URLSearchParams(location.search).has("pin");
  link();
});
for (const what of ["put", "failed"]) document.addEventListener(`detente:${what}`, look);
let live = false; // what the page opens with is not new
document.addEventListener("detente:first", () => {
  const fresh = table.querySelectorAll(".now:not(.settled)");
  const settle = () => fresh.forEach((now) => now.classList.add("settled"));
  if (live) setTimeout(settle, FLASH);
  else settle();
  live = true;
});
first.addEventListener("change", arrange);
choice.addEventListener("change", arrange);

const remembered = pins().findLast((one) => one.name === name)?.address;
if (remembered && !new URLSearchParams(location.search).has("pin")) {
  move((query) => query.set("pin", remembered), false);
}
link();
age();
