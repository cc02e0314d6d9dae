// @ts-check
/** The list of cases: each at the setting that this tab left it at, and a new case. */
import { read } from "./lines.js";
import { making } from "./making.js";
import { left } from "./visited.js";

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

/** A case that this tab moved something in opens as it was left; what it states is one link further. */
function offer() {
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".cases li > a"))) {
    const name = link.textContent ?? "";
    const { address, moved } = left(name);
    link.parentElement?.querySelector(".left")?.remove();
    const stated = `?${new URLSearchParams({ case: name })}`;
    link.search = moved ? `?${address}` : stated;
    if (!moved) continue;
    const more = document.createElement("span");
    const plain = document.createElement("a");
    more.className = "small left";
    plain.href = `/claims${stated}`;
    plain.textContent = "open as stated";
    more.append(` ${moved} moved, as you left it; `, plain);
    link.parentElement?.append(more);
  }
}

addEventListener("pageshow", offer); // Back shows the page as it was
