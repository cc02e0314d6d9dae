// @ts-check
/** Pinned settings: remembered by the tab, offered for putting beside the present one. */
import { list, store } from "./visited.js";

const KEY = "detente-pins";

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("[data-pin]") : null;
  const address = link?.getAttribute("data-pin");
  if (address) store(KEY, [...list(KEY).filter((one) => one !== address), address]);
});

/** What is moved at an address, in few words. @param {string} address */
function words(address) {
  const parts = [];
  for (const [key, value] of new URLSearchParams(address)) {
    const [head, ...rest] = key.split(".");
    const name = rest.join(".");
    if (head === "set") parts.push(`${name} ${value}`);
    if (head === "do") parts.push(`${name} held at ${value}`);
    if (head === "today") parts.push(`${name} today ${value}`);
    if (head === "variant" || head === "start") parts.push(`${head} ${value}`);
  }
  return parts.join(", ") || "as stated";
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
  const pins = list(KEY).filter((one) => !present.includes(one));
  const rows = pins.map((one) => {
    const row = document.createElement("li");
    const link = document.createElement("a");
    link.href = beside(one);
    link.textContent = `${new URLSearchParams(one).get("case")}: ${words(one)}`;
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
