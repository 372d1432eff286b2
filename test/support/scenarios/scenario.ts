/** One task on a real host, with where it starts and where it has to end. Scenarios of a list follow on one another. */
import type { Module } from '../../../src/modules/module.ts';
import { modules } from '../modules.ts';

export interface Scenario {
  readonly module: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Shell script run before as root, e.g. to make a unit file. */
  readonly setup?: string;
  readonly changed: boolean;
  /** Set for what acts each time, such as a restart. */
  readonly actsAlways?: boolean;
  /** Return keys, as far as they matter. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Return keys that must be as Ansible's. */
  readonly sameKeys?: readonly string[];
  /** Prints the end state, which must be `shows`, and the same after Ansible's task. */
  readonly look?: string;
  readonly shows?: string;
  /** Why Ansible does not do the same, or cannot here. */
  readonly unlikeAnsible?: string;
  /** Paths, as a regular expression, that Ansible leaves otherwise for a reason named beside. */
  readonly otherFiles?: RegExp;
}

export function moduleNamed(name: string): Module {
  const found = modules.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw new Error(`no module ${name}`);
}
