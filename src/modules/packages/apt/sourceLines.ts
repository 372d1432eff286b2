/** One-line apt sources (`deb [options] URI SUITE COMPONENT…`; sources.list(5)) and the deb822 files beside them. Pure. */

export interface SourceEntry {
  readonly type: 'deb' | 'deb-src';
  /** Options in brackets by name; a list has its values sorted. */
  readonly options: ReadonlyMap<string, string>;
  /** Without the slashes at its end. */
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
}

const LINE = /^(deb|deb-src)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)((?:\s+[^#\s]\S*)*)\s*(?:#.*)?$/;

/** The entry of a line; undefined for comments and whatever is no entry. */
export function parseSourceLine(line: string): SourceEntry | undefined {
  const match = LINE.exec(line.trim());
  if (match === null) return undefined;
  const [, type, options = '', uri = '', suite = '', components = ''] = match;
  return {
    type: type === 'deb-src' ? 'deb-src' : 'deb',
    options: parseOptions(options),
    uri: uri.replace(/\/+$/, ''),
    suite,
    components: words(components),
  };
}

function parseOptions(text: string): ReadonlyMap<string, string> {
  const pairs = words(text).map((pair) => {
    const at = pair.indexOf('=');
    const value = pair
      .slice(at + 1)
      .split(',')
      .sort()
      .join(',');
    return [pair.slice(0, at).toLowerCase(), value] as const;
  });
  return new Map([...pairs].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A line that is switched off: `# deb …`. */
export function disabledSourceLine(line: string): SourceEntry | undefined {
  const match = /^\s*#+\s*(deb(?:-src)?\s.*)$/.exec(line);
  return match?.[1] === undefined ? undefined : parseSourceLine(match[1]);
}

/** Whether two entries fetch the same: type, options, address, suite and the same components. */
export function isSameEntry(one: SourceEntry, other: SourceEntry): boolean {
  return (
    isSamePlace(one, other) &&
    [...one.options].join('\n') === [...other.options].join('\n') &&
    [...one.components].sort().join(' ') === [...other.components].sort().join(' ')
  );
}

function isSamePlace(one: SourceEntry, other: SourceEntry): boolean {
  return one.type === other.type && one.uri === other.uri && one.suite === other.suite;
}

/** The entry as apt reads it, in one spelling. */
export function sourceLine(line: string): string {
  return line.trim().replace(/\s+/g, ' ');
}

export interface Stanza {
  /** By lower-case field name; continued lines joined by newlines. */
  readonly fields: ReadonlyMap<string, string>;
}

/** The stanzas of a deb822 file (sources.list(5), deb822(5)). */
export function parseStanzas(text: string): Stanza[] {
  return text
    .split(/\n(?:[ \t]*\n)+/)
    .map((paragraph) => ({ fields: parseFields(paragraph) }))
    .filter(({ fields }) => fields.size > 0);
}

function parseFields(paragraph: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let current = '';
  for (const line of paragraph.split('\n')) {
    if (line.startsWith('#')) continue;
    const [, name, value = ''] = /^([^\s:][^:]*):\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      current = name.toLowerCase();
      fields.set(current, value);
    } else if (/^\s/.test(line) && current !== '') {
      fields.set(current, `${fields.get(current) ?? ''}\n${line.trim()}`);
    }
  }
  return fields;
}

/** Whether a deb822 stanza that is switched on brings everything that the entry does. */
export function stanzaCovers({ fields }: Stanza, entry: SourceEntry): boolean {
  const list = (name: string) => words(fields.get(name) ?? '');
  if ((fields.get('enabled') ?? 'yes').trim().toLowerCase() === 'no') return false;
  const signedBy = entry.options.get('signed-by');
  return (
    list('types').includes(entry.type) &&
    list('uris').some((uri) => uri.replace(/\/+$/, '') === entry.uri) &&
    list('suites').includes(entry.suite) &&
    entry.components.every((component) => list('components').includes(component)) &&
    (signedBy === undefined || fields.get('signed-by')?.trim() === signedBy)
  );
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
