// What a scenario prints: one JSON object a line, which bench/run.mjs collects.

/**
 * @param {string} name what was measured, in words
 * @param {number} value
 * @param {string} unit
 * @param {{peer?: string, peer_value?: number, target?: string, ok?: boolean}} more
 *   `peer` is what ran beside it in the same run. `ratio` above 1 always means that we are better:
 *   value / peer where more is better, peer / value where less is.
 */
export function row(name, value, unit, { less = false, ...more } = {}) {
  const ratio = more.peer_value ? (less ? more.peer_value / value : value / more.peer_value) : undefined;
  console.log(JSON.stringify({ name, value, unit, ...more, ratio }));
}

/** A row whose measure could not be taken, with the reason; it is shown, never left out. */
export function skipped(name, reason) {
  console.log(JSON.stringify({ name, skipped: reason }));
}

export const median = (numbers) => numbers.slice().sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
export const seconds = (since) => Number(process.hrtime.bigint() - since) / 1e9;
export const now = () => process.hrtime.bigint();
