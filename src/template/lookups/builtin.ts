/** All built-in lookups by name. */
import type { Lookup, Lookups } from '../plugins.ts';
import { qualified } from '../qualified.ts';
import { fileLookups } from './files.ts';
import { listLookups } from './lists.ts';
import { passwordLookups } from './password.ts';
import { programLookups } from './programs.ts';
import { tableLookups } from './tables.ts';
import { variableLookups } from './variables.ts';

const FAMILIES: readonly Lookups[] = [
  fileLookups,
  listLookups,
  variableLookups,
  programLookups,
  tableLookups,
  passwordLookups,
];

export const builtinLookups: Lookups = new Map<string, Lookup>(
  FAMILIES.flatMap((family) => [...qualified(family, 'ansible.builtin', 'ansible.legacy')]),
);
