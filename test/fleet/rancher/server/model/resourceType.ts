/**
 * The contract of a resource family: what a file in `resources/` says about its type. The generic handlers in `api/`
 * and the lifecycle work from this alone.
 */
import type { ApiRequest } from '../api/request.ts';
import type { Machine } from '../lifecycle/machines.ts';
import type { Row } from '../store/store.ts';
import type { FieldSet } from './field.ts';
import type { Fields } from './json.ts';
import type { World } from './world.ts';

/** Who asks: the admin account without a project, another account without one, or one project. */
export type Scope = 'admin' | 'user' | 'project';

/** Space-separated HTTP methods. */
export interface Methods {
  readonly collection: string;
  readonly resource: string;
}

/** How a timed step ends: in another state, or not yet. */
export type StepOutcome =
  | { readonly to: string; readonly change?: RowChange }
  | { readonly againInMs: number; readonly change?: RowChange }
  | { readonly failed: string; readonly to?: string };

/** New values merged over a row's `fields` and `hidden`. */
export interface RowChange {
  readonly fields?: Fields;
  readonly hidden?: Fields;
}

export type Work = (row: Row, world: World) => Promise<StepOutcome>;

/** What a handler sees of the request around it. */
export interface Call {
  readonly request: ApiRequest;
  readonly scope: Scope;
  /** The account that acts: the project in project scope. */
  readonly accountId: number;
  readonly world: World;
}

/** An action with an effect of its own. It answers a body, or undefined for the resource itself. */
export interface Action {
  /** Fields the input must have. */
  readonly input?: FieldSet;
  /** Checks and computes what the row takes along when it enters the action's next state. */
  readonly prepare?: (row: Row, input: Fields, call: Call) => Promise<RowChange>;
  /** For actions without a state of their own: states it is offered in, and what it does. Answers 200. */
  readonly states?: readonly string[];
  readonly handle?: (row: Row, input: Fields, call: Call) => Promise<Fields | undefined>;
}

/** What a creation keeps beyond the validated input. */
export interface Creation extends RowChange {
  readonly state?: string;
  readonly accountId?: number | null;
  /** Shown in this answer and never again. */
  readonly shownOnce?: Fields;
}

export interface ResourceType {
  readonly id: string;
  readonly plural: string;
  readonly table: string;
  /** Letters of the id: `c` in `1c3`. */
  readonly prefix: string;
  /** What /v1 calls it, where that differs. `null`: /v1 has no such type. */
  readonly v1?: { readonly id: string; readonly plural: string; readonly prefix: string } | null;
  readonly methods: Partial<Record<Scope, Methods>>;
  readonly fields: FieldSet;
  /** Fields a list can be filtered by. */
  readonly filters?: readonly string[];
  readonly machine: Machine;
  /** Rows whose reference field names a row of this type: link name → { type, field }. */
  readonly children?: Readonly<
    Record<string, { readonly type: string; readonly owns: (parent: Row, child: Row) => boolean }>
  >;
  /** Collections of this type are shown whole. */
  readonly isUnpaged?: boolean;
  readonly isVisible?: (row: Row, call: Call) => boolean;

  readonly prepare?: (input: Fields, call: Call) => Promise<Creation>;
  readonly prepareUpdate?: (row: Row, input: Fields, call: Call) => Promise<RowChange>;
  readonly beforeRemove?: (row: Row, call: Call) => Promise<void>;
  /** Work a passing state does instead of only taking time. */
  readonly work?: Readonly<Record<string, Work>>;
  readonly actions?: Readonly<Record<string, Action>>;
  /** Fields that are computed when shown. */
  readonly view?: (row: Row, call: Call) => Promise<Fields>;
  readonly links?: (row: Row, call: Call) => Promise<Readonly<Record<string, string>>>;
}
