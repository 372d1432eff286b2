/** The list that getfacl will print, from the one that it prints now and what `setfacl --test` says of the work. */

const KINDS: Readonly<Record<string, string>> = { u: 'user', g: 'group', m: 'mask', o: 'other' };
const DEFAULT = 'default:';

/**
 * @param before lines of getfacl; the lists of a tree have an empty one between them
 * @param trial a line for each list, `path: access,default`; `*` stands for no change. Tried with acl 2.3.1.
 * @returns undefined when the two do not speak of the same files
 */
export function aclAfter(
  before: readonly string[],
  trial: readonly string[],
): string[] | undefined {
  const lists = listsOf(before);
  if (lists.length !== trial.length) return undefined;
  const after = lists.map((list, index) => listAfter(list, trial[index] ?? ''));
  return after.flatMap((list, index) => (index === 0 ? list : ['', ...list]));
}

function listsOf(lines: readonly string[]): readonly (readonly string[])[] {
  const lists: string[][] = [[]];
  for (const line of lines) {
    if (line === '') lists.push([]);
    else lists.at(-1)?.push(line);
  }
  return lists;
}

function listAfter(list: readonly string[], line: string): readonly string[] {
  const entries = line.slice(line.lastIndexOf(': ') + 2).split(',');
  const isDefault = (entry: string) => entry.startsWith('d:');
  const hasAccess = entries[0] !== '*';
  const hasDefault = entries.at(-1) !== '*';
  const access = entries.filter((entry) => /^[ugmo]:/.test(entry)).map(longEntry);
  const defaults = entries.filter(isDefault).map((entry) => longEntry(entry.slice('d:'.length)));
  return [
    ...(hasAccess ? withEffective(access) : list.filter((entry) => !entry.startsWith(DEFAULT))),
    ...(hasDefault
      ? withEffective(defaults).map((entry) => `${DEFAULT}${entry}`)
      : list.filter((entry) => entry.startsWith(DEFAULT))),
  ];
}

/** `u:daemon:rw-` as `user:daemon:rw-`. */
function longEntry(entry: string): string {
  return entry.replace(/^[ugmo]/, (kind) => KINDS[kind] ?? kind);
}

/** What the mask takes away from users and groups is said beside them. */
function withEffective(entries: readonly string[]): string[] {
  const mask = entries.find((entry) => entry.startsWith('mask:'))?.split(':')[2];
  return entries.map((entry) => {
    const [kind = '', name = '', permissions = ''] = entry.split(':');
    const isMasked = kind === 'group' || (kind === 'user' && name !== '');
    if (mask === undefined || !isMasked) return entry;
    const effective = [...permissions]
      .map((letter, index) => (mask[index] === '-' ? '-' : letter))
      .join('');
    return effective === permissions ? entry : `${entry}\t#effective:${effective}`;
  });
}
