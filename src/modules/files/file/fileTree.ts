/** Probes of the `file` module beyond the file itself: its times as the host's clock shows them, and what is below it. */
import type { Probe } from '../../../target/probe.ts';
import { script } from '../../script.ts';
import { EXPAND_PATH } from '../fileState.ts';

export interface FileTimes {
  /** `YYYYMMDDhhmm.ss` in the host's time zone, as touch(1) -t takes it; empty when there is no file. */
  readonly accessed: string;
  readonly modified: string;
}

/** Empty when `path` is undefined: nobody asks. */
export function fileTimes(path: string | undefined): Probe<FileTimes> {
  return {
    script: path === undefined ? ':' : TIMES_SCRIPT,
    args: path === undefined ? [] : [path],
    parse({ stdout }) {
      const [accessed = '', modified = ''] = stdout.toString('utf8').split('\n');
      return { accessed, modified };
    },
  };
}

const TIMES_SCRIPT = script`
${EXPAND_PATH}
[ -e "$path" ] || exit 0
for format in %X %Y; do
  date -d "@$(stat -L -c "$format" -- "$path")" +%Y%m%d%H%M.%S
done`;

/** Attributes of one entry of a tree; names do not matter, since what is asked is the same for all. */
export interface TreeEntry {
  readonly isDirectory: boolean;
  readonly isLink: boolean;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Everything below `path`; nothing when `path` is undefined. With `follow`, what links point to counts beside them. */
export function treeEntries(
  path: string | undefined,
  follow: boolean,
): Probe<readonly TreeEntry[]> {
  return {
    script: path === undefined ? ':' : TREE_SCRIPT,
    args: path === undefined ? [] : [path, follow ? 'follow' : ''],
    parse: ({ stdout }) => [...stdout.toString('latin1').matchAll(ENTRY)].map(entryOf),
  };
}

const TREE_SCRIPT = script`
${EXPAND_PATH}
[ -d "$path" ] || exit 0
find "$path/." ! -name . -exec stat -c '%f %u %g' -- {} + 2>/dev/null
[ -z "$2" ] || find "$path/." -type l -exec stat -L -c '%f %u %g' -- {} + 2>/dev/null
exit 0`;

const ENTRY = /^([0-9a-f]+) (\d+) (\d+)$/gm;

function entryOf([, raw = '', uid, gid]: RegExpExecArray): TreeEntry {
  const bits = Number.parseInt(raw, 16);
  return {
    isDirectory: bits >> 12 === 0x4,
    isLink: bits >> 12 === 0xa,
    mode: bits & 0o7777,
    uid: Number(uid),
    gid: Number(gid),
  };
}
