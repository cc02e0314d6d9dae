// @ts-check
/** Settings that the reader gave a name, in this browser, by case. */
import { moves, spelled } from "./address.js";

const place = /** @type {HTMLElement | null} */ (document.getElementById("own-presets"));
const caseName = new URLSearchParams(location.search).get("case") ?? "";
const key = `detente.presets.${caseName}`;

/** @returns {{ name: string, query: string }[]} */
function stored() {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one?.name === "string" && typeof one?.query === "string") : [];
  } catch {
    return [];
  }
}

/** What is moved, without the case and without what belongs to the view. */
function present() {
  const query = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(location.search)) if (moves(name)) query.append(name, value);
  return spelled(query);
}

/** @param {string} words @param {string} label @param {() => void} then */
function button(words, label, then) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", then);
  return made;
}

/** @param {(query: string) => void} choose */
export function list(choose) {
  const rows = place?.querySelector("ul");
  rows?.replaceChildren(
    ...stored().map(({ name, query }) => {
      const row = document.createElement("li");
      const drop = button("remove", `Remove ${name}`, () => {
        localStorage.setItem(key, JSON.stringify(stored().filter((one) => one.name !== name)));
        list(choose);
        document.getElementById("own-name")?.focus();
      });
      row.append(button(name, "", () => choose(query)), " ", drop);
      return row;
    }),
  );
}

/** @param {(query: string) => void} choose */
export function save(choose) {
  const input = document.getElementById("own-name");
  if (!(input instanceof HTMLInputElement)) return;
  const name = input.value.trim();
  if (!name) return input.focus();
  const others = stored().filter((one) => one.name !== name);
  localStorage.setItem(key, JSON.stringify([...others, { name, query: present() }]));
  input.value = "";
  list(choose);
}
