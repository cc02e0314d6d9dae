// @ts-check
/** A button to stop what takes long; it appears when an answer has been waited for. */

const LONG = 3000;

/** @param {() => void} halt */
export function offerStop(halt) {
  const button = document.getElementById("stop");
  if (!button) return;
  let waiting = 0;
  const hide = () => {
    clearTimeout(waiting);
    waiting = 0;
    button.hidden = true;
  };
  document.addEventListener("detente:stale", () => {
    waiting ||= setTimeout(() => (button.hidden = false), LONG);
  });
  document.addEventListener("detente:done", hide);
  document.addEventListener("detente:failed", hide);
  button.addEventListener("click", halt);
}
