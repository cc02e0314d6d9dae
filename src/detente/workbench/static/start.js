// @ts-check
/** A new case from the list of cases. */
import { read } from "./lines.js";
import { making } from "./making.js";

const place = /** @type {HTMLElement} */ (document.getElementById("new-case"));
place.hidden = false;

making(place, async (fields) => {
  const found = {};
  const options = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(fields) };
  try {
    for await (const line of read("/act/new_case", new AbortController().signal, options)) Object.assign(found, line);
  } catch {
    return { error: "The server does not answer; start it again." };
  }
  return found;
});
