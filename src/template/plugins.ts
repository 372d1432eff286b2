/** The contracts of filters, tests, lookups and globals: what a plugin gets and gives. */
import type { Source } from '../core/source.ts';
import type { Value } from '../core/values.ts';
import type { Arguments, Internal } from './python/types.ts';
import type { Scope, SearchPath } from './scope.ts';

export type { SearchPath } from './scope.ts';

/** Side effects and surroundings that plugins may use. All arrive from outside; nothing is read from the process. */
export interface TemplateHost {
  /** Environment variables of the controller. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  /** Directory that relative paths start from, as the playbook's. */
  readonly baseDirectory: string;
  /** A random number from 0 up to 1. */
  readonly random: () => number;
  /**
   * Once per distinct message is the receiver's business. `replacement`, what to write instead, marks a deprecation;
   * `source` is the place of what is warned about.
   */
  readonly warn: (message: string, replacement?: string, source?: Source) => void;
  /** Text of an armoured vault value. */
  readonly decrypt: ((text: string, source?: Source) => string) | undefined;
  /** Whether `decrypt` gave the text: values do not carry where they come from. */
  readonly wasEncrypted: (text: string) => boolean;
  /** The `unvault` and `vault` filters, with the secret of their own. */
  readonly decryptWith: ((text: string, secret: string) => string) | undefined;
  /** `id` is the label in the vault's header; the same salt gives the same vault, absent it is random. */
  readonly encrypt:
    | ((
        text: string,
        secret: string,
        options: { readonly id: string; readonly salt: string | undefined },
      ) => string)
    | undefined;
  /** A file of the controller, decrypted when it is vaulted. @throws when it cannot be read. */
  readonly readFile: (file: string) => Buffer;
  /** Host names that a pattern selects (`inventory_hostnames`). */
  readonly hostsMatching: ((pattern: string) => readonly string[]) | undefined;
  /** A setting by its Ansible name (`config` lookup), or undefined. */
  readonly setting: ((name: string) => Value | undefined) | undefined;
}

/** What filters and tests can ask of the evaluation they are part of. */
export interface Context {
  readonly host: TemplateHost;
  readonly scope: Scope;
  applyFilter(name: string, value: Internal, args: Arguments): Internal;
  applyTest(name: string, value: Internal, args: Arguments): boolean;
  hasFilter(name: string): boolean;
  hasTest(name: string): boolean;
}

export interface Filter {
  (value: Internal, args: Arguments, context: Context): Internal;
  /** Whether it can work on an undefined value (`default`); all others fail on one. */
  readonly acceptsUndefined?: boolean;
  /** Its text result stays text, whatever it looks like (`to_json`). */
  readonly givesText?: boolean;
  /** What took its place (`is version`): each use warns. */
  readonly replacedBy?: string;
}

export type Test = (value: Internal, args: Arguments, context: Context) => boolean;

export interface LookupContext extends Context {
  readonly searchPath: SearchPath;
  /** A template file's text with the variables of this evaluation and `extra` ones; `syntax` by Jinja's names. */
  renderFile(
    file: string,
    extra: ReadonlyMap<string, Value>,
    syntax: ReadonlyMap<string, Internal>,
  ): string;
  /** Whether `jinja2_native` is asked for, so that texts that look like literals become values. */
  readonly isNative: boolean;
  /** The value that a text of the lookup's terms has as a template. */
  evaluate(text: string): Value;
  /** Marks the lookup's result as text that is not to be read as a literal. */
  keepText(text: string): void;
}

/** Terms and options of `lookup('name', *terms, **options)` → the list of results. */
export type Lookup = (
  terms: readonly Internal[],
  options: ReadonlyMap<string, Internal>,
  context: LookupContext,
) => Internal[];

export type Filters = ReadonlyMap<string, Filter>;
export type Tests = ReadonlyMap<string, Test>;
export type Lookups = ReadonlyMap<string, Lookup>;

/** A table from an object literal, without the literal's prototype. */
export function table<T>(entries: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  return new Map(Object.entries(entries));
}

/** The filter, allowed to see undefined values. */
export function acceptingUndefined(filter: Filter): Filter {
  return Object.assign(filter, { acceptsUndefined: true });
}

/** The filter, its result kept as text. */
export function givingText(filter: Filter): Filter {
  return Object.assign(filter, { givesText: true });
}
