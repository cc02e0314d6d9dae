// @ts-check
/** The settings that were pinned in this tab, in any view, each with what is moved, in words. */

const KEY = "detente-pins";
const MOST = 20;

/** @typedef {{ address: string, name: string, words: string }} Pin */

/** @returns {Pin[]} */
export function pins() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

/** @param {Pin[]} found */
function store(found) {
  sessionStorage.setItem(KEY, JSON.stringify(found.slice(-MOST)));
}

/** Remember the setting of the page, which says in words what is moved. @param {string} address */
export function pin(address) {
  const moves = [...document.querySelectorAll("#moved li")].map((move) => move.firstChild?.textContent?.trim());
  const one = { address, name: document.body.dataset.case ?? "", words: moves.join("; ") || "as stated" };
  store([...pins().filter((other) => other.address !== address), one]);
}

/** Forget what was pinned of a case. @param {string} name */
export function unpin(name) {
  store(pins().filter((one) => one.name !== name));
}
