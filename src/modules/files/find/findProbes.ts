/** What `find` asks a host: everything below some directories, and contents and hashes of chosen files. */
import { TextDecoder } from 'node:util';
import { ModuleError } from '../../../core/errors.ts';
import type { Probe } from '../../../target/probe.ts';
import { script } from '../../script.ts';
import { EXPAND_PATH, type FileStat, parseStat, STAT_FORMAT } from '../fileState.ts';

export interface FoundFile {
  readonly path: string;
  readonly stat: FileStat;
}

export interface Listing {
  /** The host's clock, in seconds since 1970. */
  readonly now: number;
  readonly files: readonly FoundFile[];
  /** How many entries were looked at, those just below the wanted depth too. */
  readonly examined: number;
  /** Reasons by path. */
  readonly skipped: Readonly<Record<string, string>>;
}

export interface ListingQuestion {
  readonly paths: readonly string[];
  readonly recurse: boolean;
  readonly depth?: number | undefined;
  readonly follow: boolean;
}

export function listFiles({ paths, recurse, depth, follow }: ListingQuestion): Probe<Listing> {
  const limit = recurse ? depth : 1;
  const levels = recurse && depth !== undefined ? depth + 1 : (limit ?? '');
  return {
    script: LIST_SCRIPT,
    args: [follow ? '-L' : '-P', String(levels), ...paths],
    parse: ({ stdout, stderr }) =>
      parseListing(stdout.toString('utf8'), stderr.toString('utf8'), limit),
  };
}

/** Arguments: `-L` or `-P`, levels or nothing, paths. Prints NUL-ended records: the time, then searched paths (`r`), files (`f`) and skipped paths (`s`). */
const LIST_SCRIPT = script`
links=$1 levels=$2
shift 2
printf '%s\0' "$(date +%s)"
for root do
  set -- "$root"
  ${EXPAND_PATH}
  if [ ! -d "$path" ]; then printf 's%s\0' "$path"; continue; fi
  printf 'r%s\0' "$path"
  case $path in -*) path=./$path ;; esac
  find $links "$path" -mindepth 1 \${levels:+-maxdepth "$levels"} -exec sh -c '
    for file do
      printf "f%s %s\0" "$(stat -c "${STAT_FORMAT}" -- "$file")" "$file"
    done' sh {} +
done
exit 0`;

/** @param limit levels below the searched path that count. */
function parseListing(stdout: string, stderr: string, limit: number | undefined): Listing {
  const [now = '', ...records] = stdout.split('\0');
  if (!/^\d+$/.test(now)) throw new ModuleError(`cannot search: ${stderr.trim()}`);
  const files: FoundFile[] = [];
  let examined = 0;
  let root = '';
  const skipped: Record<string, string> = {};
  for (const record of records) {
    if (record.startsWith('r')) root = record.slice(1).replace(/\/+$/, '');
    if (record.startsWith('s'))
      skipped[record.slice(1)] = `'${record.slice(1)}' is not a directory`;
    const match = /^f((?:\S+ ){14}\S+) ([\s\S]*)$/.exec(record);
    const stat = parseStat(match?.[1]);
    if (stat === undefined) continue;
    examined += 1;
    const file = { path: match?.[2] ?? '', stat };
    if (levelOf(file.path, root) <= (limit ?? Number.POSITIVE_INFINITY)) files.push(file);
  }
  return { now: Number(now), files, examined, skipped };
}

/** 1 for what stands in `root` itself. */
function levelOf(file: string, root: string): number {
  const below = file.slice(root.length).replace(/^\/+/, '');
  return below.split('/').length;
}

/** @throws ModuleError for an encoding that nobody knows. */
export function foundContents(
  names: readonly string[],
  encoding = 'utf-8',
): Probe<ReadonlyMap<string, string>> {
  const decoder = decoderOf(encoding);
  return {
    script: 'for file do printf "%s\\n" "$(wc -c <"$file")"; cat -- "$file"; done',
    args: names,
    parse({ stdout }) {
      const contents = new Map<string, string>();
      let at = 0;
      for (const name of names) {
        const lineEnd = stdout.indexOf('\n', at);
        const size = Number(stdout.subarray(at, lineEnd).toString().trim());
        contents.set(name, decoder.decode(stdout.subarray(lineEnd + 1, lineEnd + 1 + size)));
        at = lineEnd + 1 + size;
      }
      return contents;
    },
  };
}

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { ignoreBOM: true });
  } catch (error) {
    throw new ModuleError(`"${encoding}" is no known encoding`, {
      hint: 'the names are those of the Encoding Standard: utf-8, iso-8859-1, utf-16le, …',
      cause: error,
    });
  }
}

export function foundChecksums(
  names: readonly string[],
  algorithm: string,
): Probe<ReadonlyMap<string, string>> {
  return {
    script: 'tool=$1; shift; for file do sum=$("$tool" <"$file"); set -- $sum; echo "$1"; done',
    args: [`${algorithm}sum`, ...names],
    parse({ stdout }) {
      const sums = stdout.toString('utf8').split('\n');
      return new Map(names.map((name, index) => [name, sums[index] ?? '']));
    },
  };
}
