/**
 * What one family of facts is: a shell function that prints sections, and a pure function from those to facts. One script and one
 * subshell for all families: a subshell for each would cost a host some milliseconds more, of forty.
 */
import { ModuleError } from '../../core/errors.ts';
import type { Probe } from '../probe.ts';

/** Names that ask for all facts about the hardware: Ansible gathers them as one. */
export const HARDWARE = [
  'hardware',
  'devices',
  'mounts',
  'processor',
  'processor_cores',
  'processor_count',
];

/** Facts by Ansible's names without the `ansible_` prefix, as JSON-like data. */
export type PlainFacts = Readonly<Record<string, unknown>>;

export interface FactFamily {
  /** As `gather_subset` names it. */
  readonly name: string;
  /** Other names that ask for it: its facts, and groups such as `hardware`. */
  readonly aliases: readonly string[];
  /** Part of `min`: gathered unless excluded by name. */
  readonly isMinimal?: true;
  /** Families whose facts come with it. */
  readonly requires?: readonly string[];
  /** Paths of text files to read: those of all families are read by one program. */
  readonly files?: readonly string[];
  /** Folders to list with what their links point to (`ls -l`), by one program, too. */
  readonly folders?: readonly string[];
  /**
   * Of a shell function: it may `return`, and its arguments and loops are its own; variables are not, nor is the directory. `at` begins
   * a section, `also` adds files that are to be read.
   */
  readonly script?: string;
  readonly parse: (sections: Sections) => PlainFacts;
}

/** What was printed, by the name of its section or the path of its file or folder; the empty text where nothing was. */
export type Sections = (name: string) => string;

/** ASCII's record separator, which does not occur in what the scripts print, begins a section. */
const PRELUDE = String.raw`more=
at() { printf '\036%s\n' "$1"; }
also() { more="$more $*"; }
`;

/** ASCII's group separator: begins what a family printed, and last the folders and the files. */
const GROUP = '\x1d';
const FILES = `${GROUP}files\n`;

/** @param args of the families' scripts, by the families' names. */
export function factsProbe(
  families: readonly FactFamily[],
  args: Readonly<Record<string, string>> = {},
): Probe<PlainFacts> {
  const files = new Set(families.flatMap(({ files: own = [] }) => own));
  const folders = new Set(families.flatMap(({ folders: own = [] }) => own));
  const asked = families.filter(({ name }) => Object.hasOwn(args, name));
  const parts = [...families.map(familyScript(asked)), listing([...folders]), reading([...files])];
  return {
    script: `${PRELUDE}${parts.join('')}exit 0`,
    args: asked.map(({ name }) => args[name] ?? ''),
    parse: ({ stdout }) => factsOf(families, stdout.toString()),
  };
}

/** @param asked those that have an argument, in its place. */
function familyScript(asked: readonly FactFamily[]) {
  return (family: FactFamily): string => {
    const { name, script = '' } = family;
    if (script === '') return '';
    const place = asked.indexOf(family) + 1;
    const call = place === 0 ? `facts_of_${name}` : `facts_of_${name} "$${place}"`;
    return `printf '\\035${name}\\n'\nfacts_of_${name}() {\n${script}\n}\n${call}\n`;
  };
}

/** `ls` names a folder above what is in it when there is something else to list. */
function listing(folders: readonly string[]): string {
  if (folders.length === 0) return '';
  return `printf '\\035folders\\n'
set --
for folder in ${folders.join(' ')}; do [ -d "$folder" ] && set -- "$@" "$folder"; done
[ $# -eq 0 ] || ls -l "$@" /dev/null 2>/dev/null
`;
}

/**
 * `grep -z` prints a file, or each part of one that has NULs, behind its path, and a NUL after it. Not all of busybox have the option;
 * then the shell reads, 0.3 µs a byte. What `$more` holds are paths below /sys, of which none has blanks.
 */
function reading(files: readonly string[]): string {
  return String.raw`read_each() {
  for file; do
    [ -f "$file" ] && [ -r "$file" ] || continue
    printf '%s:' "$file"
    case $file in
    */environ) cat "$file";;
    *) while IFS= read -r line || [ "$line" ]; do printf '%s\n' "$line"; done <"$file";;
    esac
    printf '\0'
  done
}
printf '\035files\n'
set -- FILES $more
[ $# -gt 0 ] || exit 0
if command -v busybox >/dev/null 2>&1 && { grep -z '' /dev/null; [ $? -gt 1 ]; }; then read_each "$@"
else grep -az '' "$@" /dev/null; fi 2>/dev/null
`
    .replaceAll('\\\\', '\\')
    .replace('FILES', files.join(' '));
}

function factsOf(families: readonly FactFamily[], output: string): PlainFacts {
  const end = output.indexOf(FILES);
  const groups = new Map(
    output
      .slice(0, end)
      .split(GROUP)
      .map((group) => {
        const lineEnd = group.indexOf('\n');
        return [group.slice(0, lineEnd), group.slice(lineEnd + 1)];
      }),
  );
  const texts = new Map([
    ...fileTexts(output.slice(end + FILES.length)),
    ...folderTexts(groups.get('folders') ?? ''),
  ]);
  const facts = families.map((family) => familyFacts(family, groups.get(family.name) ?? '', texts));
  return Object.assign({}, ...facts);
}

/** Files by path, from `path:text` and a NUL. The parts of a file that has NULs stay apart by them. */
function fileTexts(output: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  let path = '';
  for (const part of output.split('\0').slice(0, -1)) {
    // Read by the shell, only a file's first part has the path; the others are variables of an environment.
    const colon = part.startsWith('/') ? part.indexOf(':') : -1;
    if (colon > 0) path = part.slice(0, colon);
    const text = part.slice(colon + 1);
    const before = texts.get(path);
    texts.set(path, before === undefined ? text : `${before}\0${text}`);
  }
  return texts;
}

/** Listings by folder, each under a line `folder:`. */
function folderTexts(output: string): ReadonlyMap<string, string> {
  const parts = output.split(/^(\/.*):$/m).slice(1);
  return new Map(
    parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1] ?? '']] : [])),
  );
}

function familyFacts(
  { name, parse }: FactFamily,
  output: string,
  texts: ReadonlyMap<string, string>,
): PlainFacts {
  const printed = sectionsOf(output);
  try {
    return parse((section) => texts.get(section) ?? printed(section));
  } catch (cause) {
    throw new ModuleError(`the ${name} facts cannot be read`, { code: 'DROVER_FACTS', cause });
  }
}

export function sectionsOf(output: string): Sections {
  const bodies = new Map<string, string>();
  for (const part of output.split('\x1e').slice(1)) {
    const lineEnd = part.indexOf('\n');
    bodies.set(part.slice(0, lineEnd), part.slice(lineEnd + 1));
  }
  return (name) => bodies.get(name) ?? '';
}

/** `KEY=value` lines as shell files have them (`/etc/os-release`), quotes removed. */
export function assignments(text: string): Map<string, string> {
  const found = [...text.matchAll(/^\s*([A-Za-z_][\w.-]*)\s*=\s*(.*?)\s*$/gm)];
  return new Map(
    found.map(([, key = '', value = '']) => [key, value.replace(/^(["'])(.*)\1$/s, '$2')]),
  );
}

export function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

export function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.trim() ?? '';
}
