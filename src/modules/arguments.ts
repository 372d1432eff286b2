/**
 * From the arguments of a task to the parameters of its module. Once at load, as far as literal values allow
 * (`checkArguments`), and once per host when all templates are evaluated (`validateArguments`).
 * Errors carry the argument's name as it was written; who knows the playbook adds the position.
 */
import * as z from 'zod';
import { ParamsError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import { type Dict, isDict, type Value } from '../core/values.ts';
import { issueMessage, issueResult, missingResult, unsupportedResult } from './argumentIssues.ts';
import type { Module, RawArguments } from './module.ts';
import { type Parameters, parametersOf } from './parameters.ts';

/**
 * The module's parameters, defaults filled in. Arguments are evaluated and those given as `omit` are already gone;
 * a null counts as not given wherever the parameter does not take null.
 * @throws ParamsError for the first argument that is unknown, missing or wrong.
 */
export function validateArguments(module: Module, raw: RawArguments): unknown {
  const parameters = parametersOf(module);
  const [unknown] = unknownArguments(module, parameters, raw.keys());
  if (unknown !== undefined) throw unknown;
  const { values, written } = canonicalArguments(parameters, raw);
  const [missing] = missingArguments(module, parameters, new Set(values.keys()));
  if (missing !== undefined) throw missing;
  const parsed = module.params.safeParse(Object.fromEntries(values));
  if (parsed.success) return parsed.data;
  throw invalidArgument(module, parsed.error.issues[0], written);
}

export interface StaticArguments {
  /** Arguments without templates. */
  readonly literals: RawArguments;
  /** Names whose values are templates: known to be given, not what they are. */
  readonly templated: ReadonlySet<string>;
  /** A template gives further arguments, so nothing can be said to be missing. */
  readonly hasMore?: boolean;
}

/** All that is wrong with a task's arguments before any template is evaluated: names, missing ones, literal values. */
export function checkArguments(module: Module, given: StaticArguments): readonly ParamsError[] {
  const parameters = parametersOf(module);
  const names = [...given.literals.keys(), ...given.templated];
  const canonical = new Set(names.map((name) => parameters.canonical.get(name) ?? name));
  const errors = [
    ...unknownArguments(module, parameters, names),
    ...(given.hasMore === true ? [] : missingArguments(module, parameters, canonical)),
    ...wrongLiterals(module, parameters, given.literals),
  ];
  const isComplete = given.templated.size === 0 && given.hasMore !== true;
  return errors.length === 0 && isComplete ? wholeErrors(module, given.literals) : errors;
}

/**
 * Arguments with the text of the short form (`command: ls /tmp`) added as the parameter that takes it.
 * @throws ParamsError when the module takes no text.
 */
export function withFreeForm(
  module: Pick<Module, 'name' | 'freeForm'>,
  named: RawArguments,
  text: Value,
): RawArguments {
  if (isDict(text)) return new Map([...asNamed(text), ...named]);
  if (module.freeForm === undefined) {
    throw new ParamsError(`module "${module.name}" takes no text`, {
      code: 'DROVER_INVALID_ARGUMENT',
      hint: 'write its arguments as a mapping, or as key=value words',
    });
  }
  return new Map<string, Value>([[module.freeForm, text], ...named]);
}

/** `set_fact: "{{ settings }}"`: a dict in place of the text holds named arguments. */
function asNamed(dict: Dict): [string, Value][] {
  return [...dict].map(([name, value]) => [String(name), value]);
}

function unknownArguments(
  module: Module,
  { byName, canonical, open }: Parameters,
  names: Iterable<string>,
): ParamsError[] {
  if (open) return [];
  const unknown = [...names].filter((name) => !canonical.has(name));
  if (unknown.length === 0) return [];
  const resultMessage = unsupportedResult(module.name, unknown, [...byName.keys()]);
  return unknown.map((name) => {
    const takes = namesTaken(module, [...byName.keys()]);
    return new ParamsError(`unknown argument "${name}" for module "${module.name}"`, {
      code: 'DROVER_UNKNOWN_ARGUMENT',
      argument: name,
      hint: didYouMean(name, canonical.keys()) ?? takes,
      resultMessage,
    });
  });
}

/** In one line that can be read. */
const MOST_NAMES = 15;

function namesTaken(module: Module, names: readonly string[]): string {
  if (names.length === 0) return 'it takes no arguments';
  const more = names.length > MOST_NAMES ? `, … (drover doc ${module.name})` : '';
  return `it takes ${names.slice(0, MOST_NAMES).join(', ')}${more}`;
}

function missingArguments(
  module: Module,
  { byName }: Parameters,
  given: ReadonlySet<string>,
): ParamsError[] {
  const missing = [...byName.values()].filter(({ name, required }) => required && !given.has(name));
  if (missing.length === 0) return [];
  const resultMessage = missingResult(missing.map(({ name }) => name));
  return missing.map(
    ({ name, aliases, description }) =>
      new ParamsError(`module "${module.name}" needs the argument "${name}"`, {
        code: 'DROVER_MISSING_ARGUMENT',
        argument: name,
        hint: description ?? (aliases.length > 0 ? `also called ${aliases.join(', ')}` : undefined),
        resultMessage,
      }),
  );
}

interface CanonicalArguments {
  readonly values: ReadonlyMap<string, Value>;
  /** How the playbook spelt each. */
  readonly written: ReadonlyMap<string, string>;
}

/** Aliases resolved, nulls that mean "not given" dropped. Of two names for one parameter the later wins. */
function canonicalArguments(parameters: Parameters, raw: RawArguments): CanonicalArguments {
  const values = new Map<string, Value>();
  const written = new Map<string, string>();
  for (const [name, value] of raw) {
    const canonical = parameters.canonical.get(name) ?? name;
    if (value === null && !takesNull(parameters, canonical)) continue;
    values.set(canonical, value);
    written.set(canonical, name);
  }
  return { values, written };
}

function takesNull({ byName, open }: Parameters, name: string): boolean {
  const parameter = byName.get(name);
  return parameter === undefined ? open : z.safeParse(parameter.schema, null).success;
}

/** Each literal by itself; what depends on several is left to the whole schema. */
function wrongLiterals(
  module: Module,
  parameters: Parameters,
  literals: RawArguments,
): ParamsError[] {
  return [...literals].flatMap(([name, value]) => {
    const parameter = parameters.byName.get(parameters.canonical.get(name) ?? name);
    if (parameter === undefined || value === null) return [];
    const parsed = z.safeParse(parameter.schema, value);
    const issue = parsed.success ? undefined : parsed.error.issues[0];
    if (issue === undefined) return [];
    const placed = { ...issue, path: [parameter.name, ...issue.path] };
    return [invalidArgument(module, placed, new Map([[parameter.name, name]]))];
  });
}

function wholeErrors(module: Module, literals: RawArguments): ParamsError[] {
  try {
    validateArguments(module, literals);
    return [];
  } catch (error) {
    if (error instanceof ParamsError) return [error];
    throw error;
  }
}

function invalidArgument(
  module: Module,
  issue: z.core.$ZodIssue | undefined,
  written: ReadonlyMap<string, string>,
): ParamsError {
  const [first] = issue?.path ?? [];
  const argument = first === undefined ? undefined : (written.get(String(first)) ?? String(first));
  const message = issue === undefined ? 'wrong arguments' : issueMessage(issue, argument);
  return new ParamsError(`module "${module.name}": ${message}`, {
    code: 'DROVER_INVALID_ARGUMENT',
    argument,
    resultMessage: issue === undefined ? undefined : issueResult(issue, argument),
  });
}
