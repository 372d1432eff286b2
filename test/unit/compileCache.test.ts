import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { safeFolder } from '../../src/compileCache.ts';
import { Scratch } from '../support/drover.ts';

const scratch = new Scratch();
afterAll(() => scratch[Symbol.dispose]());

const userId = process.getuid?.();

function ask(name: string, changes: { userId?: number; cache?: string } = {}) {
  const home = scratch.path(name);
  mkdirSync(home, { recursive: true });
  const environment = { XDG_CACHE_HOME: changes.cache };
  return { home, folder: safeFolder({ environment, home, userId: changes.userId ?? userId }) };
}

describe('the folder of compiled code', () => {
  test('is made for its user alone', () => {
    const { home, folder } = ask('one');
    expect(folder).toBe(join(home, '.cache/drover'));
    expect(statSync(join(home, '.cache/drover')).mode & 0o777).toBe(0o700);
    expect(ask('one').folder).toBe(folder);
  });

  test('is where XDG_CACHE_HOME says', () => {
    const cache = scratch.path('caches');
    expect(ask('two', { cache }).folder).toBe(join(cache, 'drover'));
  });

  test('is not used when somebody else could write to it', () => {
    expect(ask('three', { userId: (userId ?? 0) + 1 }).folder).toBeUndefined();
    const { home } = ask('four');
    chmodSync(join(home, '.cache/drover'), 0o777);
    expect(ask('four').folder).toBeUndefined();
  });

  test('is done without where it cannot be made', () => {
    scratch.write('five/.cache', 'a file');
    expect(ask('five').folder).toBeUndefined();
    expect(existsSync(scratch.path('five/.cache/drover'))).toBe(false);
  });
});
