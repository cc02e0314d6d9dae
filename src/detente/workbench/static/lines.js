// @ts-check
/** Newline-delimited JSON over HTTP, one value at a time. */

/**
 * Ask, at once, and give the lines of the answer as they come.
 * @param {string} address
 * @param {AbortSignal} signal
 * @param {RequestInit} [options]
 * @returns {AsyncGenerator<any>}
 */
export function read(address, signal, options = {}) {
  return received(fetch(address, { signal, ...options }));
}

/** @param {Promise<Response>} asked @returns {AsyncGenerator<any>} */
async function* received(asked) {
  const answer = await asked;
  if (!answer.ok || !answer.body) throw new Error(await answer.text());
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line) yield JSON.parse(line);
    }
  } finally {
    reader.cancel().catch(() => {}); // who leaves off before the end does not hold the connection
  }
}
