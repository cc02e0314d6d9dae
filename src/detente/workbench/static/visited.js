// @ts-check
/** The settings that this tab went through, for its digest. */
import { moves, place, spelled } from "./address.js";

const MOST = 200;
/** Under what they are stored. */
export const SEEN = "detente-digest";

/** @param {string} key @returns {string[]} */
export function list(key) {
  try {
    const found = JSON.parse(sessionStorage.getItem(key) ?? "[]");
    return Array.isArray(found) ? found.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

/** @param {string} key @param {string[]} addresses */
export function store(key, addresses) {
  sessionStorage.setItem(key, JSON.stringify(addresses.slice(-MOST)));
}

/** The part of an address, the present one, that is the setting. */
export function setting(search = location.search) {
  const found = [...new URLSearchParams(search)].filter(([key]) => place(key) >= 0 && key !== "at");
  return spelled(new URLSearchParams(found));
}

/** Where this tab last left a case, and how much is moved there. @param {string} name */
export function left(name) {
  const address = list(SEEN).findLast((one) => new URLSearchParams(one).get("case") === name) ?? "";
  const keys = [...new URLSearchParams(address).keys()];
  return { address, moved: keys.filter((key) => moves(key) && !["announced", "during"].includes(key)).length };
}

document.addEventListener("detente:first", () => {
  const seen = list(SEEN);
  const now = setting();
  if (seen.at(-1) !== now) store(SEEN, [...seen, now]);
});
