import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadKept, safeFolder } from '../../src/compileCache.ts';
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

  test('is not used by who wants none', () => {
    const environment = { NODE_DISABLE_COMPILE_CACHE: '1' };
    expect(safeFolder({ environment, home: scratch.path('six'), userId })).toBeUndefined();
    expect(existsSync(scratch.path('six'))).toBe(false);
  });

  test('is done without where it cannot be made', () => {
    scratch.write('five/.cache', 'a file');
    expect(ask('five').folder).toBeUndefined();
    expect(existsSync(scratch.path('five/.cache/drover'))).toBe(false);
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}

describe('a module of which compiled code is kept', () => {
  const TEXT = `const { join } = require('node:path');
exports.twice = (text) => join(text, text);
exports.here = [__filename, __dirname, module.exports === exports];`;

  function load(name: string, { into = `${name}-cache` } = {}) {
    const file = scratch.path(`${name}/program-ABC.cjs`);
    scratch.write(`${name}/program-ABC.cjs`, TEXT);
    mkdirSync(scratch.path(into), { recursive: true });
    const { exports, keep } = loadKept(file, scratch.path(into));
    const { twice, here } = exports as { twice(text: string): string; here: unknown[] };
    const kept = () =>
      readdirSync(scratch.path(into)).map((each) => scratch.path(`${into}/${each}`));
    return { file, twice, here, keep, kept };
  }

  test('is a CommonJS module like any other', () => {
    const { file, twice, here } = load('plain');
    expect(twice('a')).toBe('a/a');
    expect(here).toEqual([file, scratch.path('plain'), true]);
  });

  test('is read from what was kept, which stays as it is then', () => {
    const first = load('again');
    first.twice('a');
    first.keep();
    const [kept = '', ...more] = first.kept();
    expect([more, statSync(kept).mode & 0o777]).toEqual([[], 0o600]);
    const { ino } = statSync(kept);
    const second = load('again');
    expect(second.twice('b')).toBe('b/b');
    second.keep();
    expect(statSync(kept).ino).toBe(ino);
  });

  test('is compiled when that is damaged, and kept in its place', () => {
    const first = load('damaged');
    first.keep();
    const [kept = ''] = first.kept();
    const whole = readFileSync(kept);
    for (const damaged of [flipped(whole, 700), whole.subarray(0, 700), Buffer.alloc(0)]) {
      writeFileSync(kept, damaged);
      const next = load('damaged');
      expect(next.twice('b')).toBe('b/b');
      next.keep();
      expect(next.kept()).toEqual([kept]);
      const again = readFileSync(kept);
      expect(createHash('sha256').update(again.subarray(32)).digest()).toEqual(
        again.subarray(0, 32),
      );
    }
  });

  test('leaves nothing behind of earlier builds, and all that is not its own', () => {
    const { keep, kept, file } = load('older');
    const ending = `-${process.version}-${process.arch}.code`;
    for (const name of [`program-OLD${ending}`, 'program-OLD-v1.2.3-x64.code', 'other']) {
      scratch.write(`older-cache/${name}`, '');
    }
    keep();
    const names = kept().map((each) => each.slice(scratch.path('older-cache/').length));
    expect(names.sort()).toEqual(['other', `program-ABC${ending}`, 'program-OLD-v1.2.3-x64.code']);
    expect(existsSync(file)).toBe(true);
  });

  test('leaves nothing behind of a process that was killed as it wrote, and all of one that writes', () => {
    const { keep, kept } = load('unfinished');
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    for (const pid of [dead, process.pid]) {
      scratch.write(`unfinished-cache/program-OLD-v1.2.3-x64.code.${pid}`, '');
    }
    keep();
    const names = kept().map((each) => each.slice(scratch.path('unfinished-cache/').length));
    expect(names.filter((name) => name.startsWith('program-OLD'))).toEqual([
      `program-OLD-v1.2.3-x64.code.${process.pid}`,
    ]);
  });

  test('runs where nothing can be kept', () => {
    const file = scratch.path('nowhere/program-ABC.cjs');
    scratch.write('nowhere/program-ABC.cjs', TEXT);
    const { exports, keep } = loadKept(file, undefined);
    expect((exports as { twice(text: string): string }).twice('a')).toBe('a/a');
    keep();
    const gone = loadKept(file, scratch.path('nowhere/missing'));
    expect(gone.keep).not.toThrow();
    expect(existsSync(scratch.path('nowhere/missing'))).toBe(false);
  });
});
