// @ts-check
/** The settings that this tab went through, for its digest. */
import { place, spelled } from "./address.js";

const MOST = 200;

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

document.addEventListener("detente:first", () => {
  const seen = list("detente-digest");
  const now = setting();
  if (seen.at(-1) !== now) store("detente-digest", [...seen, now]);
});
