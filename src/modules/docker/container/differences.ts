/** Where a container is not as asked: the table of fields, compared row by row. */
import { ParamsError } from '../../../core/errors.ts';
import { didYouMean } from '../../../core/nearest.ts';
import type { ImageInspect } from '../image.ts';
import { DEFAULT_MODES, type Mode, matches } from './compare.ts';
import type { Draft, Field, Wanted } from './field.ts';
import { networkFields } from './fields/network.ts';
import { processFields } from './fields/process.ts';
import { resourceFields } from './fields/resources.ts';
import { storageFields } from './fields/storage.ts';
import type { ContainerInspect } from './inspect.ts';
import type { Params } from './params.ts';

export const fields: readonly Field[] = [
  ...processFields,
  ...resourceFields,
  ...storageFields,
  ...networkFields,
];

export interface Difference {
  readonly option: string;
  readonly desired: unknown;
  readonly actual: unknown;
  readonly isUpdatable: boolean;
}

const ALIASES: Readonly<Record<string, string>> = {
  ports: 'published_ports',
  exposed: 'exposed_ports',
  expose: 'exposed_ports',
  log_opt: 'log_options',
};

export type Modes = (option: string, usual: Mode) => Mode;

/** How each option is compared. @throws ParamsError when `comparisons` names no option, or a mode that it cannot have. */
export function comparisonModes({ comparisons = {}, ignore_image, purge_networks }: Params): Modes {
  const { '*': wildcard, ...byName } = comparisons;
  if (wildcard === 'allow_more_present') {
    throw wrongComparison('"*" takes strict or ignore', 'write a mode for each option');
  }
  const named = new Map(
    Object.entries(byName).map(([name, mode]) => [ALIASES[name] ?? name, mode]),
  );
  for (const [name, mode] of named) checkMode(name, mode);
  const older: Readonly<Record<string, Mode>> = {
    ...(ignore_image && { image: 'ignore' }),
    ...(purge_networks && { networks: 'strict' }),
  };
  return (option, usual) => named.get(option) ?? wildcard ?? older[option] ?? usual;
}

const NOT_IN_TABLE: readonly string[] = ['image', 'networks'];

function checkMode(name: string, mode: Mode): void {
  const field = fields.find(({ option }) => option === name);
  if (field === undefined && !NOT_IN_TABLE.includes(name)) {
    const names = [...fields.map(({ option }) => option), ...NOT_IN_TABLE];
    throw wrongComparison(`"${name}" is no option of a container`, didYouMean(name, names));
  }
  const isValue = name === 'image' || field?.kind === 'value';
  if (mode === 'allow_more_present' && isValue) {
    throw wrongComparison(`"${name}" has one value`, 'compare it strict, or ignore it');
  }
}

function wrongComparison(message: string, hint: string | undefined): ParamsError {
  return new ParamsError(`comparisons: ${message}`, {
    code: 'DROVER_INVALID_ARGUMENT',
    argument: 'comparisons',
    hint,
  });
}

/** @param image whose defaults are not differences; undefined when it is not known. */
export function differencesOf(
  wanted: Wanted,
  container: ContainerInspect,
  image: ImageInspect | undefined,
): readonly Difference[] {
  const modes = comparisonModes(wanted.params);
  // What is not given is not compared, strict or not: nobody knows what it should be.
  return fields.flatMap((field) => difference(field, wanted, container, image, modes));
}

function difference(
  field: Field,
  wanted: Wanted,
  container: ContainerInspect,
  image: ImageInspect | undefined,
  modes: Modes,
): readonly Difference[] {
  const { option, kind, isUpdatable = false, normalise = (value) => value } = field;
  const mode = modes(option, field.mode ?? DEFAULT_MODES[kind]);
  const value = mode === 'ignore' ? undefined : field.value(wanted);
  if (value === undefined) return [];
  const expected = mode === 'strict' ? (field.expected?.(value, image) ?? value) : value;
  const desired = normalise(expected, wanted);
  const actual = normalise(field.actual(container, image), wanted);
  return matches(kind, mode, desired, actual) ? [] : [{ option, desired, actual, isUpdatable }];
}

/** The halves of a new container that the table fills. */
export function draftOf(wanted: Wanted): Draft {
  const draft: Draft = { config: {}, hostConfig: {} };
  for (const field of fields) {
    const value = field.value(wanted);
    if (value !== undefined) field.write(draft, value);
  }
  return draft;
}

/** What the Engine can change in place: every updatable option that is given, as `update` wants them together. */
export function updateOf(wanted: Wanted): Readonly<Record<string, unknown>> {
  const draft: Draft = { config: {}, hostConfig: {} };
  for (const field of fields.filter(({ isUpdatable }) => isUpdatable === true)) {
    const value = field.value(wanted);
    if (value !== undefined) field.write(draft, value);
  }
  return draft.hostConfig;
}

/** The options that are given, for the plan of a new container. */
export function givenOptions(wanted: Wanted): Readonly<Record<string, unknown>> {
  const given = fields.map((field) => [field.option, field.value(wanted)] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
