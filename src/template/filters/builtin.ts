/** All built-in filters by name. */
import type { Filter, Filters } from '../plugins.ts';
import { qualified } from '../qualified.ts';
import { collectionFilters } from './collections.ts';
import { communityFilters } from './community.ts';
import { dataFilters } from './data.ts';
import { encodingFilters } from './encoding.ts';
import { logicFilters } from './logic.ts';
import { networkFilters } from './network.ts';
import { oldTestFilters } from './oldTests.ts';
import { passwordFilters } from './passwords.ts';
import { pathFilters } from './paths.ts';
import { randomFilters } from './random.ts';
import { regexFilters } from './regex.ts';
import { sequenceFilters } from './sequence.ts';
import { textFilters } from './text.ts';
import { timeFilters } from './time.ts';
import { valueFilters } from './values.ts';
import { vaultFilters } from './vault.ts';

const JINJA: readonly Filters[] = [textFilters, sequenceFilters, valueFilters];
const ANSIBLE: readonly Filters[] = [
  logicFilters,
  collectionFilters,
  regexFilters,
  dataFilters,
  pathFilters,
  encodingFilters,
  timeFilters,
  randomFilters,
  passwordFilters,
  vaultFilters,
];

export const builtinFilters: Filters = new Map<string, Filter>([
  ...oldTestFilters,
  ...JINJA.flatMap((family) => [...family]),
  ...ANSIBLE.flatMap((family) => [...qualified(family, 'ansible.builtin', 'ansible.legacy')]),
  ...qualified(networkFilters, 'ansible.utils', 'ansible.netcommon'),
  ...[...communityFilters].filter(([name]) => name === 'json_query'),
  ...[...communityFilters].map(([name, filter]) => [`community.general.${name}`, filter] as const),
]);
