/** What a host knows about one path: the probe that every file module starts from. */
import { createHash } from 'node:crypto';
import { ModuleError } from '../../core/errors.ts';
import type { Constant, Probe, ProbeOutput } from '../../target/probe.ts';
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
  /** Of the directory that it is, or would be, in; absent when there is none. */
  readonly parent?: Parent;
  readonly umask: number;
  /** Who a file made now would belong to. */
  readonly user?: Principal;
  readonly userGroup?: Principal;
  /** The asked-for owner and group as the host knows them; absent when it does not. */
  readonly owner?: Principal;
  readonly group?: Principal;
  /** Hash of a regular file (after links); absent when none was asked for or the size says enough. */
  readonly checksum?: Checksum;
  /** Bytes of a regular file (after links), when they were asked for. */
  readonly content?: Buffer;
}

export interface Parent {
  /** What is made in it gets this group, when it is setgid. */
  readonly group?: Principal;
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
  /** All of it, and no hash. */
  readonly content?: true;
}

export function fileState(path: string, question: FileQuestion = {}): Probe<FileState> {
  const { owner = '', group = '', checksum = '', content } = question;
  return {
    script: STATE_SCRIPT,
    takesMany: true,
    constant: WHO,
    args: [path, owner, group, content ? 'content' : String(checksum)],
    parse: (output) => parseState(path, output, content),
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

/** Who asks. */
const WHO: Constant = { name: 'who', script: 'id' };

/** The shell reads so many bytes, a system call each, in the time that a program takes to start. */
const MAX_READ_BYTES = 1024;

/**
 * Arguments: path, owner, group, and what of the content (`FileQuestion`), of each path. Prints `name=value` records that end in NUL; the
 * last, `content`, is whatever follows. One process for all paths that are there: tasks look at many. `/.` behind the directory follows links
 * to it, which `stat` does for all paths or none. Of a small file the text comes instead of a hash, and no program reads it. In the C
 * locale programs read no files of the locale, and lengths are bytes.
 */
const STATE_SCRIPT = script`
export LC_ALL=C
newline='
'
locate() {
${EXPAND_PATH}
  case $path in */*) parent=\${path%/*} ;; *) parent=. ;; esac
  parent=\${parent:-/}
  [ ! -d "$parent" ] || parent=$parent/.
}
# A letter for each: the path is there, or only what it would be in, or neither; a capital where that gives its group. All that is to be
# looked at, with one program; was one removed meanwhile, each is asked for by itself.
ask_stats() {
  found='' left=$#
  while [ "$left" -gt 0 ]; do
    locate "$1"
    shift 4
    letter=n
    if [ -e "$path" ] || [ -L "$path" ]; then letter=y; elif [ -e "$parent" ]; then letter=p; fi
    if [ -g "$parent" ]; then
      case $letter in y) letter=Y ;; p) letter=P ;; esac
      set -- "$@" "$parent"
    fi
    case $letter in [yY]) set -- "$@" "$path" ;; esac
    found=$found$letter
    left=$((left - 4))
  done
  together=y
  [ $# -eq 0 ] || stats=$(stat -c '${STAT_FORMAT}' -- "$@") || together=
}
# Those of one path, which are next.
take_stats() {
  directory='' own=''
  if [ ! "$together" ]; then
    case $found in Y*) set -- "$parent" "$path" ;; P*) set -- "$parent" ;; y*) set -- "$path" ;; esac
    [ $# -eq 0 ] || stats=$(stat -c '${STAT_FORMAT}' -- "$@") || stats=''
  fi
  case $found in [YP]*) directory=\${stats%%"$newline"*} stats=\${stats#*"$newline"} ;; esac
  case $found in [Yy]*) own=\${stats%%"$newline"*} stats=\${stats#*"$newline"} ;; esac
}
# Sets text to a file's bytes by the shell alone. Fails when it holds NUL, or more than was said.
read_text() {
  text=''
  while IFS= read -r line; do
    text=$text$line$newline
    [ \${#text} -le "$2" ] || return
  done <"$1"
  text=$text$line
  [ \${#text} = "$2" ]
}
say() { printf '%s=%s\0' "$1" "$2"; }
lookup() {
  case $2 in -*) return ;; esac # nobody's name, and an option to getent
  getent "$1" "$2" 2>/dev/null ||
    awk -F: -v key="$2" '$1 == key || $3 == key { print; exit }' "/etc/$1"
}
# Record, database, who is asked for, and id and name of whom the path has: often the same.
account() {
  if [ -z "$3" ]; then return; fi
  if [ "$5" != UNKNOWN ] && { [ "$3" = "$4" ] || [ "$3" = "$5" ]; }; then say "$1" "$5:x:$4"
  else say "$1" "$(lookup "$2" "$3")"; fi
}
# What is wanted of it, and its numbers, of which the fourth is the size.
tell_content() {
  case $1 in content | always | "$5") ;; *) return ;; esac
  # Files of the kernel have size 0 and content, or errors that the shell does not tell.
  if [ "$5" -gt 0 ] && [ "$5" -le ${String(MAX_READ_BYTES)} ] && read_text "$path" "$5" 2>/dev/null; then
    printf 'content=%s' "$text"
    return
  fi
  if [ "$1" = content ]; then
    printf 'content='
    cat <"$path"
    return
  fi
  for algorithm in sha1 sha256 md5; do
    command -v \${algorithm}sum >/dev/null || continue
    sum=$(\${algorithm}sum <"$path") && say "sum $algorithm" "\${sum%% *}"
    return
  done
}
tell() {
  printf 'umask='; umask; printf '\0'
  say id "$who"
  locate "$1"
  say path "$path"
  take_stats
  case $found in n*) ;; *) say parent "$directory" ;; esac
  case $found in
  [yY]*)
    say own "$own"
    set -- "$1" "$2" "$3" "$4" $own
    account owner passwd "$2" "$6" "\${18}"
    account group group "$3" "$7" "\${19}"
    followed=$own
    if [ -L "$path" ]; then
      followed=$(stat -L -c '${STAT_FORMAT}' -- "$path" 2>/dev/null)
      printf 'target='; readlink -- "$path"; printf '\0'
      printf 'real='; readlink -f -- "$path"; printf '\0'
    fi
    say followed "$followed"
    if [ "$4" ] && [ -f "$path" ]; then tell_content "$4" $followed; fi ;;
  *)
    account owner passwd "$2" '' ''
    account group group "$3" '' '' ;;
  esac
}
ask_stats "$@"
while :; do
  tell "$1" "$2" "$3" "$4"
  code=$? found=\${found#?}
  shift 4
  [ $# -gt 0 ] || exit "$code"
  answered "$code"
done`;

const CONTENT_SCRIPT = script`
${EXPAND_PATH}
[ -f "$path" ] || exit 3
[ -z "$2" ] || [ "$(wc -c <"$path")" -le "$2" ] || exit 3
cat -- "$path"`;

function parseState(
  path: string,
  { rc, stdout, stderr }: ProbeOutput,
  wantsContent = false,
): FileState {
  const refusal = (verb: string): ModuleError =>
    new ModuleError(`cannot ${verb} ${path}: ${stderr.toString('utf8').trim()}`);
  const at = stdout.indexOf(CONTENT);
  const content = at < 0 ? undefined : stdout.subarray(at + CONTENT.length);
  const records = recordsOf(stdout.toString('utf8', 0, at < 0 ? stdout.length : at));
  const umask = records.get('umask');
  if (umask === undefined) throw refusal('look at');
  if (content !== undefined && rc !== 0) throw refusal('read');
  return withoutUndefined({
    path: records.get('path') ?? path,
    umask: Number.parseInt(umask, 8),
    own: parseStat(records.get('own')),
    followed: parseStat(records.get('followed')),
    parent: parseParent(records.get('parent')),
    linkTarget: records.get('target')?.replace(/\n$/, ''),
    realPath: records.get('real')?.replace(/\n$/, ''),
    user: principal(records.get('id'), /uid=(\d+)(?:\(([^)]*)\))?/),
    userGroup: principal(records.get('id'), /gid=(\d+)(?:\(([^)]*)\))?/),
    owner: accountOf(records.get('owner')),
    group: accountOf(records.get('group')),
    checksum: content === undefined ? sumIn(records) : wantsContent ? undefined : sha1Of(content),
    content: wantsContent ? content : undefined,
  });
}

/** Before the bytes. The record before it has ended. */
const CONTENT = '\0content=';

function sumIn(records: ReadonlyMap<string, string>): Checksum | undefined {
  const sum = [...records].find(([name]) => name.startsWith('sum '));
  return sum && { algorithm: sum[0].slice('sum '.length), hex: sum[1] };
}

function sha1Of(content: Buffer): Checksum {
  return { algorithm: 'sha1', hex: createHash('sha1').update(content).digest('hex') };
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

/** What it says of a directory; nothing of one that gives no group. */
function parseParent(line: string | undefined): Parent | undefined {
  const stat = parseStat(line);
  return stat === undefined ? (line === undefined ? undefined : {}) : asParent(stat);
}

/** A directory, for what would be in it. */
export function asParent({ mode, gid, group }: FileStat): Parent {
  return (mode & 0o2000) === 0 ? {} : { group: { id: gid, name: group } };
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
