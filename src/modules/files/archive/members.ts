/** What an archive that is there already holds: read by the host's tar, or from the directory at the end of a zip file. */
import type { Probe } from '../../../target/probe.ts';
import { script } from '../../script.ts';
import { EXPAND_PATH } from '../fileState.ts';
import type { Format } from './params.ts';

/** An entry of a tar, as far as archives of the same tree agree in it. */
export interface TarMember {
  /** As `ls -l` begins a line: `-rw-r--r--`; `h` for a hard link. */
  readonly mode: string;
  /** By name, or by number where there is none. */
  readonly owner: string;
  readonly group: string;
  readonly size: number;
  /** Seconds since 1970. */
  readonly modified: number;
  /** With ` -> target` for links. */
  readonly name: string;
}

export interface Tools {
  /** Programs that are there and can do the work (busybox has an xz that only unpacks). */
  readonly programs: readonly string[];
  readonly hasGnuTar: boolean;
}

export interface Existing {
  readonly tools: Tools;
  /** Whether it is the one source file, compressed. */
  readonly isSource: boolean;
  /** Undefined when there is no archive, or none of this format. */
  readonly tar: readonly TarMember[] | undefined;
  /** CRC-32 by name; directories end in a slash. */
  readonly zip: ReadonlyMap<string, number> | undefined;
}

/** @param source the file that is compressed, where it can be only one */
export function existingArchive(
  dest: string,
  format: Format,
  source: string | undefined,
): Probe<Existing> {
  return {
    script: EXISTING_SCRIPT,
    args: [dest, format, source ?? ''],
    parse: ({ stdout }) => parseExisting(stdout, format),
  };
}

/**
 * Arguments: the archive, its format, the only source or nothing. Prints the programs, then `same` for the compressed source, then
 * `tar` with a listing and the exit codes of those who made it, or `zip` with the end of the file.
 */
const EXISTING_SCRIPT = script`
format=$2 source=$3
expanded() { ${EXPAND_PATH}
}
for tool in tar gzip bzip2 zip; do command -v "$tool" >/dev/null && printf '%s ' "$tool"; done
printf x | xz -zc >/dev/null 2>&1 && printf 'xz '
gnu=$(tar --version 2>/dev/null | grep -c 'GNU tar')
echo "gnu=$gnu"
expanded "$1"
[ -f "$path" ] && [ -r "$path" ] || exit 0
archive=$path
if [ "$format" = zip ]; then
  [ "$(tail -c 22 -- "$archive" | od -An -N4 -tx1 | tr -d ' \n')" = 504b0506 ] || exit 0
  length=$(tail -c 10 -- "$archive" | od -An -N4 -tu1 | { read -r a b c d; echo "$((a + b * 256 + c * 65536 + d * 16777216))"; })
  echo zip
  tail -c "$((length + 98))" -- "$archive"
  exit 0
fi
unpack() {
  case $format in gz) gzip -dc ;; bz2) bzip2 -dc ;; xz) xz -dc ;; tar) cat ;; esac
}
if [ "$source" ]; then
  expanded "$source"
  [ -f "$path" ] && unpack <"$archive" 2>/dev/null | cmp -s - "$path" && echo same
fi
options=
[ "$gnu" = 0 ] || options='--full-time --quoting-style=escape'
echo tar
exec 5>&1
codes=$({
  { unpack <"$archive" 2>/dev/null; echo "$?" >&3; } | TZ=UTC0 LC_ALL=C tar $options -tvf - 2>/dev/null >&5
  echo "$?" >&3
} 3>&1)
echo end $codes`;

function parseExisting(output: Buffer, format: Format): Existing {
  const [head = '', ...lines] = output.toString('latin1').split('\n');
  const programs = head.split(' ').filter((word) => !word.startsWith('gnu='));
  const tools = { programs, hasGnuTar: !/gnu=0?$/.test(head) };
  const isSource = format !== 'zip' && lines[0] === 'same';
  const content = output.subarray(output.indexOf(`\n${format === 'zip' ? 'zip' : 'tar'}\n`) + 5);
  if (lines.length < 2) return { tools, isSource, tar: undefined, zip: undefined };
  return format === 'zip'
    ? { tools, isSource, tar: undefined, zip: zipMembers(content) }
    : {
        tools,
        isSource,
        tar: tarMembers(content.toString('latin1'), tools.hasGnuTar),
        zip: undefined,
      };
}

/** The fixed parts at the end of a zip file, and in front of them where it is large. */
const END_BYTES = 22;
const LARGE_END_BYTES = 76;
const LARGE_LOCATOR = 0x07064b50;

/** @param end the last bytes of the file, with its whole directory; undefined when they are none */
export function zipMembers(end: Buffer): ReadonlyMap<string, number> | undefined {
  if (end.length < END_BYTES) return undefined;
  const size = end.readUInt32LE(end.length - END_BYTES + 12);
  const locator = end.length - END_BYTES - 20;
  const isLarge = locator >= 0 && end.readUInt32LE(locator) === LARGE_LOCATOR;
  const stop = end.length - END_BYTES - (isLarge ? LARGE_END_BYTES : 0);
  if (stop < size) return undefined;
  return directoryEntries(end.subarray(stop - size, stop));
}

const ENTRY_BYTES = 46;

/** By the layout of APPNOTE.TXT 4.3.12. */
function directoryEntries(directory: Buffer): ReadonlyMap<string, number> | undefined {
  const members = new Map<string, number>();
  let at = 0;
  while (at + ENTRY_BYTES <= directory.length) {
    if (directory.readUInt32LE(at) !== 0x02014b50) return undefined;
    const [name, extra, comment] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field));
    const nameStart = at + ENTRY_BYTES;
    const nameEnd = nameStart + (name ?? 0);
    members.set(directory.toString('utf8', nameStart, nameEnd), directory.readUInt32LE(at + 16));
    at = nameEnd + (extra ?? 0) + (comment ?? 0);
  }
  return members;
}

const LISTED =
  /^(\S{10}) +([^/]*)\/(\S*) +(\d+(?:,\d+)?) (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)\S* (.*)$/;

/** @param listing as `tar -tv` prints it, then `end` with the exit codes; undefined when it is no listing of a whole archive */
export function tarMembers(listing: string, isGnu: boolean): readonly TarMember[] | undefined {
  const lines = listing.split('\n').filter((line) => line !== '');
  const [, unpacked = '1', listed = '1'] = (lines.pop() ?? '').split(' ');
  // The listing may end before the padding does, and with it who unpacks.
  const isWhole = unpacked === '0' || Number(unpacked) > 128;
  if (!isWhole || listed !== '0') return undefined;
  const members: TarMember[] = [];
  for (const line of lines) {
    const match = LISTED.exec(line);
    if (match === null) return undefined;
    const [, mode = '', owner = '', group = '', size = '', day = '', time = '', rest = ''] = match;
    const modified = Date.parse(`${day}T${time}Z`) / 1000;
    const name = shownName(isGnu ? unescaped(rest) : rest).replace(/\/$/, '');
    members.push({ mode, owner, group, size: Number.parseInt(size, 10), modified, name });
  }
  return members;
}

function shownName(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
};

/** GNU tar writes bytes that are no ASCII as `\303`, a newline as `\n`, a backslash twice. */
function unescaped(text: string): string {
  return text.replace(/\\(?:([0-7]{3})|(.))/g, (_all, octal?: string, letter = '') =>
    octal === undefined
      ? (ESCAPES[letter] ?? letter)
      : String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
