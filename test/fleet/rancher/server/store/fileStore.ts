/**
 * The embedded database's stand-in: one file in the data directory, replaced atomically on every change, so that it
 * holds a whole state at any instant, also after SIGKILL. Changes that arrive while a write runs share the next one.
 */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { MemoryStore, type Snapshot } from './memoryStore.ts';
import type { NewRow, Row, RowKey, Store } from './store.ts';

const fileName = 'cattle.json';

/** @throws Error when the directory cannot be made or the file is not a snapshot. */
export async function openFileStore(directory: string): Promise<Store> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, fileName);
  return new FileStore(path, new MemoryStore(await readSnapshot(path)));
}

async function readSnapshot(path: string): Promise<Snapshot | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : JSON.parse(text);
}

class FileStore implements Store {
  readonly #path: string;
  readonly #memory: MemoryStore;
  #running: Promise<void> = Promise.resolve();
  #queued: Promise<void> | undefined;

  constructor(path: string, memory: MemoryStore) {
    this.#path = path;
    this.#memory = memory;
  }

  get(key: RowKey): Promise<Row | undefined> {
    return this.#memory.get(key);
  }

  list(table: string): Promise<readonly Row[]> {
    return this.#memory.list(table);
  }

  tables(): Promise<readonly string[]> {
    return this.#memory.tables();
  }

  async insert(row: NewRow): Promise<Row> {
    const kept = await this.#memory.insert(row);
    await this.#saved();
    return kept;
  }

  async update(key: RowKey, change: (row: Row) => Row): Promise<Row> {
    const changed = await this.#memory.update(key, change);
    await this.#saved();
    return changed;
  }

  async delete(key: RowKey): Promise<void> {
    await this.#memory.delete(key);
    await this.#saved();
  }

  async close(): Promise<void> {
    await this.#saved();
  }

  /** Resolves once a write that began after this call has reached the disk. */
  #saved(): Promise<void> {
    this.#queued ??= this.#running.then(() => {
      this.#queued = undefined;
      const write = this.#write();
      this.#running = write.catch(() => undefined);
      return write;
    });
    return this.#queued;
  }

  async #write(): Promise<void> {
    const temporary = `${this.#path}.new`;
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(this.#memory.snapshot()));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, this.#path);
  }
}
