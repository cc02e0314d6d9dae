// @ts-check
/** Pinned settings: remembered by the tab, offered for putting beside the present one. */
import { move } from "./page.js";
import { pin, pins } from "./pins.js";
import { setting } from "./visited.js";

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("[data-pin]") : null;
  const address = link?.getAttribute("data-pin");
  if (address) pin(address);
});

// Who comes from another view with one pin, and nothing chosen, wants that pin beside; who took it away does not.
const others = pins().filter((one) => one.name === document.body.dataset.case && setting(one.address) !== setting());
if (others.length === 1 && !new URLSearchParams(location.search).has("with") && !new URL(document.referrer || location.href).pathname.startsWith("/compare")) {
  move((query) => query.append("with", others[0].address), false);
}

/** @param {string} address */
function beside(address) {
  const query = new URLSearchParams(location.search);
  const others = query.getAll("with").slice(-1);
  query.delete("with");
  for (const one of [...others, address]) query.append("with", one);
  return `${location.pathname}?${query}`;
}

document.addEventListener("detente:first", () => {
  const place = document.getElementById("compare-pins");
  const present = new URLSearchParams(location.search).getAll("with");
  const rows = pins().filter((one) => !present.includes(one.address)).map((one) => {
    const row = document.createElement("li");
    const link = document.createElement("a");
    link.href = beside(one.address);
    link.textContent = `${one.name}: ${one.words}`;
    row.append(link);
    return row;
  });
  if (!rows.length) return place?.replaceChildren();
  const heading = document.createElement("h3");
  heading.textContent = "Pinned earlier; choose one to put it beside";
  const all = document.createElement("ul");
  all.append(...rows);
  place?.replaceChildren(heading, all);
});
