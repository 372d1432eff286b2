/** What Ansible documents of a module and drover's schema does not say. What drover takes beyond that is no difference. */
import { isDeepStrictEqual } from 'node:util';
import type { ModuleDoc, ParameterDoc } from '../../../src/modules/documentation.ts';
import type { AnsibleModuleDoc, OptionDoc } from '../../support/ansibleDoc.ts';

/** Texts such as `cron: minute: has the default "*", here none`, one for each. */
export function schemaDifferences(theirs: AnsibleModuleDoc, ours: ModuleDoc): string[] {
  const takesAll = ours.freeForm !== undefined || ours.isOpen;
  const options = Object.entries(theirs.options).filter(
    ([name]) => !isPrivate(name) && !(takesAll && isPlaceholder(name)),
  );
  const parameters = optionDifferences(Object.fromEntries(options), ours.parameters);
  const returns = theirs.returns
    .filter((key) => !(key in ours.returns) && !COMMON_KEYS.has(key))
    .map((key) => `return key ${key}: is unknown`);
  return [...parameters, ...returns].map((text) => `${ours.name}: ${text}`);
}

/** Of every module, and documented once for all. */
const COMMON_KEYS: ReadonlySet<string> = new Set(['changed', 'failed', 'msg']);

/** What an action plugin hands to its own module. */
function isPrivate(name: string): boolean {
  return name.startsWith('_');
}

/** Stands for the text of the short form or for any name. */
function isPlaceholder(name: string): boolean {
  return ['free_form', 'free-form', 'key_value'].includes(name);
}

function optionDifferences(
  options: Readonly<Record<string, OptionDoc>>,
  parameters: readonly ParameterDoc[],
): string[] {
  return Object.entries(options).flatMap(([name, option]) => {
    const found = parameters.find((each) => each.name === name || each.aliases.includes(name));
    if (found === undefined) return [`${name}: is unknown`];
    const own = [
      ...missingAliases(option, found),
      ...missingChoices(option, found),
      ...otherDefault(option, found),
      ...otherRequirement(option, found),
      ...otherType(option, found),
    ].map((text) => `${name}: ${text}`);
    const inner = optionDifferences(option.suboptions ?? {}, found.suboptions);
    return [...own, ...inner.map((text) => `${name}.${text}`)];
  });
}

function missingAliases({ aliases = [] }: OptionDoc, { name, ...ours }: ParameterDoc): string[] {
  return aliases
    .filter((alias) => alias !== name && !ours.aliases.includes(alias))
    .map((alias) => `has the alias ${alias}`);
}

function missingChoices({ choices = [] }: OptionDoc, ours: ParameterDoc): string[] {
  if (ours.type === 'boolean') return [];
  const missing = choices.map(String).filter((choice) => !ours.choices.includes(choice));
  return missing.length === 0 ? [] : [`has the choices ${missing.join(', ')}`];
}

function otherDefault({ default: theirs }: OptionDoc, ours: ParameterDoc): string[] {
  const isBoolean = ours.type === 'boolean';
  const [wanted, actual] = [theirs, ours.default].map((value) =>
    isBoolean ? isTrue(value) : settled(value),
  );
  if (isDeepStrictEqual(wanted, actual)) return [];
  const shown = actual === undefined ? 'none' : JSON.stringify(actual);
  return [`has the default ${JSON.stringify(wanted) ?? 'none'}, here ${shown}`];
}

/** A boolean without a default is false. */
function isTrue(value: unknown): boolean {
  return value === true || ['yes', 'true', 'on'].includes(String(value).toLowerCase());
}

/** Numbers as texts are texts; what is empty is nothing; a list of one is its item. */
function settled(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 1 ? value.map(String) : settled(value[0]);
  const isEmpty = value === null || value === '' || isDeepStrictEqual(value, {});
  return value === undefined || isEmpty ? undefined : String(value);
}

function otherRequirement({ required = false }: OptionDoc, { isRequired }: ParameterDoc): string[] {
  if (required === isRequired) return [];
  return [required ? 'is required' : 'is not required'];
}

/** Kinds that are read differently; a number may be a text. */
const TYPES: Readonly<Record<string, string>> = { list: 'list', dict: 'dict', bool: 'boolean' };

function otherType({ type = 'str' }: OptionDoc, ours: ParameterDoc): string[] {
  const wanted = TYPES[type];
  if (wanted === undefined || ours.type === 'any value' || ours.type.includes(wanted)) return [];
  return [`is a ${wanted}, here ${ours.type}`];
}
