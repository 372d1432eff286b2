/** Filters on paths. */
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { bind } from '../arguments.ts';
import { glob } from '../glob.ts';
import { type Filter, type TemplateHost, table } from '../plugins.ts';
import { typeError } from '../python/errors.ts';
import { str } from '../python/text.ts';
import { isList, tuple, typeName } from '../python/types.ts';
import { textOf } from './parameters.ts';

export const pathFilters = table<Filter>({
  basename: (value) => {
    const text = str(value);
    return text.slice(text.lastIndexOf('/') + 1);
  },
  dirname: (value) => dirname(str(value)),
  expanduser: (value, _args, { host }) => expandUser(str(value), host),
  expandvars: (value, _args, { host }) => expandVariables(str(value), host),
  realpath: (value, _args, { host }) => realPath(path.resolve(host.baseDirectory, str(value))),
  relpath: (value, args, { host }) => {
    const [start] = bind('relpath', args, 'start');
    const from = path.resolve(host.baseDirectory, textOf(start, '.'));
    return path.relative(from, path.resolve(host.baseDirectory, str(value))) || '.';
  },
  path_join: (value) => {
    if (typeof value === 'string') return value;
    if (!isList(value))
      throw typeError(`|path_join expects string or sequence, got ${typeName(value)} instead.`);
    return joined(value.map(str));
  },
  splitext: (value) => splitExtension(str(value)),
  win_basename: (value) => path.win32.basename(`${str(value)}`),
  win_dirname: (value) => windowsDirname(str(value)),
  win_splitdrive: (value) => {
    const [drive = ''] = /^(?:[A-Za-z]:|\\\\[^\\/]+[\\/][^\\/]+)/.exec(str(value)) ?? [];
    return tuple(drive, str(value).slice(drive.length));
  },
  fileglob: (value) => glob(str(value)),
});

/** Python's: nothing for a path without a slash, no slash at the end but for the root. */
export function dirname(text: string): string {
  const head = text.slice(0, text.lastIndexOf('/') + 1);
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '');
}

export function expandUser(text: string, host: TemplateHost): string {
  if (text !== '~' && !text.startsWith('~/')) return text;
  return (host.environment['HOME'] ?? homedir()) + text.slice(1);
}

function expandVariables(text: string, host: TemplateHost): string {
  return text.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (whole, plain, braced) => {
    const name: string = plain ?? braced;
    return (Object.hasOwn(host.environment, name) ? host.environment[name] : undefined) ?? whole;
  });
}

/** The path with its links resolved as far as it exists. */
function realPath(text: string): string {
  try {
    return realpathSync(text);
  } catch {
    const parent = path.dirname(text);
    return parent === text ? text : path.join(realPath(parent), path.basename(text));
  }
}

function joined(parts: readonly string[]): string {
  return parts.reduce((sum, part) => {
    if (part.startsWith('/') || sum === '') return part;
    return sum.endsWith('/') ? sum + part : `${sum}/${part}`;
  }, '');
}

function splitExtension(text: string) {
  const name = text.slice(text.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  const isExtension = dot > 0 && !/^\.*$/.test(name.slice(0, dot));
  const cut = isExtension ? text.length - (name.length - dot) : text.length;
  return tuple(text.slice(0, cut), text.slice(cut));
}

function windowsDirname(text: string): string {
  const cut = Math.max(text.lastIndexOf('\\'), text.lastIndexOf('/')) + 1;
  const head = text.slice(0, cut);
  return /^(?:[A-Za-z]:)?[\\/]*$/.test(head) ? head : head.replace(/[\\/]+$/, '');
}
