/** What kind of archive a file is, by its first bytes, and the command lines of tar and unzip for it. */
import type { UnarchiveParams } from './params.ts';

export interface Format {
  /** As results name it. */
  readonly handler: string;
  readonly tool: 'tar' | 'unzip';
  /** Programs that it takes, each with the package that has it. */
  readonly needs: Readonly<Record<string, string>>;
  /** Option of tar. */
  readonly flag?: string;
}

const TAR: Format = { handler: 'TarArchive', tool: 'tar', needs: { tar: 'tar' } };

const BY_MAGIC: readonly (readonly [string, Format])[] = [
  ['1f8b', compressed('TgzArchive', '-z', { gzip: 'gzip' })],
  ['425a68', compressed('TarBzipArchive', '-j', { bzip2: 'bzip2' })],
  ['fd377a585a00', compressed('TarXzArchive', '-J', { xz: 'xz-utils' })],
  ['28b52ffd', compressed('TarZstdArchive', '--use-compress-program=zstd', { zstd: 'zstd' })],
  ['1f9d', compressed('TgzArchive', '-Z', { uncompress: 'ncompress' })],
  ...['504b0304', '504b0506', '504b0708'].map((magic): [string, Format] => [
    magic,
    { handler: 'ZipArchive', tool: 'unzip', needs: { unzip: 'unzip' } },
  ]),
];

function compressed(handler: string, flag: string, needs: Format['needs']): Format {
  return { handler, tool: 'tar', flag, needs: { ...TAR.needs, ...needs } };
}

/** @param magic the first bytes in hexadecimal */
export function formatOf(magic: string): Format {
  return BY_MAGIC.find(([start]) => magic.startsWith(start))?.[1] ?? TAR;
}

export interface ArchiveFile {
  readonly path: string;
  readonly format: Format;
  /** Whether tar is GNU's, which can show names as they are unpacked. */
  readonly hasGnuTar: boolean;
}

type Rules = Pick<UnarchiveParams, 'include' | 'exclude' | 'extra_opts' | 'keep_newer'>;

export function extractCommand(archive: ArchiveFile, rules: Rules, into: string): string[] {
  const { path, format } = archive;
  const { extra_opts: extra, keep_newer: keepsNewer } = rules;
  if (format.tool === 'unzip') {
    const update = keepsNewer ? ['-u'] : [];
    return ['unzip', '-o', ...update, ...extra, path, ...chosen(rules), '-d', into];
  }
  const newer = keepsNewer ? ['--keep-newer-files'] : [];
  return ['tar', '-x', '-C', into, ...newer, ...tarWords(archive, rules)];
}

/** Prints the names, one a line. */
export function listCommand(archive: ArchiveFile, rules: Rules): string[] {
  const { path, format, hasGnuTar } = archive;
  if (format.tool === 'unzip') return ['unzip', '-Z1', path, ...chosen(rules)];
  const names = hasGnuTar ? ['--show-transformed-names', '--quoting-style=literal'] : [];
  return ['tar', '-t', ...names, ...tarWords(archive, rules)];
}

function tarWords({ path, format }: ArchiveFile, rules: Rules): string[] {
  const { include, exclude, extra_opts: extra } = rules;
  const flag = format.flag === undefined ? [] : [format.flag];
  const patterns = exclude.map((pattern) => `--exclude=${pattern}`);
  return [...flag, ...patterns, ...extra, '-f', path, ...members(include)];
}

/** A name may begin with a dash. */
function members(names: readonly string[]): string[] {
  return names.length === 0 ? [] : ['--', ...names];
}

/** For unzip, which knows no `--`: its names are patterns. */
const asPattern = (name: string): string => name.replace(/^-/, '[-]');

function chosen({ include, exclude }: Rules): string[] {
  const left = exclude.length === 0 ? [] : ['-x', ...exclude.map(asPattern)];
  return [...include.map(asPattern), ...left];
}
