/** Filters between values and JSON or YAML texts. */
import { bind } from '../arguments.ts';
import { type Filter, givingText, table } from '../plugins.ts';
import { typeError } from '../python/errors.ts';
import { str } from '../python/text.ts';
import type { Arguments, Internal } from '../python/types.ts';
import { pythonJson } from './json.ts';
import { readJson } from './jsonReader.ts';
import { flagOf, integerOf } from './parameters.ts';
import { readYaml, readYamlDocuments } from './yamlReader.ts';
import { pythonYaml } from './yamlWriter.ts';

export const dataFilters = table<Filter>({
  to_json: givingText((value, args) => json(value, args, undefined, false)),
  to_nice_json: givingText((value, args) => json(value, args, 4, true)),
  to_yaml: givingText((value, args) => yaml(value, args, { indent: 2, flow: undefined })),
  to_nice_yaml: givingText((value, args) => yaml(value, args, { indent: 4, flow: false })),
  from_json: (value) => (typeof value === 'string' ? readJson(value) : notText('from_json', value)),
  from_yaml: (value) => (typeof value === 'string' ? readYaml(value) : value),
  from_yaml_all: (value) => (typeof value === 'string' ? readYamlDocuments(value) : value),
});

function notText(filter: string, value: Internal): never {
  throw typeError(`${filter} needs text, not ${str(value)}`);
}

function json(
  value: Internal,
  args: Arguments,
  niceIndent: number | undefined,
  isSorted: boolean,
): string {
  const [indent, sortKeys, ensureAscii, separators] = bind(
    'to_json',
    args,
    'indent',
    'sort_keys',
    'ensure_ascii',
    '*separators',
    '*vault_to_text',
    '*preprocess_unsafe',
    '*skipkeys',
    '*allow_nan',
    '*check_circular',
  );
  return pythonJson(value, {
    indent: indent === undefined ? niceIndent : indent === null ? undefined : integerOf(indent, 0),
    sortKeys: flagOf(sortKeys, isSorted),
    ensureAscii: flagOf(ensureAscii, true),
    separators: pairOf(separators),
  });
}

function pairOf(separators: Internal | undefined): [string, string] | undefined {
  if (!Array.isArray(separators)) return undefined;
  const [item = ', ', key = ': '] = separators;
  return [str(item), str(key)];
}

function yaml(
  value: Internal,
  args: Arguments,
  defaults: { readonly indent: number; readonly flow: boolean | undefined },
): string {
  const [indent, flow, sortKeys, width, explicitStart, explicitEnd] = bind(
    'to_yaml',
    args,
    'indent',
    '*default_flow_style',
    '*sort_keys',
    '*width',
    '*explicit_start',
    '*explicit_end',
    '*allow_unicode',
    '*default_style',
    '*canonical',
    '*line_break',
  );
  return pythonYaml(value, {
    indent: integerOf(indent, defaults.indent),
    flow: flow === undefined ? defaults.flow : flow === null ? undefined : flagOf(flow),
    sortKeys: flagOf(sortKeys, true),
    width: integerOf(width, 80),
    explicitStart: flagOf(explicitStart),
    explicitEnd: flagOf(explicitEnd),
  });
}
