// @ts-check
/** Numbers as the server spells and prints them: `precise` and `show(.., "fine")` of detente.text. */

/** Python's `.12g`. @param {number} value @param {number} digits */
function general(value, digits) {
  if (value === 0) return "0";
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < digits) return bare(value.toFixed(digits - 1 - exponent));
  return `${bare(mantissa)}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/** Without zeros at the end. @param {string} text */
const bare = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/** A number as an address has it: twelve digits. @param {number} value */
export const plain = (value) => general(value, 12);

/** A number for a reader: three digits, or to the unit. @param {number} value */
export function fine(value) {
  const size = Math.abs(value);
  if (size < 1e-9) return "0";
  const sign = value < 0 ? "\u2212" : "";
  if (size >= 1e7) return sign + general(size, 3);
  if (size >= 999.5) return sign + Math.round(size).toLocaleString("en-US");
  const exponent = Number(size.toExponential(2).split("e")[1]);
  return sign + bare(size.toFixed(2 - exponent));
}

/** What somebody typed, or nothing. @param {string} text */
export function typed(text) {
  const bare = text.trim().replace("\u2212", "-").replace(/,(?=\d{3}\b)/g, "");
  const found = bare === "" ? NaN : Number(bare);
  return Number.isFinite(found) ? found : undefined;
}
