/** All built-in filters by name. */
import type { Filter, Filters } from '../plugins.ts';
import { qualified } from '../qualified.ts';
import { sequenceFilters } from './sequence.ts';
import { textFilters } from './text.ts';
import { valueFilters } from './values.ts';

const JINJA: readonly Filters[] = [textFilters, sequenceFilters, valueFilters];
const ANSIBLE: readonly Filters[] = [];

export const builtinFilters: Filters = new Map<string, Filter>([
  ...JINJA.flatMap((family) => [...family]),
  ...ANSIBLE.flatMap((family) => [...qualified(family, 'ansible.builtin', 'ansible.legacy')]),
]);
