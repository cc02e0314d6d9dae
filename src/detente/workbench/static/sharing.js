// @ts-check
/** The setting for others: a link, a command, or lines of Python. */
import { copyText } from "./clipboard.js";
import { read } from "./lines.js";

/** @param {string} words */
function say(words) {
  const place = document.getElementById("copied");
  if (place) place.textContent = words;
}

/** @param {string} kind @returns {Promise<string>} */
async function text(kind) {
  if (kind === "link") return location.href;
  const body = JSON.stringify({ query: location.search.slice(1), kind });
  const options = { method: "POST", headers: { "Content-Type": "application/json" }, body };
  for await (const line of read("/act/share", new AbortController().signal, options)) {
    if ("text" in line) return line.text;
    if (line.error) throw new Error(line.error);
  }
  return "";
}

/** @param {string} kind */
export async function copy(kind) {
  const place = document.getElementById("shared");
  try {
    const found = await text(kind);
    if (place) {
      place.textContent = found;
      place.hidden = false;
    }
    say(await copyText(found, place));
  } catch (error) {
    say(String(error instanceof Error ? error.message : error));
  }
}
