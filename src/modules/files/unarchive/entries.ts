/**
 * What is in an archive against what is in the directory. The archive is unpacked beside first, so that the host's own tools
 * tell names, owners and modes, whatever options were given; then both sides are described in one round trip.
 */
import { script } from '../../script.ts';
import { type FileType, typeOfMode } from '../fileState.ts';

export interface Entry {
  readonly type: FileType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly owner: string;
  readonly group: string;
  readonly size: number;
  /** Seconds since 1970. */
  readonly modified: number;
  readonly sha1?: string | undefined;
  readonly linkTarget?: string | undefined;
}

/** By name, relative to the directory; `.` is the directory itself. */
export type Entries = ReadonlyMap<string, Entry>;

export interface Comparison {
  readonly archive: Entries;
  readonly existing: Entries;
}

/** Arguments: directory to unpack in first, the real one, and the command. Its exit code is the script's. */
export const STAGE_AND_COMPARE = script`
export LC_ALL=C.UTF-8
stage=$1 dest=$2
shift 2
mkdir -p -- "$stage"
"$@" >"$stage.out" 2>"$stage.err" || { rc=$?; cat "$stage.out" "$stage.err" >&2; [ "$1 $rc" = 'unzip 1' ] || exit "$rc"; }
cd -- "$stage" || exit
describe='cd -- "$0" && stat -c "%f %u %g %U %G %s %Y %n" -- "$@" 2>/dev/null'
hash='cd -- "$0" && find "$@" -prune -type f -exec sha1sum {} + 2>/dev/null'
links='cd -- "$0" && for link do [ ! -L "$link" ] || printf "%s\0%s\0" "$link" "$(readlink "$link")"; done'
for side in "$stage" "$dest"; do
  find . -exec sh -c "$describe" "$side" {} +
  printf '\0'
  find . -type f -exec sh -c "$hash" "$side" {} +
  printf '\0'
  find . -type l -exec sh -c "$links" "$side" {} +
  printf '\0'
done
exit 0`;

export function comparisonOf(output: Buffer): Comparison {
  const parts = output.toString('utf8').split('\0');
  const [archive, rest] = readSide(parts);
  return { archive, existing: readSide(rest)[0] };
}

/** A side is a text of stats, a text of hashes, pairs of links, and an empty text. */
function readSide(parts: readonly string[]): readonly [Entries, readonly string[]] {
  const [stats = '', hashes = '', ...rest] = parts;
  const end = rest.findIndex((part, index) => index % 2 === 0 && part === '');
  const sums = hashesByName(hashes);
  const targets = new Map<string, string>();
  for (let at = 0; at < end; at += 2) targets.set(cleanName(rest[at] ?? ''), rest[at + 1] ?? '');
  const entries = new Map<string, Entry>();
  for (const line of stats.split('\n')) {
    const [name, entry] = statLine(line) ?? [];
    if (name === undefined || entry === undefined) continue;
    entries.set(name, { ...entry, sha1: sums.get(name), linkTarget: targets.get(name) });
  }
  return [entries, rest.slice(end + 1)];
}

function statLine(line: string): readonly [string, Entry] | undefined {
  const match = /^([0-9a-f]+) (\d+) (\d+) (\S+) (\S+) (\d+) (\d+) (.*)$/.exec(line);
  if (match === null) return undefined;
  const [, raw = '', uid, gid, owner = '', group = '', size, modified, name = ''] = match;
  const bits = Number.parseInt(raw, 16);
  const entry = {
    type: typeOfMode(bits),
    mode: bits & 0o7777,
    uid: Number(uid),
    gid: Number(gid),
    owner,
    group,
    size: Number(size),
    modified: Number(modified),
  };
  return [cleanName(name), entry];
}

/** sha1sum marks a line whose name holds backslashes or newlines with a backslash, and escapes them. */
function hashesByName(text: string): ReadonlyMap<string, string> {
  const lines = text.matchAll(/^(\\?)([0-9a-f]{40}) [ *](.*)$/gm);
  return new Map(
    [...lines].map(([, mark, hash = '', name = '']) => {
      const plain = mark === '' ? name : name.replaceAll('\\n', '\n').replaceAll('\\\\', '\\');
      return [cleanName(plain), hash];
    }),
  );
}

/** Without `./` and the slash at the end of directories. */
export function cleanName(name: string): string {
  const clean = name.replace(/^(\.?\/+)+/, '').replace(/\/+$/, '');
  return clean === '' ? '.' : clean;
}
