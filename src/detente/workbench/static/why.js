// @ts-check
/** What takes long is grey while it belongs to an older setting. */

const late = [...document.querySelectorAll(".late")];
const fresh = new MutationObserver((changes) => {
  for (const { target } of changes) if (target instanceof Element) target.classList.remove("old");
});
for (const place of late) fresh.observe(place, { childList: true });

document.addEventListener("detente:stale", () => late.forEach((place) => place.classList.add("old")));
document.addEventListener("detente:done", () => late.forEach((place) => place.classList.remove("old")));
