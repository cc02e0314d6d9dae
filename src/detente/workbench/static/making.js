// @ts-check
/** A form that makes a case file: where it was made the page goes there, else the form says why not. */

const SAID = "detente-said";

/** Say on the page that was gone to what was made. @param {HTMLElement} place */
export function say(place) {
  place.textContent = sessionStorage.getItem(SAID);
  sessionStorage.removeItem(SAID);
}

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
    sessionStorage.setItem(SAID, found.said ?? "");
    location.assign(found.go);
  });
}
