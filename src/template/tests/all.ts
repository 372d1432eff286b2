/** All built-in tests by name. */
import type { Test, Tests } from '../plugins.ts';
import { qualified } from '../qualified.ts';
import { builtinTests } from './builtin.ts';
import { fileTests } from './files.ts';
import { resultTests } from './results.ts';
import { textTests } from './text.ts';
import { versionTests } from './version.ts';

const ANSIBLE: readonly Tests[] = [resultTests, textTests, versionTests, fileTests];

export const allTests: Tests = new Map<string, Test>([
  ...builtinTests,
  ...ANSIBLE.flatMap((family) => [...qualified(family, 'ansible.builtin', 'ansible.legacy')]),
]);
