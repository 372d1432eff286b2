/** One case on both sides: the lines that drover should show, and those it does. */
import type { Case } from './caseFile.ts';
import { DIFFERENCES, type Difference } from './differences.ts';
import { ansible, drover, runsOf, type Said } from './sides.ts';
import { transcript, withoutIncludedRoles } from './transcript.ts';

export interface Comparison {
  /** The real one's lines, with the known differences put in. */
  readonly wanted: readonly string[];
  readonly shown: readonly string[];
  /** What drover said on standard error, for the reader of a miss. */
  readonly errors: string;
  /** Differences listed that did not show. */
  readonly stale: readonly Difference[];
}

export async function compare(theme: Case): Promise<Comparison> {
  const [theirs, ours] = await Promise.all([runsOf(ansible, theme), runsOf(drover, theme)]);
  const known = DIFFERENCES[theme.name] ?? [];
  const lines = linesOf(theme, theirs);
  return {
    wanted: known.reduce(withDifference, lines),
    shown: linesOf(theme, ours.map(withoutIncludedRoles)),
    errors: ours.map(({ stderr }) => stderr).join(''),
    stale: known.filter((difference) => !lines.includes(difference.ansible)),
  };
}

function linesOf({ runs, unordered }: Case, said: readonly Said[]): string[] {
  return said.flatMap((one, i) => [`$ ${runs[i] ?? ''}`.trim(), ...transcript(one, unordered)]);
}

function withDifference(lines: string[], { ansible: theirs, drover: ours }: Difference): string[] {
  return lines.flatMap((line) => (line === theirs ? ours : [line]));
}
