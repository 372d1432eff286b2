/**
 * What a run showed, brought to lines that both sides must share: banners in their order, under each the hosts' results sorted
 * (hosts of one task finish in any order), values that `debug` showed, the recap, the exit code.
 * The texts of failures are each program's own and are left out.
 */
import type { Said } from './sides.ts';

const BANNER = /^(.*?) \*{3,}$/;
const RESULT =
  /^(?:(?:ok|changed|skipping|failed|fatal|included|rescued): |skipping: no hosts|FAILED - RETRYING)/;
const IGNORED = '...ignoring';

interface Section {
  readonly title: string;
  readonly entries: string[];
}

/** @param unordered when the order of tasks is not fixed: lines carry their banner and are sorted. */
export function transcript({ code, stdout }: Said, unordered: boolean): string[] {
  const sections = sectionsOf(stdout);
  const lines = unordered
    ? sections.flatMap(({ title, entries }) => entries.map((e) => `${title}: ${e}`)).sort()
    : sections.flatMap(({ title, entries }) => [title, ...[...entries].sort()]);
  return [...lines, `exit ${code}`];
}

function sectionsOf(stdout: string): Section[] {
  const sections: Section[] = [];
  let isOpen = false;
  for (const raw of stdout.split('\n')) {
    const line = raw.trimEnd();
    const banner = BANNER.exec(line)?.[1];
    if (banner !== undefined) sections.push({ title: banner, entries: [] });
    const section = sections.at(-1);
    if (banner !== undefined || section === undefined) continue;
    isOpen = readLine(section, line, isOpen);
  }
  return sections;
}

/** @param isOpen whether the last entry's JSON goes on. @returns whether it still does after this line. */
function readLine({ title, entries }: Section, line: string, isOpen: boolean): boolean {
  if (isOpen) {
    entries.push(`${entries.pop()}\n${line}`);
    return line !== '}';
  }
  if (line === IGNORED) entries.push(`${entries.pop()} ${IGNORED}`);
  else if (RESULT.test(line)) entries.push(withoutFailureText(line));
  else if (title === 'PLAY RECAP' && line !== '') entries.push(line.replace(/ +/g, ' '));
  else if (title.startsWith('CUSTOM STATS') && line !== '') entries.push(line.trim());
  return RESULT.test(line) && line.endsWith('=> {');
}

function withoutFailureText(line: string): string {
  if (line.startsWith('fatal: ')) return line.replace(/(FAILED!|UNREACHABLE!) => .*/, '$1');
  if (line.startsWith('failed: ')) return line.replace(/\) => \{.*/, ')');
  if (line.startsWith('included: ')) return line.replace(/ for ([^=]*)/, sortedHosts);
  return line;
}

function sortedHosts(_match: string, hosts: string): string {
  return ` for ${hosts.trim().split(', ').sort().join(', ')} `.trimEnd();
}
