/** What `stat` tells beyond the inode: exact times, access, checksum, kind of content and flags, as far as the host has the tools. */
import type { ResultData } from '../../../core/results.ts';
import type { Probe } from '../../../target/probe.ts';
import { script } from '../../script.ts';
import { EXPAND_PATH } from '../fileState.ts';

export interface ExtrasQuestion {
  readonly follow: boolean;
  readonly algorithm: string | undefined;
  readonly mime: boolean;
  readonly attributes: boolean;
}

export interface StatExtras {
  /** Seconds with fractions, where the host's `stat` gives them. */
  readonly times: {
    readonly accessed?: number;
    readonly modified?: number;
    readonly statusChanged?: number;
  };
  readonly access: ResultData;
  /** `checksum`, `mimetype`, `charset`, `attributes`, `attr_flags`, `version`. */
  readonly found: ResultData;
}

export function statExtras(path: string, question: ExtrasQuestion): Probe<StatExtras> {
  const { follow, algorithm = '', mime, attributes } = question;
  return {
    script: EXTRAS_SCRIPT,
    args: [path, follow ? '-L' : '', algorithm, mime ? 'mime' : '', attributes ? 'attributes' : ''],
    parse: ({ stdout }) => parseExtras(stdout.toString('utf8')),
  };
}

/** Arguments: path, `-L` to follow, hash, and switches for mime type and flags. Prints `name=value` lines. */
const EXTRAS_SCRIPT = script`
${EXPAND_PATH}
[ -e "$path" ] || [ -L "$path" ] || exit 0
echo "times=$(stat $2 -c '%.9X %.9Y %.9Z' -- "$path" 2>/dev/null)"
access=
[ -r "$path" ] && access=r
[ -w "$path" ] && access=$access.w
[ -x "$path" ] && access=$access.x
echo "access=$access"
if [ "$4" ] && command -v file >/dev/null; then
  option=-h
  [ "$2" ] && option=-L
  echo "mime=$(file -b $option --mime-type --mime-encoding -- "$path" 2>/dev/null)"
fi
if [ "$5" ] && command -v lsattr >/dev/null && [ ! -L "$path" ]; then
  echo "attributes=$(lsattr -vd -- "$path" 2>/dev/null)"
fi
if [ "$3" ] && [ -f "$path" ] && { [ "$2" ] || [ ! -L "$path" ]; }; then
  sum=$("$3"sum <"$path") && echo "checksum=\${sum%% *}"
fi
exit 0`;

function parseExtras(text: string): StatExtras {
  const lines = new Map(
    text.split('\n').map((line) => [line.split('=', 1)[0], line.replace(/^[^=]*=/, '')]),
  );
  const access = lines.get('access') ?? '';
  const checksum = lines.get('checksum');
  return {
    times: parseTimes(lines.get('times') ?? ''),
    access: {
      readable: access.includes('r'),
      writeable: access.includes('w'),
      executable: access.includes('x'),
    },
    found: {
      ...parseMime(lines.get('mime')),
      ...parseFlags(lines.get('attributes')),
      ...(checksum === undefined ? {} : { checksum }),
    },
  };
}

function parseTimes(text: string): StatExtras['times'] {
  if (!/^\d+\.\d+ \d+\.\d+ \d+\.\d+$/.test(text)) return {};
  const [accessed = 0, modified = 0, statusChanged = 0] = text.split(' ').map(Number);
  return { accessed, modified, statusChanged };
}

/** `text/plain; charset=us-ascii`, as file(1) prints it. */
function parseMime(text: string | undefined): ResultData {
  const match = /^([^;]+); charset=(.+)$/.exec(text?.trim() ?? '');
  if (match === null) return { mimetype: 'unknown', charset: 'unknown' };
  return { mimetype: match[1], charset: match[2] };
}

const FLAGS: Readonly<Record<string, string>> = {
  A: 'noatime',
  a: 'append',
  c: 'compressed',
  C: 'nocow',
  d: 'nodump',
  D: 'dirsync',
  e: 'extents',
  E: 'encrypted',
  h: 'blocksize',
  i: 'immutable',
  I: 'indexed',
  j: 'journalled',
  N: 'inline',
  s: 'zero',
  S: 'synchronous',
  t: 'notail',
  T: 'blockroot',
  u: 'undelete',
  X: 'compressedraw',
  Z: 'compresseddirty',
};

/** `3214881 --------------e------- /etc/motd`, as lsattr(1) -v prints it. */
function parseFlags(text: string | undefined): ResultData {
  const match = /^\s*(\d+)\s+(\S+)/.exec(text ?? '');
  if (match === null) return { attributes: [], attr_flags: '', version: null };
  const flags = (match[2] ?? '').replaceAll('-', '');
  const attributes = [...flags].flatMap((flag) => FLAGS[flag] ?? []);
  return { attributes, attr_flags: flags, version: match[1] };
}
