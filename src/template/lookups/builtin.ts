/** All built-in lookups by name. */
import type { Lookup, Lookups } from '../plugins.ts';
import { qualified } from '../qualified.ts';

const FAMILIES: readonly Lookups[] = [];

export const builtinLookups: Lookups = new Map<string, Lookup>(
  FAMILIES.flatMap((family) => [...qualified(family, 'ansible.builtin', 'ansible.legacy')]),
);
