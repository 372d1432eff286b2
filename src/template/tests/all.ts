/** All built-in tests by name. */
import type { Test, Tests } from '../plugins.ts';
import { qualified } from '../qualified.ts';
import { builtinTests } from './builtin.ts';
import { resultTests } from './results.ts';

const ANSIBLE: readonly Tests[] = [resultTests];

export const allTests: Tests = new Map<string, Test>([
  ...builtinTests,
  ...ANSIBLE.flatMap((family) => [...qualified(family, 'ansible.builtin', 'ansible.legacy')]),
]);
