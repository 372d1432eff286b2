/** Which entries of an archive the directory lacks, or has differently. Pure. */
import type { Change } from '../../../core/results.ts';
import { octal, wantedMode } from '../fileMode.ts';
import type { Principal } from '../fileState.ts';
import { type Comparison, cleanName, type Entry } from './entries.ts';
import type { Format } from './format.ts';
import type { UnarchiveParams } from './params.ts';

export interface Unpacking extends Comparison {
  readonly format: Pick<Format, 'tool'>;
  /** As the archive lists them. */
  readonly names: readonly string[];
  readonly isRoot: boolean;
  readonly umask: number;
  /** What `owner` and `group` are on the host; undefined when not asked for. */
  readonly owner: Principal | undefined;
  readonly group: Principal | undefined;
}

type Rules = Pick<UnarchiveParams, 'mode' | 'keep_newer' | 'extra_opts'>;

/** One change for the whole archive, its diff a line for each entry that differs. */
export function planUnarchive(dest: string, rules: Rules, unpacking: Unpacking): Change[] {
  const differing = differingEntries(rules, unpacking);
  if (differing.length === 0) return [];
  const lines = (side: 'before' | 'after') =>
    differing.flatMap((entry) => entry[side] ?? []).join('');
  return [
    {
      what: dest,
      diff: {
        before: lines('before'),
        after: lines('after'),
        beforeHeader: dest,
        afterHeader: dest,
      },
      operation: undefined,
    },
  ];
}

interface Difference {
  /** Undefined: it is not there. */
  readonly before: string | undefined;
  readonly after: string;
}

function differingEntries(rules: Rules, unpacking: Unpacking): Difference[] {
  const listed = listedNames(unpacking);
  const differences: Difference[] = [];
  for (const [name, entry] of unpacking.archive) {
    const isListed = listed.has(name);
    if (name === '.' && !isListed) continue;
    const existing = unpacking.existing.get(name);
    const after = isListed ? withWanted(entry, rules, unpacking) : entry;
    if (existing !== undefined && !differs(existing, after, isListed, rules, unpacking)) continue;
    differences.push({
      before: existing === undefined ? undefined : line(name, existing, rules),
      after: line(name, after, rules),
    });
  }
  return differences;
}

/** Names that the archive has entries for; directories that only lead to them are not among these. */
export function listedNames({ names }: Pick<Unpacking, 'names'>): ReadonlySet<string> {
  return new Set(names.map(cleanName));
}

function withWanted(entry: Entry, { mode }: Rules, unpacking: Unpacking): Entry {
  const { owner, group, umask } = unpacking;
  const isDirectory = entry.type === 'directory';
  const wanted =
    mode === undefined || entry.type === 'link'
      ? entry.mode
      : wantedMode(mode, { current: entry.mode, isDirectory, umask });
  return {
    ...entry,
    mode: wanted,
    ...(owner === undefined ? {} : { uid: owner.id, owner: owner.name }),
    ...(group === undefined ? {} : { gid: group.id, group: group.name }),
  };
}

function differs(
  existing: Entry,
  after: Entry,
  isListed: boolean,
  rules: Rules,
  unpacking: Unpacking,
): boolean {
  if (existing.type !== after.type) return true;
  const isKept = rules.keep_newer && after.type === 'file' && existing.modified >= after.modified;
  const content = isKept ? false : contentDiffers(existing, after, rules);
  return content || (isListed && attributesDiffer(existing, after, isKept, rules, unpacking));
}

function contentDiffers(existing: Entry, after: Entry, rules: Rules): boolean {
  if (after.type === 'link') return existing.linkTarget !== after.linkTarget;
  if (after.type !== 'file') return false;
  return (
    existing.size !== after.size ||
    existing.sha1 !== after.sha1 ||
    (keepsTimes(rules) && existing.modified !== after.modified)
  );
}

/** Without them files get the time of unpacking, which no plan knows. */
function keepsTimes({ extra_opts: options }: Pick<Rules, 'extra_opts'>): boolean {
  return !options.some((option) => option === '-m' || option === '--touch');
}

/** Tar gives every entry its owner (as root) and mode; unzip leaves directories that are there alone. */
function attributesDiffer(
  existing: Entry,
  after: Entry,
  isKept: boolean,
  { mode }: Rules,
  { format, isRoot, owner, group }: Unpacking,
): boolean {
  const comesFromArchive = format.tool === 'tar' && !isKept;
  const hasOwner = comesFromArchive && isRoot;
  if ((owner !== undefined || hasOwner) && existing.uid !== after.uid) return true;
  if ((group !== undefined || hasOwner) && existing.gid !== after.gid) return true;
  const hasMode = comesFromArchive || (after.type === 'file' && !isKept);
  return after.type !== 'link' && (mode !== undefined || hasMode) && existing.mode !== after.mode;
}

/** As `ls -l` has it: `0644 root:root 12 2026-11-21T08:00:00Z name -> target`. */
function line(name: string, entry: Entry, rules: Rules): string {
  const { mode, owner, group, size, modified, type, linkTarget } = entry;
  const iso = new Date(modified * 1000).toISOString().replace('.000Z', 'Z');
  const time = keepsTimes(rules) ? `${iso} ` : '';
  const detail = type === 'file' ? ` ${size} ${time}${entry.sha1?.slice(0, 12) ?? ''}` : '';
  const end = { directory: '/', link: ` -> ${linkTarget}` }[String(type)] ?? '';
  const bits = type === 'link' ? '' : `${octal(mode)} `;
  return `${bits}${owner}:${group}${detail} ${name}${end}\n`;
}
