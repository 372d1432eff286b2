/** Lookups in CSV and INI files. */
import { type Lookup, type LookupContext, table } from '../plugins.ts';
import { usageError } from '../python/errors.ts';
import { pythonRegex } from '../python/regex.ts';
import { str } from '../python/text.ts';
import type { Internal } from '../python/types.ts';
import { readCsv } from './csv.ts';
import { readFound } from './files.ts';
import { type IniSection, readIni } from './ini.ts';
import { flagOption, type Options, splitTerm, textOption } from './options.ts';

export const tableLookups = table<Lookup>({
  csvfile: (terms, options, context) =>
    terms.flatMap((term) => csvValue(str(term), options, context)),
  ini: (terms, options, context) => terms.flatMap((term) => iniValue(str(term), options, context)),
});

/** Options of the call with those written in the term itself. */
function termOptions(
  term: string,
  options: Options,
): { readonly key: string; readonly all: Options } {
  const { text, options: own } = splitTerm(term);
  return { key: text, all: new Map([...options, ...own]) };
}

/** @param encoding a label of the WHATWG Encoding Standard, which has the names that people write. */
function decoded(bytes: Buffer, encoding: string): string {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    throw usageError(`unknown encoding "${encoding}"`);
  }
}

function csvValue(term: string, options: Options, context: LookupContext): Internal[] {
  const { key, all } = termOptions(term, options);
  const delimiter = textOption(all, 'delimiter', 'TAB').replace(/^(?:TAB|\\t|t)$/, '\t');
  const found = readFound(textOption(all, 'file', 'ansible.csv'), 'files', context);
  const text = decoded(found, textOption(all, 'encoding', 'utf-8'));
  const column = Number(textOption(all, 'col', '1'));
  const row = readCsv(text, delimiter).find(([first]) => first === key);
  const value = row?.[column];
  if (value !== undefined) return [value];
  const fallback = all.get('default');
  return fallback === undefined ? [] : [fallback];
}

function iniValue(term: string, options: Options, context: LookupContext): Internal[] {
  const { key, all } = termOptions(term, options);
  checkIniTerm(key, all);
  const file = textOption(all, 'file', 'ansible.ini');
  const isProperties = textOption(all, 'type', 'ini') === 'properties';
  const section = isProperties ? 'java_properties' : textOption(all, 'section', 'global');
  const isCaseSensitive = flagOption(all, 'case_sensitive', false);
  const allowsNoValue = ['allow_no_value', 'allow_none'].some((name) =>
    flagOption(all, name, false),
  );
  const content = decoded(readFound(file, 'files', context), textOption(all, 'encoding', 'utf-8'));
  const text = isProperties ? `[java_properties]\n${content}` : content;
  const sections = readIni(text, { isCaseSensitive, allowsNoValue, file });
  const values: IniSection = sections.get(section) ?? new Map();
  if (flagOption(all, 're', false)) return matchingValues(values, key, isCaseSensitive);
  const value = values.get(isCaseSensitive ? key : key.toLowerCase());
  if (value !== undefined) return value === null ? [] : [value];
  if (sections.has(section) || all.has('default')) return [all.get('default') ?? ''];
  throw usageError(`No section: '${section}' in ${file}`);
}

const INI_OPTIONS: ReadonlySet<string> = new Set([
  'type',
  'file',
  'section',
  're',
  'encoding',
  'default',
  'case_sensitive',
  'allow_no_value',
  'allow_none',
]);

/** @throws TemplateError for options that there are not, and for a term that is one without naming a key first. */
function checkIniTerm(key: string, options: Options): void {
  const [name = ''] = key.split('=', 1);
  const unknown = [...options.keys()].find((each) => !INI_OPTIONS.has(each));
  if (unknown !== undefined) throw usageError(`${unknown} is not a valid option`);
  if (!key.includes('=')) return;
  if (INI_OPTIONS.has(name)) {
    throw usageError('No key to lookup was provided as first term with in string inline options');
  }
  throw usageError(`${name} is not a valid option`);
}

function matchingValues(values: IniSection, key: string, isCased: boolean): string[] {
  const pattern = pythonRegex(key, { ignoreCase: !isCased }, true);
  return [...values]
    .filter(([name]) => {
      pattern.lastIndex = 0;
      return pattern.test(name);
    })
    .flatMap(([, value]) => value ?? []);
}
