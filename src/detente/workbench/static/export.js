// @ts-check
/** The menu of exports: files from the server, and figures as SVG and PNG out of what is seen. */

const menu = /** @type {HTMLDetailsElement | null} */ (document.querySelector("details.export"));
const list = document.getElementById("export-figures");

/** What a drawing looks like, of which style sheets say nothing in a file of its own. */
const LOOKS = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-family",
  "font-size", "font-weight", "text-anchor", "visibility", "paint-order",
];
const SVG = "http://www.w3.org/2000/svg";
const SHARP = 3; // pixels of a PNG for each of the drawing's

/** @param {SVGSVGElement} figure @returns {{ text: string, width: number, height: number }} */
export function standalone(figure) {
  const copy = /** @type {SVGSVGElement} */ (figure.cloneNode(true));
  const seen = [figure, ...figure.querySelectorAll("*")];
  const own = [copy, ...copy.querySelectorAll("*")];
  own.forEach((element, k) => {
    const look = getComputedStyle(seen[k]);
    for (const name of LOOKS) element.setAttribute(name, look.getPropertyValue(name));
    for (const name of ["class", "tabindex", "style"]) element.removeAttribute(name);
  });
  for (const style of copy.querySelectorAll("style")) style.remove();
  const [, , width, height] = (figure.getAttribute("viewBox") ?? "0 0 300 150").split(" ").map(Number);
  const paper = document.createElementNS(SVG, "rect");
  paper.setAttribute("width", String(width));
  paper.setAttribute("height", String(height));
  paper.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  copy.insertBefore(paper, copy.querySelector("title")?.nextSibling ?? copy.firstChild);
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

/** @param {string} words */
function say(words) {
  const said = document.getElementById("export-said");
  if (said) said.textContent = words;
}

/** Fetch a file, which is solved for anew, and say what became of it. @param {string} address */
async function download(address) {
  leave();
  say("The file is being made …");
  try {
    const answer = await fetch(address);
    if (!answer.ok) return say(await answer.text());
    const name = /filename="(.*?)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "page";
    save(await answer.blob(), name);
  } catch {
    say("The server does not answer; start it again.");
  }
}

/** Close the menu; the focus stays at what opens it. */
function leave() {
  if (!menu?.open) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
}

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  leave();
  say(`Saved as ${name}, where this browser puts its downloads.`);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** @param {SVGSVGElement} figure @param {string} name @param {"svg" | "png"} ending */
async function keep(figure, name, ending) {
  const { text, width, height } = standalone(figure);
  const drawing = new Blob([text], { type: "image/svg+xml" });
  if (ending === "svg") return save(drawing, `${name}.svg`);
  const image = new Image();
  image.src = URL.createObjectURL(drawing);
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * SHARP);
  canvas.height = Math.round(height * SHARP);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  canvas.toBlob((blob) => blob && save(blob, `${name}.png`), "image/png");
}

/** @param {string} words */
const plain = (words) => words.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60);

/** List the figures of the view, as they are now. */
function offer() {
  if (!list) return;
  const figures = [...document.querySelectorAll("#view :is(svg[role=img], .wide svg, figure svg)")].filter((svg) => svg.querySelector("title") && !svg.parentElement?.closest("svg"));
  list.replaceChildren(...figures.map((figure) => {
    const title = figure.querySelector("title")?.textContent ?? "figure";
    const row = document.createElement("li");
    row.append(`${title} `, ...(/** @type {const} */ (["svg", "png"])).map((ending) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = ending.toUpperCase();
      button.setAttribute("aria-label", `${ending.toUpperCase()} of ${title}`);
      button.addEventListener("click", () => keep(/** @type {SVGSVGElement} */ (figure), plain(title), ending));
      return button;
    }));
    return row;
  }));
}

menu?.addEventListener("toggle", () => menu.open && offer());
document.addEventListener("detente:done", () => menu?.open && offer());
menu?.addEventListener("click", (event) => {
  if (!(event.target instanceof HTMLElement)) return;
  if (event.target.dataset.do === "print") print();
  if (event.target instanceof HTMLAnchorElement) {
    event.preventDefault();
    const query = new URLSearchParams(location.search);
    if (event.target.dataset.table) query.set("table", event.target.dataset.table);
    event.target.search = `?${query}`;
    download(event.target.href);
  }
});
menu?.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu.open) return;
  event.stopPropagation();
  leave();
});
