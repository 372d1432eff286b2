/** What is to be in the archive, and whether it is there. Pure. */
import { ModuleError } from '../../../core/errors.ts';
import type { FileStat } from '../fileState.ts';
import { shellPattern } from '../shellPattern.ts';
import type { Existing, TarMember } from './members.ts';
import { type ArchiveParams, isPattern } from './params.ts';
import type { SourceEntry, Sources } from './sources.ts';

export interface PackedEntry extends SourceEntry {
  /** In the archive. */
  readonly name: string;
  readonly stat: FileStat;
  /** The archive is made in it, which changes its time. */
  readonly holdsArchive: boolean;
}

export interface Packing {
  /** What the names in the archive are relative to: empty, or with a slash at its end. */
  readonly root: string;
  /** A single file is only compressed. */
  readonly isArchive: boolean;
  readonly entries: readonly PackedEntry[];
}

/** `dest` as asked for, or the name that a single file gets; undefined when neither is there. */
export function destinationOf({
  dest,
  path,
  format,
  exclude_path,
}: ArchiveParams): string | undefined {
  if (dest !== undefined && dest !== '') return dest;
  const single = singleSource({ path, exclude_path });
  return single === undefined ? undefined : `${single}.${format}`;
}

/** The one path that can be meant, where there are no patterns. */
export function singleSource({
  path,
  exclude_path: exclude,
}: Pick<ArchiveParams, 'path' | 'exclude_path'>): string | undefined {
  const left = [...new Set(path)].filter((each) => !exclude.includes(each));
  return left.length === 1 && !path.some(isPattern) ? left[0] : undefined;
}

/** @throws ModuleError when there is nothing to pack, nowhere to put it, or the archive would be removed with its sources */
export function packingOf(
  params: ArchiveParams,
  sources: Sources,
  dest: { readonly path: string; readonly followed?: FileStat } | undefined,
): Packing {
  const { paths, directories } = sources;
  const [first] = paths;
  if (first === undefined) throw nothingFound(params, sources);
  const isArchive =
    params.force_archive ||
    params.path.some(isPattern) ||
    directories.includes(first) ||
    paths.length > 1;
  if (dest === undefined || (isArchive && (params.dest ?? '') === '')) {
    throw new ModuleError('Error, must specify "dest" when archiving multiple files or trees', {
      data: { path: params.path.join(', ') },
    });
  }
  if (params.remove) checkRemoval(directories, dest.path);
  const root = commonRoot(paths);
  return { root, isArchive, entries: entriesOf(params, sources, root, dest) };
}

function nothingFound({ path }: ArchiveParams, { expanded, excluded }: Sources): ModuleError {
  return new ModuleError('Error, no source paths were found', {
    data: {
      path: path.join(', '),
      expanded_paths: expanded.join(', '),
      expanded_exclude_paths: excluded.join(', '),
    },
  });
}

function checkRemoval(directories: readonly string[], dest: string): void {
  const holding = directories.find((directory) =>
    dest.startsWith(`${directory.replace(/\/$/, '')}/`),
  );
  if (holding === undefined) return;
  throw new ModuleError(
    'Error, created archive can not be contained in source paths when remove=true',
    { data: { path: holding, dest } },
  );
}

/** The longest directory that all paths are in, with a slash at its end; empty for relative ones that share none. */
export function commonRoot(paths: readonly string[]): string {
  const folders = paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1));
  const [first = ''] = folders;
  let length = 0;
  while (length < first.length && folders.every((folder) => folder[length] === first[length])) {
    length += 1;
  }
  return first.slice(0, first.slice(0, length).lastIndexOf('/') + 1);
}

/** Sockets are no files that an archive can hold, and an archive is not put into itself. */
function entriesOf(
  { format, exclusion_patterns: patterns }: ArchiveParams,
  { entries }: Sources,
  root: string,
  dest: { readonly path: string; readonly followed?: FileStat },
): PackedEntry[] {
  const expressions = patterns.map(shellPattern);
  const packed = entries.flatMap((entry): PackedEntry[] => {
    const { path, stat } = entry;
    if (stat === undefined) throw cannotPack(path, dest.path, 'it leads nowhere');
    const name = path.slice(path.startsWith(root) ? root.length : 0).replace(/^\/+/, '');
    const tested = format === 'zip' ? path : name;
    const isLeftOut = stat.type === 'socket' || isSame(stat, dest.followed);
    if (isLeftOut || expressions.some((expression) => expression.test(tested))) return [];
    const holdsArchive = path === dest.path.replace(/\/[^/]*$/, '');
    return [{ ...entry, stat, name, holdsArchive }];
  });
  const odd = packed.find(({ stat }) => stat.type !== 'file' && stat.type !== 'directory');
  if (format === 'zip' && odd !== undefined) {
    throw cannotPack(odd.path, dest.path, `a ${odd.stat.type} has no place in a zip file`);
  }
  return packed;
}

