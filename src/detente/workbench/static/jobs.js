// @ts-check
/** Jobs: started from a form, and looked at while any runs. */
import { act } from "./complete.js";
import { read } from "./lines.js";

const OFTEN = 1000;
const SELDOM = 5000;
const form = /** @type {HTMLFormElement} */ (document.getElementById("new-job"));
const tab = crypto.randomUUID();

/** What was put last, by place: only what changed is put, so that the focus stays. */
const last = new Map();
/** How each job stood when it was last looked at. */
let states = new Map();
let timer = 0;

/** @param {string} words */
function say(words) {
  const status = document.getElementById("status");
  if (status) status.textContent = words;
}

async function look() {
  clearTimeout(timer);
  try {
    const query = new URLSearchParams(location.search);
    query.delete("job");
    query.set("tab", tab);
    query.set("lane", "jobs-list");
    for await (const line of read(`/stream/jobs?${query}`, AbortSignal.timeout(30000))) {
      if (!("put" in line)) continue;
      const place = document.getElementById(line.put);
      if (!place || (last.get(line.put) === line.html && place.childNodes.length)) continue;
      if (line.put === "jobs") last.clear();
      last.set(line.put, line.html);
      place.innerHTML = line.html;
    }
    announce();
  } catch {
    say("The server does not answer. Jobs go on; start it again to see them.");
  }
  const live = document.querySelector("[data-job-state=running], [data-job-state=waiting], [data-job-state=stopping]");
  timer = setTimeout(look, live ? OFTEN : SELDOM);
}

/** Say which jobs have ended since the last look. */
function announce() {
  const now = new Map();
  for (const element of document.querySelectorAll("li.job")) {
    const state = element.querySelector("[data-job-state]");
    if (!(state instanceof HTMLElement)) continue;
    const words = state.dataset.jobState;
    now.set(element.id, words);
    const before = states.get(element.id);
    const ended = words === "done" || words === "stopped" || words === "failed";
    if (before && before !== words && ended) {
      say(`${element.querySelector("h3")?.textContent}: ${state.textContent}`);
    }
  }
  states = now;
}

const words = () => Object.fromEntries(new FormData(form));

let preview = new AbortController();

/** Show the command that would run. */
async function show() {
  preview.abort();
  const own = (preview = new AbortController());
  const command = /** @type {HTMLElement} */ (document.getElementById("job-command"));
  const problem = /** @type {HTMLElement} */ (document.getElementById("job-problem"));
  try {
    for await (const line of act("job-command", { words: words() }, own.signal)) {
      if ("command" in line) {
        command.textContent = ["detente", ...line.command].join(" ");
        problem.textContent = line.left_out
          ? "What the page holds and today’s state are left out: this asks the case’s own questions."
          : "";
      }
      if (line.error) {
        command.textContent = "";
        problem.textContent = line.error;
      }
    }
  } catch {
    // a newer one is under way, or the list says that the server does not answer
  }
}

/** @param {string} what @param {object} body */
async function send(what, body) {
  const answer = await fetch(`/jobs/${what}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => null);
  const said = answer ? await answer.json().catch(() => ({})) : { error: "The server does not answer." };
  if (said.error) say(said.error);
  await look();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send("start", { address: location.search, words: words() });
});
form.addEventListener("input", show);
document.getElementById("jobs")?.addEventListener("click", (event) => {
  const button = event.target instanceof HTMLElement ? event.target : null;
  if (button?.dataset.job) send(button.dataset.job, { id: button.dataset.id });
});
document.addEventListener("detente:stale", show);
document.addEventListener("detente:done", look);
show();
look();
