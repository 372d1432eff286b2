/** `npm run conformance:playbooks -- [NAME…]`: runs the cases (all, or those whose name begins so) and prints misses and counts. */
import { createTwoFilesPatch } from 'diff';
import PQueue from 'p-queue';
import { type Case, readCases } from './caseFile.ts';
import { type Comparison, compare } from './compare.ts';
import { DIFFERENCES } from './differences.ts';

const prefixes = process.argv.slice(2);
const cases = readCases().filter(
  ({ name }) => prefixes.length === 0 || prefixes.some((prefix) => name.startsWith(prefix)),
);
const counts = { equal: 0, known: 0, missed: 0 };
const queue = new PQueue({ concurrency: 2 });
await Promise.all(cases.map((theme) => queue.add(() => judge(theme))));
process.stdout.write(
  `${counts.equal} equal, ${counts.known} equal but for known differences, ${counts.missed} missed\n`,
);
process.exitCode = counts.missed === 0 ? 0 : 1;

async function judge(theme: Case): Promise<void> {
  const comparison = await compare(theme);
  const isEqual = text(comparison.shown) === text(comparison.wanted);
  if (!isEqual || comparison.stale.length > 0) {
    counts.missed++;
    explain(theme, comparison);
  } else if (theme.name in DIFFERENCES) counts.known++;
  else counts.equal++;
}

function explain({ name }: Case, { wanted, shown, stale, errors }: Comparison): void {
  const patch = createTwoFilesPatch('ansible', 'drover', text(wanted), text(shown));
  const gone = stale.map(({ ansible }) => `gone: ${ansible}\n`).join('');
  process.stdout.write(`\n===== ${name}\n${patch}${gone}${errors}\n`);
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