function cannotPack(path: string, dest: string, reason: string): ModuleError {
  return new ModuleError(`Errors when writing archive at ${dest}: ${path}: ${reason}`);
}

function isSame(stat: FileStat, other: FileStat | undefined): boolean {
  return other !== undefined && stat.inode === other.inode && stat.device === other.device;
}

/** Whether the archive that is there holds these entries, as far as it tells without its contents. */
export function isPacked(
  { isArchive, entries }: Packing,
  format: string,
  existing: Existing,
): boolean {
  if (!isArchive && format !== 'tar' && format !== 'zip') return existing.isSource;
  return format === 'zip' ? holdsZip(entries, existing.zip) : holdsTar(entries, existing.tar);
}

function holdsZip(
  entries: readonly PackedEntry[],
  members: ReadonlyMap<string, number> | undefined,
): boolean {
  return (
    members?.size === entries.length &&
    entries.every(({ name, stat, crc }) =>
      stat.type === 'directory' ? members.has(`${name}/`) : members.get(name) === crc,
    )
  );
}

function holdsTar(
  entries: readonly PackedEntry[],
  members: readonly TarMember[] | undefined,
): boolean {
  if (members?.length !== entries.length) return false;
  const byName = new Map(members.map((member) => [nameOf(member), member]));
  return entries.every((entry) => {
    const member = byName.get(tarName(entry));
    return member === undefined ? isLinked(entry, members) : isMember(entry, member);
  });
}

const HARD_LINK = /^(.*?)(?: link to | -> )(.*)$/s;

function nameOf({ name }: TarMember): string {
  return name;
}

/** A file with several names is in an archive once; the other names are links to it. */
function isLinked({ name, stat }: PackedEntry, members: readonly TarMember[]): boolean {
  if (stat.links < 2) return false;
  return members.some((member) => {
    const [, from, to] = HARD_LINK.exec(member.name) ?? [];
    const whole = members.find((other) => other.name === to);
    const isLink = member.mode.startsWith('h') || member.size === 0;
    return isLink && from === name && whole !== undefined && whole.size === stat.size;
  });
}

/** Of devices and pipes no size counts: tar tells their numbers there. */
function isMember({ stat, holdsArchive }: PackedEntry, member: TarMember): boolean {
  const hasSize = stat.type === 'file';
  return (
    member.mode.slice(1) === permissions(stat.mode) &&
    member.mode.startsWith(LETTERS[stat.type]) &&
    isOwner(member.owner, stat.owner, stat.uid) &&
    isOwner(member.group, stat.group, stat.gid) &&
    (!hasSize || member.size === stat.size) &&
    (holdsArchive || member.modified === stat.modified)
  );
}

function isOwner(told: string, name: string, id: number): boolean {
  return told === name || told === String(id);
}

function tarName({ name, stat, linkTarget }: PackedEntry): string {
  return stat.type === 'link' ? `${name} -> ${linkTarget ?? ''}` : name;
}

const LETTERS: Readonly<Record<FileStat['type'], string>> = {
  file: '-',
  directory: 'd',
  link: 'l',
  fifo: 'p',
  socket: 's',
  block: 'b',
  char: 'c',
};

/** `rwxr-sr-x`, as ls and tar show permission bits. */
export function permissions(mode: number): string {
  const triple = (shift: number, special: number, letter: string): string => {
    const bits = mode >> shift;
    const isSpecial = (mode & special) !== 0;
    const isExecutable = (bits & 1) !== 0;
    const plain = isExecutable ? 'x' : '-';
    const marked = isExecutable ? letter : letter.toUpperCase();
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${isSpecial ? marked : plain}`;
  };
  return triple(6, 0o4000, 's') + triple(3, 0o2000, 's') + triple(0, 0o1000, 't');
}

/** Entries as lines of a diff, as `tar -tv` lists them; of a zip file names, with their CRC once it is known. */
export function entryLine(entry: PackedEntry, format: string): string {
  const { stat, crc, name } = entry;
  if (format === 'zip') return zipLine(stat.type === 'directory' ? `${name}/` : name, crc);
  const mode = `${LETTERS[stat.type]}${permissions(stat.mode)}`;
  return memberLine({ ...stat, mode, name: tarName(entry) });
}

export function memberLine({ mode, owner, group, size, modified, name }: TarMember): string {
  const time = new Date(modified * 1000).toISOString().replace('.000Z', 'Z');
  const shown = mode.startsWith('-') ? ` ${size}` : '';
  return `${mode} ${owner}/${group}${shown} ${time} ${name}\n`;
}

export function zipLine(name: string, crc: number | undefined): string {
  const hex = crc?.toString(16).padStart(8, '0');
  return `${hex === undefined || name.endsWith('/') ? '' : `${hex} `}${name}\n`;
}
