// @ts-check
/** Texts that were not saved, remembered by this browser for each tab and offered back, never put in silently. */

/** @typedef {{ text: string, base: string, time: string }} Unsaved */

/** @param {string} name @param {string} table */
export function unsavedTexts(name, table) {
  const prefix = `detente:edit:${name}:${table}:`;
  const tab = sessionStorage.getItem("detente:tab") ?? crypto.randomUUID();
  sessionStorage.setItem("detente:tab", tab);

  return {
    /** Whether it could be remembered. @param {string} text @param {string} base */
    remember(text, base) {
      try {
        localStorage.setItem(prefix + tab, JSON.stringify({ text, base, time: new Date().toISOString() }));
        return true;
      } catch {
        return false; // the browser's store is full
      }
    },
    forget() {
      localStorage.removeItem(prefix + tab);
    },
    /** Offer what was remembered and is not what the file says. @param {HTMLElement} place @param {string} saved @param {(found: Unsaved) => void} take */
    offer(place, saved, take) {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
      for (const key of keys) {
        /** @type {Unsaved} */
        const found = JSON.parse(localStorage.getItem(key) ?? "{}");
        if (found.text === saved) localStorage.removeItem(key);
        if (!found.text || found.text === saved) continue;
        const offer = document.createElement("p");
        offer.className = "offer";
        const button = (/** @type {string} */ words, /** @type {() => void} */ deed) => {
          const made = document.createElement("button");
          made.type = "button";
          made.textContent = words;
          made.addEventListener("click", () => {
            deed();
            offer.remove();
            document.getElementById("edit-source")?.focus();
          });
          return made;
        };
        const when = new Date(found.time).toLocaleString();
        offer.append(
          `This browser remembers a text that was not saved, from ${when}. `,
          button("Take it up", () => take(found)),
          " ",
          button("Throw it away", () => localStorage.removeItem(key)),
        );
        place.append(offer);
      }
    },
  };
}
