// @ts-check
/** A form that makes a case file: where it was made the page goes there, else the form says why not. */

/**
 * @param {HTMLElement} place
 * @param {(fields: object) => Promise<any>} make
 * @param {() => void} [made]
 */
export function making(place, make, made = () => {}) {
  place.querySelector("form")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(/** @type {HTMLFormElement} */ (event.target)));
    const found = await make(fields);
    const said = place.querySelector(".failed");
    if (said) said.textContent = found.error ?? "";
    if (!found.go) return;
    made();
    location.assign(found.go);
  });
}
