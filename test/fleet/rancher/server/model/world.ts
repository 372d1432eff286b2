/** The parts of a running server that resource families work with. */

import type { Catalog } from '../catalog/catalog.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import type { Pace } from '../options.ts';
import type { AgentPresence } from '../resources/agentPresence.ts';
import type { Settings } from '../resources/settings.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from './clock.ts';
import type { TypeTable } from './typeTable.ts';

export interface World {
  readonly store: Store;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly types: TypeTable;
  readonly settings: Settings;
  readonly lifecycle: Lifecycle;
  readonly presence: AgentPresence;
  readonly catalog: Catalog;
  /** One line on the server's log. */
  readonly log: (line: string) => void;
}
