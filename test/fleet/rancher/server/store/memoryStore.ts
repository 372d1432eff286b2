import type { NewRow, Row, RowKey, Store } from './store.ts';

/** Everything a store holds, as plain data. */
export interface Snapshot {
  /** The next number of each table: numbers are never used twice. */
  readonly next: Readonly<Record<string, number>>;
  readonly rows: readonly Row[];
}

export class MemoryStore implements Store {
  readonly #tables = new Map<string, Map<number, Row>>();
  readonly #next = new Map<string, number>();

  constructor(snapshot: Snapshot = { next: {}, rows: [] }) {
    for (const [table, next] of Object.entries(snapshot.next)) this.#next.set(table, next);
    for (const row of snapshot.rows) this.#table(row.table).set(row.number, row);
  }

  async get({ table, number }: RowKey): Promise<Row | undefined> {
    return this.#tables.get(table)?.get(number);
  }

  async list(table: string): Promise<readonly Row[]> {
    const rows = [...(this.#tables.get(table)?.values() ?? [])];
    return rows.sort((a, b) => a.number - b.number);
  }

  async tables(): Promise<readonly string[]> {
    return [...this.#tables.keys()];
  }

  async insert(row: NewRow): Promise<Row> {
    const number = this.#next.get(row.table) ?? 1;
    this.#next.set(row.table, number + 1);
    const kept = { ...row, number };
    this.#table(row.table).set(number, kept);
    return kept;
  }

  async update(key: RowKey, change: (row: Row) => Row): Promise<Row> {
    const row = this.#tables.get(key.table)?.get(key.number);
    if (row === undefined) throw new Error(`no row ${key.number} in table ${key.table}`);
    const changed = { ...change(row), table: key.table, number: key.number };
    this.#table(key.table).set(key.number, changed);
    return changed;
  }

  async delete({ table, number }: RowKey): Promise<void> {
    this.#tables.get(table)?.delete(number);
  }

  async close(): Promise<void> {}

  snapshot(): Snapshot {
    const rows = [...this.#tables.values()].flatMap((table) => [...table.values()]);
    return { next: Object.fromEntries(this.#next), rows };
  }

  #table(name: string): Map<number, Row> {
    const table = this.#tables.get(name) ?? new Map<number, Row>();
    this.#tables.set(name, table);
    return table;
  }
}
