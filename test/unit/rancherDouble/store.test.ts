/** What every store promises; the next one (a shared database) joins the table. */
import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileStore } from '../../fleet/rancher/server/store/fileStore.ts';
import { MemoryStore } from '../../fleet/rancher/server/store/memoryStore.ts';
import type { NewRow, Store } from '../../fleet/rancher/server/store/store.ts';
import { scratch } from './support/programs.ts';

let directory: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  directory = await scratch();
});
afterEach(() => directory.remove());

const row = (name: string): NewRow => ({
  table: 'things',
  type: 'thing',
  uuid: name,
  accountId: 5,
  state: 'active',
  transitioning: 'no',
  transitioningMessage: null,
  created: 1,
  removed: null,
  fields: { name },
  hidden: {},
});

const stores: Record<string, () => Promise<Store>> = {
  memory: async () => new MemoryStore(),
  file: () => openFileStore(directory.path),
};

describe.each(Object.entries(stores))('the %s store', (_name, open) => {
  it('numbers rows by table, never twice', async () => {
    const store = await open();
    const first = await store.insert(row('a'));
    await store.insert({ ...row('b'), table: 'others' });
    await store.delete(first);
    expect(await store.insert(row('c'))).toEqual({ ...row('c'), number: 2 });
    expect(await store.get(first)).toBeUndefined();
    expect((await store.tables()).toSorted()).toEqual(['others', 'things']);
  });

  it('loses none of many changes to one row at once', async () => {
    const store = await open();
    const key = await store.insert({ ...row('a'), fields: { count: 0 } });
    const increment = () =>
      store.update(key, (one) => ({ ...one, fields: { count: Number(one.fields['count']) + 1 } }));
    await Promise.all(Array.from({ length: 50 }, increment));
    expect((await store.get(key))?.fields).toEqual({ count: 50 });
  });

  it('rejects a change to a row that is not there', async () => {
    const store = await open();
    await expect(store.update({ table: 'things', number: 9 }, (one) => one)).rejects.toThrow(
      'no row 9',
    );
  });
});

describe('the file store', () => {
  it('has every answered change when it is opened again, and goes on numbering', async () => {
    const store = await openFileStore(directory.path);
    const names = Array.from({ length: 20 }, (_, index) => `row${index}`);
    await Promise.all(names.map((name) => store.insert(row(name))));
    const again = await openFileStore(directory.path);
    expect(await again.list('things')).toEqual(await store.list('things'));
    expect((await again.insert(row('next'))).number).toBe(21);
    expect(await readdir(directory.path)).toEqual(['cattle.json']);
  });
});
