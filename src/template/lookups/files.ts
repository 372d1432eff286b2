/** Lookups of files on the controller. */
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Value } from '../../core/values.ts';
import { toValue } from '../evaluate/boundary.ts';
import { expandUser } from '../filters/paths.ts';
import { glob } from '../glob.ts';
import { type Lookup, type LookupContext, table } from '../plugins.ts';
import { usageError } from '../python/errors.ts';
import { str } from '../python/text.ts';
import { type Internal, Undefined } from '../python/types.ts';
import { flagOption, flattenedOnce, type Options } from './options.ts';

type Kind = 'files' | 'templates' | 'vars';

export const fileLookups = table<Lookup>({
  file: (terms, options, context) =>
    terms.map((term) => trimmed(readFound(str(term), 'files', context).toString('utf8'), options)),
  unvault: (terms, _options, context) =>
    terms.map((term) => readFound(str(term), 'files', context).toString('utf8')),
  template: (terms, options, context) => terms.map((term) => rendered(str(term), options, context)),
  fileglob: (terms, _options, context) =>
    flattenedOnce(terms).flatMap((term) => globbed(str(term), context)),
  first_found: (terms, options, context) => firstFound(terms, options, context),
});

function trimmed(text: string, options: Options): string {
  const right = flagOption(options, 'rstrip', true) ? text.trimEnd() : text;
  return flagOption(options, 'lstrip', false) ? right.trimStart() : right;
}

/** Places of a relative name: in the folder of its kind, then beside it, for each directory of the search path. */
export function candidates(name: string, kind: Kind, context: LookupContext): string[] {
  const expanded = expandUser(name, context.host);
  if (path.isAbsolute(expanded)) return [expanded];
  return context
    .searchPath(kind)
    .flatMap((directory) => [path.join(directory, kind, expanded), path.join(directory, expanded)])
    .map((file) => path.resolve(context.host.baseDirectory, file));
}

/** The first place that exists. @throws TemplateError that lists the places searched. */
export function findFile(name: string, kind: Kind, context: LookupContext): string {
  const places = candidates(name, kind, context);
  const found = places.find((file) => statSync(file, { throwIfNoEntry: false }) !== undefined);
  if (found !== undefined) return found;
  throw usageError(
    `could not find file "${name}" for the lookup`,
    `searched: ${places.join(', ')}`,
  );
}

export function readFound(name: string, kind: Kind, context: LookupContext): Buffer {
  return context.host.readFile(findFile(name, kind, context));
}

const SYNTAX_OPTIONS: ReadonlySet<string> = new Set([
  'variable_start_string',
  'variable_end_string',
  'comment_start_string',
  'comment_end_string',
  'trim_blocks',
  'lstrip_blocks',
]);

function rendered(name: string, options: Options, context: LookupContext): string {
  const file = findFile(name, 'templates', context);
  const extra = options.get('template_vars');
  const variables =
    extra instanceof Map
      ? [...extra].map(([key, value]): [string, Value] => [str(key), toValue(value)])
      : [];
  const syntax = [...options].filter(([key]) => SYNTAX_OPTIONS.has(key));
  const text = context.renderFile(file, new Map(variables), new Map(syntax));
  // Where every template gives native types, the text of a file stays text unless types are asked for.
  const isText = context.isNative && !flagOption(options, 'jinja2_native', false);
  if (isText || !flagOption(options, 'convert_data', true)) context.keepText(text);
  return text;
}

function globbed(pattern: string, context: LookupContext): string[] {
  for (const place of candidates(pattern, 'files', context)) {
    const found = glob(place);
    if (found.length > 0) return found;
  }
  return [];
}

function firstFound(
  terms: readonly Internal[],
  options: Options,
  context: LookupContext,
): Internal[] {
  let skip = flagOption(options, 'skip', false);
  const names: string[] = [];
  for (const term of flattenedOnce(terms.length > 0 ? terms : [new Map(options)])) {
    if (term instanceof Undefined) continue;
    if (!(term instanceof Map)) names.push(...withPaths([str(term)], options));
    else {
      const own = new Map([
        ...options,
        ...[...term].map(([key, value]): [string, Internal] => [str(key), value]),
      ]);
      skip ||= flagOption(own, 'skip', false);
      names.push(...withPaths(nameList(own.get('files')), own));
    }
  }
  // All names in one folder before the next folder: a foreign vars/debian.yml is no match for debian.yml.
  const found = (['files', 'templates', 'vars'] as const)
    .flatMap((kind) => names.flatMap((name) => candidates(name, kind, context)))
    .find((file) => statSync(file, { throwIfNoEntry: false }) !== undefined);
  if (found !== undefined) return [found];
  if (skip) return [];
  throw usageError('no file was found when using first_found', `looked for: ${names.join(', ')}`);
}

function withPaths(names: readonly string[], options: Options): string[] {
  const directories = nameList(options.get('paths'));
  if (directories.length === 0) return [...names];
  return directories.flatMap((directory) => names.map((name) => path.join(directory, name)));
}

/** A list, or a text with commas, semicolons or colons between. */
function nameList(value: Internal | undefined): string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => nameList(item));
  return str(value)
    .split(/[,;:]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
