/** What a host knows about one path: the probe that every file module starts from. */
import { ModuleError } from '../../core/errors.ts';
import type { Probe } from '../../target/probe.ts';
import { script } from '../script.ts';

export type FileType = 'file' | 'directory' | 'link' | 'fifo' | 'socket' | 'block' | 'char';

export interface FileStat {
  readonly type: FileType;
  /** Permission bits (12 bits). */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Names; the ids as text where nobody knows a name. */
  readonly owner: string;
  readonly group: string;
  readonly size: number;
  readonly inode: number;
  readonly device: number;
  readonly links: number;
  /** Seconds since 1970. */
  readonly accessed: number;
  readonly modified: number;
  readonly statusChanged: number;
  readonly blocks: number;
  readonly blockSize: number;
  readonly deviceType: number;
}

export interface Principal {
  readonly id: number;
  readonly name: string;
}

export interface FileState {
  /** The path with `~` expanded: the one to work with. */
  readonly path: string;
  /** The path itself; absent when there is nothing. */
  readonly own?: FileStat;
  /** What it is after symbolic links; absent when there is nothing, or a link leads nowhere. */
  readonly followed?: FileStat;
  /** Where a symbolic link points, as it is written. */
  readonly linkTarget?: string;
  /** The path with all links resolved. */
  readonly realPath?: string;
  /** The directory that it is, or would be, in. */
  readonly parent?: FileStat;
  readonly umask: number;
  /** Who a file made now would belong to. */
  readonly user?: Principal;
  readonly userGroup?: Principal;
  /** The asked-for owner and group as the host knows them; absent when it does not. */
  readonly owner?: Principal;
  readonly group?: Principal;
  /** Hash of a regular file (after links); absent when none was asked for or the size says enough. */
  readonly checksum?: Checksum;
}

export interface Checksum {
  readonly algorithm: string;
  readonly hex: string;
}

export interface FileQuestion {
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  /** Hash the file: always, or only when it has this size in bytes. */
  readonly checksum?: 'always' | number | undefined;
}

export function fileState(path: string, question: FileQuestion = {}): Probe<FileState> {
  const { owner = '', group = '', checksum } = question;
  return {
    script: STATE_SCRIPT,
    args: [path, owner, group, checksum === undefined ? '' : String(checksum)],
    parse: ({ stdout, stderr }) => parseState(path, stdout, stderr),
  };
}

/** A regular file's bytes (after links); undefined when there is none, or it has more than `maxBytes`. */
export function fileBytes(path: string, maxBytes?: number): Probe<Buffer | undefined> {
  return {
    script: CONTENT_SCRIPT,
    args: [path, maxBytes === undefined ? '' : String(maxBytes)],
    parse({ rc, stdout, stderr }) {
      if (rc === 3) return undefined;
      if (rc === 0) return stdout;
      throw new ModuleError(`cannot read ${path}: ${stderr.toString('utf8').trim()}`);
    },
  };
}

/** Sets `path` from `$1` with a leading `~` or `~user` expanded. */
export const EXPAND_PATH = script`
case $1 in
  "~") path=$HOME ;;
  "~/"*) path=$HOME/\${1#"~/"} ;;
  "~"*)
    name=\${1%%/*} path=$1
    home=$(awk -F: -v name="\${name#"~"}" '$1 == name { print $6; exit }' /etc/passwd)
    [ -z "$home" ] || path=$home\${1#"$name"} ;;
  *) path=$1 ;;
esac`;

export const STAT_FORMAT = '%f %u %g %s %i %d %h %X %Y %Z %b %o %t %U %G';

/** Arguments: path, owner, group, and when to hash. Prints `name=value` records that end in NUL. */
const STATE_SCRIPT = script`
${EXPAND_PATH}
say() { printf '%s=%s\0' "$1" "$2"; }
lookup() {
  getent "$1" "$2" 2>/dev/null ||
    awk -F: -v key="$2" '$1 == key || $3 == key { print; exit }' "/etc/$1"
}
say path "$path"
say umask "$(umask)"
say id "$(id)"
case $path in /?*) parent=\${path%/*} ;; */*) parent=\${path%/*} ;; *) parent=. ;; esac
say parent "$(stat -L -c '${STAT_FORMAT}' -- "\${parent:-/}" 2>/dev/null)"
[ -z "$2" ] || say owner "$(lookup passwd "$2")"
[ -z "$3" ] || say group "$(lookup group "$3")"
if [ -e "$path" ] || [ -L "$path" ]; then
  own=$(stat -c '${STAT_FORMAT}' -- "$path") || exit
  say own "$own"
  followed=$own
  if [ -L "$path" ]; then
    followed=$(stat -L -c '${STAT_FORMAT}' -- "$path" 2>/dev/null)
    printf 'target='; readlink -- "$path"; printf '\0'
    printf 'real='; readlink -f -- "$path"; printf '\0'
  fi
  say followed "$followed"
  if [ "$4" ] && [ -f "$path" ]; then
    set -- "$4" $followed
    if [ "$1" = always ] || [ "$1" = "$5" ]; then
      for algorithm in sha1 sha256 md5; do
        command -v \${algorithm}sum >/dev/null || continue
        sum=$(\${algorithm}sum <"$path") && say "sum $algorithm" "\${sum%% *}"
        break
      done
    fi
  fi
fi`;

