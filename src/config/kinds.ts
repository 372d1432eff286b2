/** Kinds of settings: how their text in a file or the environment becomes a value. */
import { isAbsolute, join } from 'node:path';

export type Kind =
  | 'boolean'
  | 'integer'
  | 'text'
  /** Words separated by commas. */
  | 'list'
  | 'path'
  /** Paths separated by colons. */
  | 'paths'
  /** Inventory sources separated by commas: paths, which are made absolute, or lists of hosts. */
  | 'sources'
  | { readonly choices: readonly string[] };

export type Converted =
  | { readonly isFit: true; readonly value: unknown }
  | { readonly isFit: false; readonly wanted: string };

export interface Surroundings {
  /** Relative paths start here. */
  readonly baseDir: string;
  readonly home: string;
  /** For `$NAME` in paths. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const YES = /^(?:y|yes|on|1|true|t)$/i;
const NO = /^(?:n|no|off|0|false|f)$/i;

/** @param written a list comes from YAML. */
export function convert(
  kind: Kind,
  written: string | readonly string[],
  around: Surroundings,
): Converted {
  const text = typeof written === 'string' ? unquoted(written) : written.join(',');
  if (typeof kind === 'object') return choice(kind.choices, text);
  switch (kind) {
    case 'boolean':
      if (YES.test(text)) return valid(true);
      return NO.test(text) ? valid(false) : { isFit: false, wanted: 'yes or no' };
    case 'integer':
      return /^-?\d+$/.test(text)
        ? valid(Number(text))
        : { isFit: false, wanted: 'a whole number' };
    case 'text':
      return valid(text);
    case 'list':
      return valid(split(written, ','));
    case 'path':
      return valid(fullPath(text, around));
    case 'paths':
      return valid(split(written, ':').map((path) => fullPath(path, around)));
    case 'sources':
      return valid(sources(written, around));
    default:
      return kind satisfies never;
  }
}

function valid(value: unknown): Converted {
  return { isFit: true, value };
}

function choice(choices: readonly string[], text: string): Converted {
  return choices.includes(text)
    ? valid(text)
    : { isFit: false, wanted: `one of ${choices.join(', ')}` };
}

function split(written: string | readonly string[], separator: string): string[] {
  const parts = typeof written === 'string' ? unquoted(written).split(separator) : [...written];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** `a,b,` is a list of hosts; `hosts,more` are two files. */
function sources(written: string | readonly string[], around: Surroundings): string[] {
  if (typeof written === 'string' && written.trim().endsWith(',')) return [written.trim()];
  return split(written, ',').map((path) => fullPath(path, around));
}

function fullPath(path: string, { baseDir, home, env }: Surroundings): string {
  const expanded = path
    .replace(/^~(?=\/|$)/, home)
    .replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
      return env[braced ?? bare ?? ''] ?? whole;
    });
  return isAbsolute(expanded) ? expanded : join(baseDir, expanded);
}

function unquoted(text: string): string {
  const [, , inner] = /^(["'])(.*)\1$/s.exec(text.trim()) ?? [];
  return inner ?? text.trim();
}
