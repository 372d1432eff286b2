/** The text of an fstab, see fstab(5), and of /proc/self/mountinfo, see proc(5). Pure. */
import { joinLines, textLines } from '../files/keptText.ts';

export interface FstabEntry {
  readonly src: string;
  /** Mount point; `none` for swap. */
  readonly name: string;
  readonly fstype: string;
  readonly opts: string;
  readonly dump: string;
  readonly passno: string;
}

/** Which lines are meant: those of the mount point; swap has none, so there the device says it. */
export type FstabKey = Pick<FstabEntry, 'name'> & { readonly src?: string | undefined };

/** The text with the entry in place of the lines for its mount point, or at the end. */
export function withEntry(text: string, entry: FstabEntry): string {
  const lines = textLines(text);
  const wanted = lineOf(entry);
  const isOther = (line: string) => isFor(line, entry) && !isSame(line, entry);
  if (lines.some((line) => isFor(line, entry))) {
    return lines.some(isOther)
      ? joinLines(lines.map((line) => (isFor(line, entry) ? wanted : line)))
      : text;
  }
  return joinLines([...lines, wanted]);
}

export function withoutEntry(text: string, key: FstabKey): string {
  const lines = textLines(text);
  const kept = lines.filter((line) => !isFor(line, key));
  return kept.length === lines.length ? text : joinLines(kept);
}

function lineOf({ src, name, fstype, opts, dump, passno }: FstabEntry): string {
  return [src, name, fstype, opts, dump, passno].map(escaped).join(' ');
}

function isFor(line: string, { name, src }: FstabKey): boolean {
  const entry = entryOf(line);
  if (entry?.name !== escaped(name)) return false;
  const isSwap = entry.name === 'none' && entry.fstype === 'swap';
  return !isSwap || src === undefined || entry.src === escaped(src);
}

function isSame(line: string, entry: FstabEntry): boolean {
  const found = entryOf(line);
  return found !== undefined && Object.values(found).join(' ') === lineOf(entry);
}

/** Fields as they are written; undefined for comments and what is no entry. */
function entryOf(line: string): FstabEntry | undefined {
  const fields = line.trim().split(/\s+/);
  if (line.trim().startsWith('#') || fields.length < 4 || fields.length > 6) return undefined;
  const [src = '', name = '', fstype = '', opts = '', dump = '0', passno = '0'] = fields;
  return { src, name, fstype, opts, dump, passno };
}

function escaped(field: string): string {
  return field.replaceAll('\\', '\\134').replaceAll(' ', '\\040').replaceAll('&', '\\046');
}

export interface Mounted {
  readonly path: string;
  /** Device, or for a bind mount the directory. */
  readonly src: string;
}

/** What is mounted, the last on a mount point last. */
export function mountedFileSystems(mountinfo: string): readonly Mounted[] {
  const mounts = textLines(mountinfo).map((line) => {
    const [front = '', back = ''] = line.split(' - ');
    const [, , device = '', root = '', path = ''] = front.split(' ');
    const [, source = ''] = back.split(' ');
    return { device, root: unescaped(root), path: unescaped(path), source: unescaped(source) };
  });
  return mounts.map(({ device, root, path, source }) => {
    const whole = mounts.find((each) => each.device === device && each.root === '/');
    const isBind = root !== '/' && whole !== undefined;
    return { path, src: isBind ? `${whole.path.replace(/\/$/, '')}${root}` : source };
  });
}

function unescaped(field: string): string {
  return field.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
