/** "Did you mean": the known name nearest to one that nobody knows. */

/** The nearest of `known` by edit distance (a swap of neighbours counts once), or undefined when none is near. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance > limit || (best !== undefined && distance === limit)) continue;
    best = candidate;
    limit = distance;
  }
  return best;
}

/** The hint for an unknown name; undefined when nothing is near. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const name = nearest(word, known);
  return name === undefined ? undefined : `did you mean "${name}"?`;
}

/** Optimal string alignment distance. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      current.push(cheapest(a, b, row, column, { current, last, beforeLast }));
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}

interface Rows {
  readonly current: readonly number[];
  readonly last: readonly number[];
  readonly beforeLast: readonly number[];
}

function cheapest(a: string, b: string, row: number, column: number, rows: Rows): number {
  const at = (values: readonly number[], index: number) => values[index] ?? Infinity;
  const replace = at(rows.last, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
  const edit = Math.min(at(rows.last, column) + 1, at(rows.current, column - 1) + 1, replace);
  const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
  return row > 1 && column > 1 && isSwap
    ? Math.min(edit, at(rows.beforeLast, column - 2) + 1)
    : edit;
}