const CONTENT_SCRIPT = script`
${EXPAND_PATH}
[ -f "$path" ] || exit 3
[ -z "$2" ] || [ "$(wc -c <"$path")" -le "$2" ] || exit 3
cat -- "$path"`;

function parseState(path: string, stdout: Buffer, stderr: Buffer): FileState {
  const records = recordsOf(stdout.toString('utf8'));
  const umask = records.get('umask');
  if (umask === undefined) {
    throw new ModuleError(`cannot look at ${path}: ${stderr.toString('utf8').trim()}`);
  }
  const sum = [...records].find(([name]) => name.startsWith('sum '));
  return withoutUndefined({
    path: records.get('path') ?? path,
    umask: Number.parseInt(umask, 8),
    own: parseStat(records.get('own')),
    followed: parseStat(records.get('followed')),
    parent: parseStat(records.get('parent')),
    linkTarget: records.get('target')?.replace(/\n$/, ''),
    realPath: records.get('real')?.replace(/\n$/, ''),
    user: principal(records.get('id'), /uid=(\d+)(?:\(([^)]*)\))?/),
    userGroup: principal(records.get('id'), /gid=(\d+)(?:\(([^)]*)\))?/),
    owner: accountOf(records.get('owner')),
    group: accountOf(records.get('group')),
    checksum: sum && { algorithm: sum[0].slice('sum '.length), hex: sum[1] },
  });
}

type Optional<T> = { [K in keyof T]: T[K] | undefined };

function withoutUndefined(
  state: Optional<FileState> & Pick<FileState, 'path' | 'umask'>,
): FileState {
  const given = Object.entries(state).filter(([, value]) => value !== undefined);
  return { path: state.path, umask: state.umask, ...Object.fromEntries(given) };
}

function recordsOf(text: string): ReadonlyMap<string, string> {
  const records = text.split('\0').filter((record) => record !== '');
  return new Map(
    records.map((record) => [record.split('=', 1)[0] ?? '', record.replace(/^[^=]*=/, '')]),
  );
}

/** By the uppermost four bits of `st_mode`. */
const TYPES: ReadonlyMap<number, FileType> = new Map([
  [0x1, 'fifo'],
  [0x2, 'char'],
  [0x4, 'directory'],
  [0x6, 'block'],
  [0x8, 'file'],
  [0xa, 'link'],
  [0xc, 'socket'],
]);

/** By `st_mode` with its uppermost bits. */
export function typeOfMode(bits: number): FileType {
  return TYPES.get(bits >> 12) ?? 'file';
}

/** A line in `STAT_FORMAT`; undefined when it is empty. */
export function parseStat(line: string | undefined): FileStat | undefined {
  if (line === undefined || line.trim() === '') return undefined;
  const [raw = '', ...rest] = line.trim().split(' ');
  const [uid, gid, size, inode, device, links, accessed, modified, statusChanged] =
    rest.map(Number);
  const [blocks, blockSize] = rest.slice(9).map(Number);
  const [deviceType = '0', owner = '', group = ''] = rest.slice(11);
  const bits = Number.parseInt(raw, 16);
  return {
    type: typeOfMode(bits),
    mode: bits & 0o7777,
    uid: uid ?? 0,
    gid: gid ?? 0,
    owner: owner === 'UNKNOWN' ? String(uid) : owner,
    group: group === 'UNKNOWN' ? String(gid) : group,
    size: size ?? 0,
    inode: inode ?? 0,
    device: device ?? 0,
    links: links ?? 0,
    accessed: accessed ?? 0,
    modified: modified ?? 0,
    statusChanged: statusChanged ?? 0,
    blocks: blocks ?? 0,
    blockSize: blockSize ?? 0,
    deviceType: Number.parseInt(deviceType, 16),
  };
}

/** From what id(1) prints: `uid=0(root) gid=0(root) groups=…`. */
function principal(text: string | undefined, pattern: RegExp): Principal | undefined {
  const [, id, name] = pattern.exec(text ?? '') ?? [];
  return id === undefined ? undefined : { id: Number(id), name: name ?? id };
}

/** A line of /etc/passwd or /etc/group. */
function accountOf(line: string | undefined): Principal | undefined {
  const [name, , id] = line?.split(':') ?? [];
  return name === undefined || id === undefined ? undefined : { id: Number(id), name };
}
