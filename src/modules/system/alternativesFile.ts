/** What update-alternatives keeps about a link group, in the file that Debian and Red Hat lay out alike. Pure. */

export interface Subcommand {
  readonly name: string;
  readonly link: string;
  readonly path: string;
}

export interface Alternative {
  readonly path: string;
  readonly priority: number;
  /** Red Hat's groups of alternatives that belong together. */
  readonly family?: string;
  readonly subcommands: readonly Subcommand[];
}

export interface LinkGroup {
  readonly mode: 'auto' | 'manual';
  readonly link: string;
  readonly alternatives: readonly Alternative[];
}

/**
 * Mode, link, then pairs of lines (name, link) of the followers up to a blank line, then for each alternative its path, its
 * priority and a line for each follower; see update-alternatives(1). Red Hat's priority is `[@FAMILY@]NUMBER[ SERVICE]`.
 * Undefined for an empty text.
 */
export function linkGroup(text: string): LinkGroup | undefined {
  const lines = text.split('\n');
  const [mode, link] = lines;
  if (link === undefined || mode === undefined || mode === '') return undefined;
  const end = lines.indexOf('', 2);
  const pairs = lines.slice(2, end);
  const followers = pairs.flatMap((name, index) =>
    index % 2 === 0 ? [{ name, link: pairs[index + 1] ?? '' }] : [],
  );
  const records = chunks(lines.slice(end + 1), followers.length + 2);
  const alternatives = records
    .filter(([path = '']) => path !== '')
    .map(([path = '', rank = '', ...paths]) => ({
      path,
      ...rankOf(rank),
      subcommands: followers
        .map((follower, index) => ({ ...follower, path: paths[index] ?? '' }))
        .filter((follower) => follower.path !== ''),
    }));
  return { mode: mode === 'manual' ? 'manual' : 'auto', link, alternatives };
}

function rankOf(line: string): Pick<Alternative, 'priority' | 'family'> {
  const [, family, priority = '0'] = /^(?:@([^@]+)@)?(-?\d+)/.exec(line) ?? [];
  return { priority: Number(priority), ...(family === undefined ? {} : { family }) };
}

function chunks(lines: readonly string[], size: number): string[][] {
  const count = Math.ceil(lines.length / size);
  return Array.from({ length: count }, (_, index) => lines.slice(index * size, (index + 1) * size));
}
