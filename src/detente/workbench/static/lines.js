// @ts-check
/** Newline-delimited JSON over HTTP, one value at a time. */

/**
 * @param {string} address
 * @param {AbortSignal} signal
 * @param {RequestInit} [options]
 * @returns {AsyncGenerator<any>}
 */
export async function* read(address, signal, options = {}) {
  const answer = await fetch(address, { signal, ...options });
  if (!answer.ok || !answer.body) throw new Error(await answer.text());
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line) yield JSON.parse(line);
    }
  } finally {
    reader.cancel().catch(() => {}); // who leaves off before the end does not hold the connection
  }
}
