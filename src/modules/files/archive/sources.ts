/** What a host has of the paths to pack: patterns expanded, directories walked, with what archives keep of each entry. */
import type { Probe } from '../../../target/probe.ts';
import { script } from '../../script.ts';
import { EXPAND_PATH, type FileStat, parseStat, STAT_FORMAT } from '../fileState.ts';
import { zipMembers } from './members.ts';
import { isPattern } from './params.ts';

export interface SourceEntry {
  readonly path: string;
  /** Undefined when it cannot be looked at: a link that leads nowhere, where links are followed. */
  readonly stat: FileStat | undefined;
  readonly linkTarget?: string | undefined;
  /** CRC-32 of a regular file's content; only where it was asked for. */
  readonly crc?: number | undefined;
}

export interface Sources {
  /** What `path` and `exclude_path` stand for. */
  readonly expanded: readonly string[];
  readonly excluded: readonly string[];
  /** Sorted, each once, without what is excluded. */
  readonly paths: readonly string[];
  readonly missing: readonly string[];
  /** Those that are directories, or lead to one. */
  readonly directories: readonly string[];
  /** Sorted by path. Of a directory its content, not itself. */
  readonly entries: readonly SourceEntry[];
}

export interface SourceQuestion {
  readonly path: readonly string[];
  readonly exclude_path: readonly string[];
  /** Look at what links lead to. Directories are not entered through links all the same. */
  readonly follow: boolean;
  /** Work out CRCs when this file exists. */
  readonly crcFor?: string | undefined;
}

export function archiveSources(question: SourceQuestion): Probe<Sources> {
  const { path, exclude_path: exclude, follow, crcFor = '' } = question;
  const counts = [String(exclude.length), String(path.length)];
  return {
    script: SOURCES_SCRIPT,
    args: [crcFor, follow ? '-L' : '', ...counts, ...[...exclude, ...path].map(word)],
    parse: ({ stdout }) => parseSources(stdout.toString('utf8').split('\0')),
  };
}

/** With `g` before a pattern, in which backslashes are themselves, and `l` before a plain path. */
function word(path: string): string {
  return isPattern(path) ? `g${path.replaceAll('\\', '\\\\')}` : `l${path}`;
}

/** Arguments: `-L` or nothing, files. A batch whose stat fails is told file by file. */
const DESCRIBE = script`
links=$1
shift
tell() { stats=$(stat $links -c "$STAT_FORMAT" -- "$@" 2>/dev/null) && printf "b%s\0" "$stats" "$@"; }
tell "$@" || for file do tell "$file" || printf "e%s\0" "$file"; done
for file do
  [ -z "$links" ] && [ -L "$file" ] || continue
  printf "l%s\0t%s\0" "$file" "$(readlink -- "$file")"
done`;

/**
 * Reads names, a line each, and prints the directory of a zip file with their CRCs in hexadecimal: zip works them out in one
 * process, where a process for each file took 20 ms.
 */
const CRCS = script`
crcs() {
  names=$(cat)
  [ "$names" ] || return 0
  count=$(printf '%s\n' "$names" | wc -l)
  size=$(printf '%s\n' "$names" | wc -c)
  printf 'c%s\0' "$(printf '%s\n' "$names" | zip -q -0 - -@ 2>/dev/null |
    tail -c "$((count * 128 + size + 98))" | od -An -v -tx1 | tr -d ' \n')"
}`;

/**
 * Arguments: a file that makes CRCs wanted or nothing, `-L` or nothing, how many words are exclusions and how many paths, then
 * these. Prints records that end in NUL: `x` exclusion, `p` path, `m` missing, `d` directory, and those of `DESCRIBE`.
 */
const SOURCES_SCRIPT = script`
export STAT_FORMAT='${STAT_FORMAT}'
describe='${DESCRIBE}'
${CRCS}
expanded() { ${EXPAND_PATH}
}
crc=
if [ "$1" ]; then expanded "$1"; [ ! -f "$path" ] || crc=yes; fi
links=$2 exclusions=$3 paths=$4
shift 4
IFS=
walk() {
  if [ -d "$1" ]; then
    printf 'd%s\0' "$1"
    find "\${1%/}/" -mindepth 1 -exec sh -c "$describe" sh "$links" {} + 2>/dev/null
    [ -z "$crc" ] || find "\${1%/}/" -mindepth 1 \( -type f -o -type l \) 2>/dev/null | crcs
  elif [ -e "$1" ] || [ -L "$1" ]; then
    sh -c "$describe" sh "$links" "$1"
    [ -z "$crc" ] || printf '%s\n' "$1" | crcs
  else
    printf 'm%s\0' "$1"
  fi
}
is_excluded() {
  file=$1
  shift "$((paths + 1))"
  for exclusion do [ "$exclusion" != "$file" ] || return 0; done
  return 1
}
matches() { [ "$1" = l ] || [ -e "$2" ] || [ -L "$2" ]; }
while [ "$exclusions" -gt 0 ]; do
  kind=\${1%"\${1#?}"}
  expanded "\${1#?}"
  shift
  exclusions=$((exclusions - 1))
  [ "$kind" = g ] || set -f
  for file in $path; do
    matches "$kind" "$file" || continue
    printf 'x%s\0' "$file"
    set -- "$@" "$file"
  done
  set +f
done
while [ "$paths" -gt 0 ]; do
  kind=\${1%"\${1#?}"}
  expanded "\${1#?}"
  shift
  paths=$((paths - 1))
  [ "$kind" = g ] || set -f
  for file in $path; do
    matches "$kind" "$file" || continue
    printf 'p%s\0' "$file"
    is_excluded "$file" "$@" || walk "$file"
  done
  set +f
done
exit 0`;

function parseSources(records: readonly string[]): Sources {
  const told = (kind: string) => withKind(records, kind);
  const expanded = told('p');
  const excluded = told('x');
  const out = new Set(excluded);
  const missing = new Set(told('m'));
  const paths = [...new Set(expanded)].filter((path) => !out.has(path)).sort();
  return {
    expanded,
    excluded,
    paths,
    missing: paths.filter((path) => missing.has(path)),
    directories: [...new Set(told('d'))].sort(),
    entries: entriesOf(records),
  };
}

function withKind(records: readonly string[], kind: string): string[] {
  return records.filter((record) => record.startsWith(kind)).map((record) => record.slice(1));
}

function entriesOf(records: readonly string[]): SourceEntry[] {
  const entries = new Map<string, SourceEntry>();
  for (const path of withKind(records, 'e')) entries.set(path, { path, stat: undefined });
  const targets = withKind(records, 't');
  const links = new Map(withKind(records, 'l').map((path, index) => [path, targets[index]]));
  const directories = withKind(records, 'c').map((hex) => zipMembers(Buffer.from(hex, 'hex')));
  const crcs = new Map(directories.flatMap((members) => [...(members ?? [])]));
  for (const [path, stat] of batches(withKind(records, 'b'))) {
    entries.set(path, { path, stat, linkTarget: links.get(path), crc: crcs.get(zipName(path)) });
  }
  return [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A batch is a text with a line of stat for each of its files, and then these. */
function* batches(records: readonly string[]): Generator<[string, FileStat | undefined]> {
  let at = 0;
  while (at < records.length) {
    const lines = (records[at] ?? '').split('\n');
    for (const [index, line] of lines.entries()) {
      yield [records[at + 1 + index] ?? '', parseStat(line)];
    }
    at += 1 + lines.length;
  }
}

/** As zip names a file. */
function zipName(path: string): string {
  return path.replace(/^(\.?\/+)+/, '');
}
