// @ts-check
/** Finds parameters by name, reason and source as one types. */

/** @param {HTMLElement[]} rows */
export function search(rows) {
  const box = document.getElementById("find");
  const found = document.getElementById("found");
  if (!(box instanceof HTMLInputElement)) return;
  const texts = rows.map((row) => `${row.dataset.name} ${row.dataset.title} ${row.querySelector(".why")?.textContent}`.toLowerCase());
  const groups = new Set(rows.map((row) => row.closest("details.group")));

  const look = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, k) => {
      row.hidden = !words.every((word) => texts[k].includes(word));
      if (!row.hidden) count += 1;
    });
    for (const group of groups) {
      if (!(group instanceof HTMLDetailsElement)) continue;
      group.hidden = !group.querySelector(".parameter:not([hidden])");
      if (words.length) group.open = true;
    }
    if (found) found.textContent = words.length ? `${count} of ${rows.length}` : "";
  };
  box.addEventListener("input", look);
}
