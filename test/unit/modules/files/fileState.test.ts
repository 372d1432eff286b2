import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FileState, fileState } from '../../../../src/modules/files/fileState.ts';
import { scratchTarget } from '../../../support/fakeTarget.ts';

/** Shells that hosts may have as their `sh`. */
const SHELLS = ['/bin/sh', '/bin/bash', '/bin/mksh'].filter((shell) => existsSync(shell));

describe.each(SHELLS)('states of files that are asked for together, by %s', (shell) => {
  const { target, directory: folder, close } = scratchTarget({ shell });
  afterAll(close);

  /** A folder of its own in that one, because the parent of `.` is asked for too: others write to /tmp. */
  const at = (name: string): string => join(folder, 'tree', name);

  beforeAll(() => {
    mkdirSync(at('directory'), { recursive: true });
    writeFileSync(at('two\nlines and a blank'), 'text');
    writeFileSync(at('directory/inside'), 'more text', { mode: 0o600 });
    symlinkSync('directory/inside', at('link'));
    symlinkSync('nowhere', at('dangling'));
  });

  /** Asked together, as the items of a loop are. */
  async function statesOf(...names: string[]) {
    const answers = await target.observeAll(
      names.map((name) => ({ state: fileState(at(name), { owner: 'root', checksum: 'always' }) })),
    );
    return answers.map(({ state }) => state);
  }

  /** Without when each was read last: the checksums of the first question read them before the second. */
  const unread = (states: (FileState | undefined)[]): unknown =>
    JSON.parse(JSON.stringify(states, (key, value) => (key === 'accessed' ? 0 : value)));

  test('are those of each path alone', async () => {
    const names = [
      'directory',
      'missing',
      'two\nlines and a blank',
      'link',
      'missing/below',
      'dangling',
      'directory/inside',
      '.',
    ];
    const together = await statesOf(...names);
    const alone = await Promise.all(names.map(async (name) => (await statesOf(name))[0]));
    expect(unread(together)).toEqual(unread(alone));
    expect(together.map(({ own }) => own?.type)).toEqual([
      'directory',
      undefined,
      'file',
      'link',
      undefined,
      'link',
      'file',
      'directory',
    ]);
    expect(together.map(({ followed }) => followed?.size)).toMatchObject({ 3: 9, 5: undefined });
    expect(together[3]).toMatchObject({ linkTarget: 'directory/inside', owner: { id: 0 } });
    expect(together[6]?.checksum).toEqual(together[3]?.checksum);
  });

  test('a hundred of them start one program for fifty', async () => {
    const names = Array.from({ length: 100 }, (_, n) => `many-${n}`);
    for (const name of names) mkdirSync(at(name));
    const log = at('log');
    const { script, ...rest } = fileState(at('x'));
    const counting = `stat() { echo stat >>'${log}'; command stat "$@"; }\n${script}`;
    const answers = await target.observeAll(
      names.map((name) => ({
        state: { ...rest, script: counting, args: [at(name), '', '', ''] },
      })),
    );
    expect(answers.every(({ state }) => state.own?.type === 'directory')).toBe(true);
    expect(execFileSync('wc', ['-l', log], { encoding: 'utf8' })).toMatch(/^2 /);
  });

  test('one that is removed between two looks is not there, and the others are', async () => {
    const { script, ...rest } = fileState(at('x'));
    writeFileSync(at('gone'), '');
    // Removed when all are asked for, at the first call of stat.
    const removing = `stat() { rm -f '${at('gone')}'; command stat "$@"; }\n${script}`;
    const answers = await target.observeAll(
      ['directory', 'gone', 'link'].map((name) => ({
        state: { ...rest, script: removing, args: [at(name), '', '', ''] },
      })),
    );
    expect(answers.map(({ state }) => state.own?.type)).toEqual(['directory', undefined, 'link']);
  });

  test('a directory tells the group that it gives', async () => {
    mkdirSync(at('shared'));
    chmodSync(at('shared'), 0o2775);
    writeFileSync(at('shared/file'), '');
    const names = ['shared/file', 'shared/missing', 'directory/inside', 'missing', 'missing/below'];
    const states = await statesOf(...names);
    const { gid } = statSync(at('shared'));
    const given = { group: { id: gid, name: states[0]?.own?.group } };
    expect(states.map(({ parent }) => parent)).toEqual([given, given, {}, {}, undefined]);
    expect(states.map(({ own }) => own?.type)).toEqual([
      'file',
      undefined,
      'file',
      undefined,
      undefined,
    ]);
  });

  const CONTENTS: readonly (readonly [name: string, content: Buffer])[] = [
    ['empty', Buffer.alloc(0)],
    ['without an end of line', Buffer.from('one\ntwo')],
    ['of ends of lines', Buffer.from('\n\n\n')],
    ['of blanks and backslashes', Buffer.from(' \t one \\n \\\\ \n  ')],
    ['of two bytes a letter', Buffer.from('äöü €\n')],
    ['of control characters', Buffer.from([1, 0x7f, 0x80, 0xff, 0x1b, 0x0d, 0x0a, 0x88, 1, 1])],
    ['with NUL', Buffer.from('one\0two\0')],
    ['of NUL', Buffer.alloc(5)],
    ['that looks like an answer', Buffer.from('a\ncontent=b\nsum sha1=c\n')],
    ['of 1,024 bytes', Buffer.alloc(1024, 'x')],
    ['of 1,025 bytes', Buffer.alloc(1025, 'x')],
    ['of all bytes, large', Buffer.from(Array.from({ length: 70_000 }, (_, n) => n % 256))],
  ];

  test.each(CONTENTS)('the content and the hash of a file %s', async (_, content) => {
    writeFileSync(at('content'), content);
    const questions = [
      { content: true },
      { checksum: 'always' },
      { checksum: content.length },
      { checksum: content.length + 1 },
    ] as const;
    const answers = await target.observeAll(
      questions.map((question) => ({ state: fileState(at('content'), question) })),
    );
    const sha1 = { algorithm: 'sha1', hex: createHash('sha1').update(content).digest('hex') };
    expect(answers.map(({ state }) => [state.content, state.checksum])).toEqual([
      [content, undefined],
      [undefined, sha1],
      [undefined, sha1],
      [undefined, undefined],
    ]);
    expect(answers.map(({ state }) => state.followed?.size)).toEqual(Array(4).fill(content.length));
  });

  test('what has no content is not read, and what cannot be read is an error', async () => {
    const ask = async (name: string) => {
      const state = fileState(at(name), { content: true });
      return (await target.observe({ state })).state.content;
    };
    expect(await ask('directory')).toBeUndefined();
    expect(await ask('missing')).toBeUndefined();
    expect(await ask('dangling')).toBeUndefined();
    expect(await ask('link')).toEqual(Buffer.from('more text'));
    // Files of the kernel: stat(1) sees no bytes in them.
    const { state } = await target.observe({ state: fileState('/proc/uptime', { content: true }) });
    expect(state.content?.toString()).toMatch(/^[\d.]+ [\d.]+\n$/);
    const secret = fileState('/proc/1/mem', { content: true });
    await expect(target.observe({ secret })).rejects.toThrow(/^cannot read \/proc\/1\/mem: /);
  });
});
