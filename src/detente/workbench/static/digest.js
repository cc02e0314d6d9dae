// @ts-check
/** Has the settings that this tab went through put into words, and copies them. */
import { copyText } from "./clipboard.js";
import { read } from "./lines.js";
import { apply } from "./page.js";
import { list, SEEN, setting, store } from "./visited.js";

const said = document.getElementById("digest-said");

/** @param {string} words */
function say(words) {
  if (said) said.textContent = words;
}

async function tell() {
  const lines = read("/act/digest", new AbortController().signal, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ addresses: list(SEEN) }),
  });
  try {
    for await (const line of lines) {
      apply(line);
      if (line.error) say(line.error);
    }
  } catch {
    say("The server does not answer. Start it again.");
  }
}

document.addEventListener("detente:first", tell);
document.getElementById("digest-clear")?.addEventListener("click", () => {
  store(SEEN, [setting()]);
  tell();
});
document.getElementById("digest-copy")?.addEventListener("click", async () => {
  const place = document.getElementById("digest-text");
  say(await copyText(place?.textContent ?? "", place));
});
