/**
 * What the server remembers. Rows are immutable values; a store hands them out and takes new ones.
 * Every method is asynchronous so that a database several servers share can stand behind it.
 */
import type { Fields } from '../model/json.ts';

export interface RowKey {
  /** Numbering domain: all credentials share one, projects and accounts share one. */
  readonly table: string;
  readonly number: number;
}

export interface Row extends RowKey {
  /** Id of the schema type, e.g. `registrationToken`. */
  readonly type: string;
  readonly uuid: string;
  /** Number of the account or project that owns the row; null for what belongs to nobody. */
  readonly accountId: number | null;
  readonly state: string;
  readonly transitioning: 'yes' | 'no' | 'error';
  readonly transitioningMessage: string | null;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly removed: number | null;
  /** What the API shows. */
  readonly fields: Fields;
  /** What it never shows: secret hashes, progress of a running process. */
  readonly hidden: Fields;
}

export type NewRow = Omit<Row, 'number'>;

export interface Store {
  get(key: RowKey): Promise<Row | undefined>;
  /** All rows of a table, removed ones too, by ascending number. */
  list(table: string): Promise<readonly Row[]>;
  tables(): Promise<readonly string[]>;
  /** Numbers and keeps a row. Resolves once it would survive a SIGKILL. */
  insert(row: NewRow): Promise<Row>;
  /** Replaces a row by `change(row)` atomically. @throws Error when there is no such row. */
  update(key: RowKey, change: (row: Row) => Row): Promise<Row>;
  delete(key: RowKey): Promise<void>;
  close(): Promise<void>;
}
