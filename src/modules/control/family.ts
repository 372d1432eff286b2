/** The modules for the flow of a play: variables, conditions, hosts. */
import type { Module } from '../module.ts';
import { addHost } from './addHost.ts';
import { assert } from './assert.ts';
import { debug } from './debug.ts';
import { fail } from './fail.ts';
import { gatherFacts } from './gatherFacts.ts';
import { groupBy } from './groupBy.ts';
import { includeVars } from './includeVars.ts';
import { meta } from './meta.ts';
import { pause } from './pause.ts';
import { ping } from './ping.ts';
import { setFact } from './setFact.ts';
import { setStats } from './setStats.ts';
import { setup } from './setup.ts';
import { validateArgumentSpec } from './validateArgumentSpec.ts';
import { waitForConnection } from './waitForConnection.ts';

export const controlModules: readonly Module[] = [
  addHost,
  assert,
  debug,
  fail,
  gatherFacts,
  groupBy,
  includeVars,
  meta,
  pause,
  ping,
  setFact,
  setStats,
  setup,
  validateArgumentSpec,
  waitForConnection,
];
