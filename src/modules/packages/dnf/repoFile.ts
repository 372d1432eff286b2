/** Files of `yum.repos.d`: INI sections whose values may go on in indented lines. */

export interface RepoSection {
  readonly id: string;
  /** Its lines from the heading to before the next one, with their ends. */
  readonly text: string;
  readonly values: ReadonlyMap<string, string>;
}

export interface RepoFile {
  /** What stands before the first section. */
  readonly head: string;
  readonly sections: readonly RepoSection[];
}

const HEADING = /^\[([^\]]+)\]/;

export function readRepoFile(text: string): RepoFile {
  const parts = text.split(/^(?=\[)/m);
  const isSection = (part: string) => HEADING.test(part);
  return {
    head: parts.filter((part) => !isSection(part)).join(''),
    sections: parts.filter(isSection).map((part) => ({
      id: HEADING.exec(part)?.[1] ?? '',
      text: part,
      values: valuesOf(part),
    })),
  };
}

function valuesOf(section: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let key: string | undefined;
  for (const line of section.split('\n').slice(1)) {
    if (/^\s*[#;]/.test(line) || line.trim() === '') continue;
    const [, name, value = ''] = /^(\S[^=:]*?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (/^\s/.test(line) && key !== undefined) {
      values.set(key, `${values.get(key)}\n${line.trim()}`);
    } else if (name !== undefined) {
      key = name.toLowerCase();
      values.set(key, value.trim());
    }
  }
  return values;
}

/** The text with `values` as section `id`, in its place or at the end; the same text when it says so already. */
export function withSection(text: string, id: string, values: ReadonlyMap<string, string>): string {
  const { head, sections } = readRepoFile(text);
  const known = sections.find((section) => section.id === id);
  if (known !== undefined && isSame(known.values, values)) return text;
  const written = sectionText(id, values);
  const texts = sections.map((section) => (section === known ? written : section.text));
  const before = `${head}${texts.join('')}`;
  if (known !== undefined) return before;
  return `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${written}`;
}

/** The text without section `id`; empty when nothing but space and comments is left. */
export function withoutSection(text: string, id: string): string {
  const { head, sections } = readRepoFile(text);
  const rest = sections.filter((section) => section.id !== id);
  if (rest.length === sections.length) return text;
  return rest.length === 0 ? '' : `${head}${rest.map((section) => section.text).join('')}`;
}

function isSame(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

function sectionText(id: string, values: ReadonlyMap<string, string>): string {
  const lines = [...values]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key} = ${value.replaceAll('\n', '\n\t')}\n`);
  return `[${id}]\n${lines.join('')}\n`;
}
