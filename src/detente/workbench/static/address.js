// @ts-check
/** The setting as an address, spelled as the server spells it (`Setting.address`). */

const ORDER = ["case", "at", "variant", "set.", "do.", "announced", "during", "today.", "start"];

/** @param {string} text @param {RegExp} open Escapes that are taken back. */
function quoted(text, open) {
  const all = encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return all.replace(open, decodeURIComponent);
}

/** @param {string} key The place of a key in an address; -1 for what belongs to the view. */
export function place(key) {
  return ORDER.findIndex((one) => (one.endsWith(".") ? key.startsWith(one) : key === one));
}

/** Whether a key says something that is moved. @param {string} key */
export const moves = (key) => place(key) > 1;

/** @param {URLSearchParams} query */
export function spelled(query) {
  const held = [...query.keys()].some((key) => key.startsWith("do."));
  const pairs = [...query].filter(([key, value]) => value && key !== "plain" && (held || !["announced", "during"].includes(key)));
  const own = pairs.filter(([key]) => place(key) >= 0);
  own.sort(([a, x], [b, y]) => place(a) - place(b) || (a < b ? -1 : a > b ? 1 : x < y ? -1 : 1));
  const rest = pairs.filter(([key]) => place(key) < 0);
  return [...own, ...rest].map(([key, value]) => `${quoted(key, /$^/g)}=${quoted(value, /%2C|%2F/g)}`).join("&");
}
