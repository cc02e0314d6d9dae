// @ts-check
/** Copying: by the page where the browser lets it, else what is to be copied is marked. */

/**
 * @param {string} text
 * @param {Element | null} place Where the text stands on the page.
 * @returns {Promise<string>} What to say.
 */
export async function copyText(text, place) {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied.";
  } catch {
    if (place) getSelection()?.selectAllChildren(place);
    return "The browser does not let the page copy: copy the marked text yourself.";
  }
}
