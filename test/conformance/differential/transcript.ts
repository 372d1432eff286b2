/**
 * What a run showed, brought to lines that both sides must share: banners in their order, under each the hosts' results sorted
 * (hosts of one task finish in any order), values that `debug` showed, the recap, the exit code.
 * Left out is what each program words its own way: texts of failures, lines of `meta` tasks (the real one shows some of them,
 * drover none), tasks that no host ran, the mark of check mode.
 */
import { normalize } from 'node:path';
import type { Said } from './sides.ts';

const BANNER = /^(.*?) \*{3,}$/;
const RESULT =
  /^(?:(?:ok|changed|skipping|failed|fatal|included|rescued): |skipping: no hosts|FAILED - RETRYING)/;
const FAILURE = /^(fatal|failed): /;
const IGNORED = '...ignoring';

interface Section {
  readonly title: string;
  readonly entries: string[];
}

/**
 * The same output as ansible-core before 2.15 shows it, which neither told an `include_role` nor counted it as ok: lines
 * `included: ROLE for HOSTS`, where a file's would hold a slash.
 */
export function withoutIncludedRoles(said: Said): Said {
  const counts = new Map<string, number>();
  const kept = said.stdout.split('\n').filter((line) => {
    const hosts = /^included: [^/]+ for ([^=]+?)(?: => .*)?$/.exec(line)?.[1];
    for (const host of hosts?.split(', ') ?? []) counts.set(host, (counts.get(host) ?? 0) + 1);
    return hosts === undefined;
  });
  const stdout = kept.map((line) =>
    line.replace(
      /^(\S+)(\s+: ok=)(\d+)/,
      (_, host: string, middle: string, ok: string) =>
        `${host}${middle}${Number(ok) - (counts.get(host) ?? 0)}`,
    ),
  );
  return { ...said, stdout: stdout.join('\n') };
}

/**
 * @param unordered when the order of tasks is not fixed: lines carry their banner and are sorted. What was included carries none: the
 *   real one prints it under the banner of whichever task told last.
 */
export function transcript({ code, stdout }: Said, unordered: boolean): string[] {
  const sections = sectionsOf(stdout).filter(isTold);
  const lines = unordered
    ? sections.flatMap(({ title, entries }) => entries.map((e) => withBanner(title, e))).sort()
    : sections.flatMap(({ title, entries }) => [title, ...[...entries].sort()]);
  return [...lines, `exit ${code}`];
}

function withBanner(title: string, entry: string): string {
  return entry.startsWith('included: ') ? entry : `${title}: ${entry}`;
}

/** Plays and the recap always tell; tasks when some host had a result; the end of all hosts once. */
function isTold({ title, entries }: Section, index: number, all: readonly Section[]): boolean {
  if (title === 'NO MORE HOSTS LEFT') return all[index - 1]?.title !== title;
  return !/^(TASK|RUNNING HANDLER) /.test(title) || (entries.length > 0 && title !== 'TASK [meta]');
}

function sectionsOf(stdout: string): Section[] {
  const sections: Section[] = [];
  let isOpen = false;
  for (const raw of stdout.split('\n')) {
    const line = raw.trimEnd();
    const banner = BANNER.exec(line)?.[1]?.replace(' [CHECK MODE]', '').trimEnd();
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
    const entry = entries.pop() ?? '';
    entries.push(FAILURE.test(entry) ? entry : `${entry}\n${line}`);
    return line !== '}';
  }
  if (line === IGNORED) entries.push(`${entries.pop()} ${IGNORED}`);
  else if (RESULT.test(line)) entries.push(withoutFailureText(line));
  else if (title === 'PLAY RECAP' && line !== '') entries.push(line.replace(/ +/g, ' '));
  else if (title.startsWith('CUSTOM STATS') && line !== '') entries.push(line.replace(/\s+/g, ''));
  return RESULT.test(line) && line.endsWith('=> {');
}

function withoutFailureText(line: string): string {
  if (line.startsWith('fatal: ')) return line.replace(/(FAILED!|UNREACHABLE!) => .*/, '$1');
  if (line.startsWith('failed: ')) return line.replace(/\) => \{.*/, ')');
  if (line.startsWith('included: ')) return included(line);
  return line;
}

/** The file without `..` in its path, the hosts sorted. */
function included(line: string): string {
  const [, file = '', hosts = '', item = ''] =
    /^included: (.+) for (.+?)( => .*)?$/.exec(line) ?? [];
  return `included: ${normalize(file)} for ${hosts.split(', ').sort().join(', ')}${item}`;
}
