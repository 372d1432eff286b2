/** How an executable takes its arguments, by Ansible's documented conventions, and what runs it. */
import { basename } from 'node:path';

/** Takes the place of the arguments in the text of a module. */
const JSON_ARGUMENTS = '<<INCLUDE_ANSIBLE_MODULE_JSON_ARGS>>';

/**
 * `json`: the path of a file with the arguments as JSON (WANT_JSON, and every binary); `inline`: the arguments replace a
 * mark in the text; `words`: the path of a file with `key=value` words; `python`: written against Ansible's own library.
 */
export type ArgumentStyle = 'json' | 'inline' | 'words' | 'python';

export interface Executable {
  readonly style: ArgumentStyle;
  /** The interpreter and its options; undefined for a binary, which runs by itself. */
  readonly interpreter: readonly string[] | undefined;
  /** The text names check mode, so it can be trusted to look at it. */
  readonly knowsCheckMode: boolean;
}

export function executableOf(content: Buffer): Executable {
  if (isBinary(content)) return { style: 'json', interpreter: undefined, knowsCheckMode: true };
  const text = content.toString('utf8');
  return {
    style: styleOf(text),
    interpreter: interpreterOf(text),
    knowsCheckMode: /check_?mode/i.test(text),
  };
}

function isBinary(content: Buffer): boolean {
  return content.subarray(0, 8192).includes(0);
}

function styleOf(text: string): ArgumentStyle {
  const importsAnsible =
    /^\s*(?:from|import)\s+(?:ansible(?:_collections)?\.|\.+)[\w.]*module_utils/m.test(text) ||
    text.includes('<<INCLUDE_ANSIBLE_MODULE_COMMON>>');
  if (importsAnsible) return 'python';
  if (text.includes(JSON_ARGUMENTS)) return 'inline';
  return text.includes('WANT_JSON') ? 'json' : 'words';
}

/** `#!/usr/bin/env python3 -u` → `/usr/bin/env python3 -u`; empty without such a line. */
function interpreterOf(text: string): string[] {
  const line = /^#!\s*([^\n\r]*)/.exec(text)?.[1] ?? '';
  return line.split(/\s+/).filter((word) => word !== '');
}

/** The name under which playbooks set another interpreter: `python3` for `ansible_python3_interpreter`. */
export function interpreterName(words: readonly string[]): string {
  const [program = '', ...rest] = words;
  if (basename(program) !== 'env') return basename(program);
  return basename(rest.find((word) => !word.startsWith('-') && !word.includes('=')) ?? '');
}

export function withInlineArguments(content: Buffer, json: string): Buffer {
  return Buffer.from(content.toString('utf8').replaceAll(JSON_ARGUMENTS, () => json));
}

/** `key='value' …`, each value quoted as a shell word; lists and dicts as JSON. */
export function wordArguments(args: Readonly<Record<string, unknown>>): string {
  return Object.entries(args)
    .map(([key, value]) => `${key}=${quoted(wordOf(value))}`)
    .join(' ');
}

function wordOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value === null || value === undefined) return 'None';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** As Python's shlex.quote: what needs no quotes stays bare. */
function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'"'"'`)}'`;
}
