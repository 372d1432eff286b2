/** What `writeFile` promises, carried out by a real `sh` in a scratch directory. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { localTransport } from '../../../src/connection/local.ts';
import { ConnectionPool } from '../../../src/connection/pool.ts';
import { ModuleError } from '../../../src/core/errors.ts';
import type { Target, WriteOptions } from '../../../src/target/target.ts';
import { mayRewrite, writeContent } from '../../../src/target/writeFile.ts';
import { localSettings, scratchTarget } from '../../support/fakeTarget.ts';

const { target, directory, close } = scratchTarget();
afterAll(close);

let count = 0;
/** An empty directory of its own, so that a test sees every file that is left behind. */
function place(): string {
  const path = join(directory, `place ${count++}`);
  mkdirSync(path);
  return path;
}

/** Whether this machine and its temporary files know access lists. */
function hasAcls(): boolean {
  const file = join(place(), 'probe');
  writeFileSync(file, '');
  return spawnSync('setfacl', ['-m', 'u:4242:r', file]).status === 0;
}

const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

async function failure(write: Promise<unknown>): Promise<object> {
  const error = await write.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ModuleError)) throw new Error(`expected a ModuleError, got ${error}`);
  return { code: error.code, message: error.message };
}

describe('writeFile', () => {
  test('creates a file with the mode that the umask leaves', async () => {
    const path = join(place(), "it's new");
    expect(await target.writeFile(path, 'one\n')).toEqual({});
    expect([readFileSync(path, 'utf8'), modeOf(path)]).toEqual([
      'one\n',
      (0o666 & ~process.umask()).toString(8),
    ]);
  });

  test('writes bytes as they are, also none at all and megabytes', async () => {
    const where = place();
    const sizes = [0, 1, 70_000, 3_000_000];
    for (const size of sizes) {
      const content = Buffer.alloc(size, 'bytes\0\n\xff', 'latin1');
      const path = join(where, String(size));
      await target.writeFile(path, content);
      expect(readFileSync(path).equals(content)).toBe(true);
    }
  });

  test.each([
    ['nothing', ''],
    ['an end without a newline', 'text'],
    ['newlines at its ends', '\n\ntext\n\n'],
    ['what means something to a shell', `-n '$HOME' "\`id\`" \\ %s \r\n*`],
    ['characters of all lengths', '\u0001\u0080\u07ff\uffff\u{10ffff}'],
    ['what no shell holds', 'one\0two\n'],
    ['more than a request holds', 'ü'.repeat(40_000)],
  ])('writes a text with %s', async (_what, content) => {
    const path = join(place(), 'file');
    await target.writeFile(path, content);
    expect(readFileSync(path, 'utf8')).toBe(content);
  });

  test.each<[string, number | undefined, WriteOptions, string]>([
    ['keeps the mode of a file', 0o640, {}, '640'],
    ['an octal mode', 0o640, { mode: '0600' }, '600'],
    ['an octal mode with setgid', 0o640, { mode: '2755' }, '2755'],
    ['a symbolic mode, from what it was', 0o640, { mode: 'u+x,g=,o+r' }, '704'],
    ['a mode for new files only: new', undefined, { createMode: '0600' }, '600'],
    ['a mode for new files only: old', 0o644, { createMode: '0600' }, '644'],
    ['preserve is what it was', 0o604, { mode: 'preserve' }, '604'],
  ])('%s', async (_, before, options, expected) => {
    const path = join(place(), 'file');
    if (before !== undefined) {
      writeFileSync(path, 'old');
      chmodSync(path, before);
    }
    await target.writeFile(path, 'new', options);
    expect([readFileSync(path, 'utf8'), modeOf(path)]).toEqual(['new', expected]);
  });

  test.skipIf(process.getuid?.() !== 0)(
    'keeps the owner, or takes the one that is asked for',
    async () => {
      const path = join(place(), 'file');
      writeFileSync(path, 'old');
      await target.sh('chown 12:34 "$1"', { args: [path] });
      await target.writeFile(path, 'new');
      expect([statSync(path).uid, statSync(path).gid]).toEqual([12, 34]);
      await target.writeFile(path, 'new', { owner: 'daemon' });
      expect([statSync(path).uid, statSync(path).gid]).toEqual([1, 34]);
      await target.writeFile(path, 'new', { group: '0' });
      expect([statSync(path).uid, statSync(path).gid]).toEqual([1, 0]);
    },
  );

  test('replaces by renaming: whoever has the old file open reads the old one on', async () => {
    const path = join(place(), 'file');
    writeFileSync(path, 'old');
    const { ino } = statSync(path);
    await target.writeFile(path, 'new');
    expect(statSync(path).ino).not.toBe(ino);
  });

  test('follows a symbolic link, or replaces it', async () => {
    const where = place();
    const [path, link] = [join(where, 'real'), join(where, 'link')];
    writeFileSync(path, 'old');
    symlinkSync('real', link);
    await target.writeFile(link, 'through');
    expect([readFileSync(path, 'utf8'), readlinkSync(link)]).toEqual(['through', 'real']);
    await target.writeFile(link, 'instead', { follow: false });
    expect([readFileSync(path, 'utf8'), readFileSync(link, 'utf8')]).toEqual([
      'through',
      'instead',
    ]);
    expect(readdirSync(where).sort()).toEqual(['link', 'real']);
  });

  test.skipIf(!hasAcls())('keeps the access list of what was there', async () => {
    const path = join(place(), 'shared');
    writeFileSync(path, 'old');
    execFileSync('setfacl', ['-m', 'u:4242:rw', path]);
    await target.writeFile(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(execFileSync('getfacl', ['-cn', path]).toString()).toContain('user:4242:rw-');
  });

  test('keeps a backup of what was there, and makes none of nothing', async () => {
    const where = place();
    const path = join(where, 'file');
    expect(await target.writeFile(path, 'old', { backup: true })).toEqual({});
    const { backup = '' } = await target.writeFile(path, 'new', { backup: true });
    expect(backup).toMatch(/^.*\/file\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/);
    expect([readFileSync(path, 'utf8'), readFileSync(backup, 'utf8')]).toEqual(['new', 'old']);
  });

  test('keeps the old file when validation fails, and says what it said', async () => {
    const where = place();
    const path = join(where, 'file');
    await target.writeFile(path, 'good', { validate: 'grep -q good %s' });
    const refused = await failure(
      target.writeFile(path, 'bad', { validate: "sh -c 'echo no good >&2; exit 3' sh '%s'" }),
    );
    expect(refused).toMatchObject({
      code: 'DROVER_VALIDATE_FAILED',
      message: expect.stringMatching(
        /^cannot write .*: validation failed: no good\nexit code 3 of: sh -c/,
      ),
    });
    expect([readFileSync(path, 'utf8'), readdirSync(where)]).toEqual(['good', ['file']]);
    expect(await failure(target.writeFile(path, 'x', { validate: 'true' }))).toMatchObject({
      code: 'DROVER_VALIDATE_WITHOUT_FILE',
    });
  });

  test.each<[string, string, WriteOptions, string]>([
    ['its directory is absent', 'nowhere/file', {}, 'DROVER_NO_DIRECTORY'],
    ['it is a directory', '', {}, 'DROVER_IS_DIRECTORY'],
    ['the owner is unknown', 'file', { owner: 'nobody-of-that-name' }, 'DROVER_CHOWN_FAILED'],
    ['the mode is none', 'file', { mode: 'u+bogus' }, 'DROVER_CHMOD_FAILED'],
  ])('fails and leaves nothing behind when %s', async (_, name, options, code) => {
    const where = place();
    expect(await failure(target.writeFile(join(where, name), 'x', options))).toMatchObject({
      code,
    });
    expect(readdirSync(where)).toEqual([]);
  });

  test('leaves nothing behind when it is cancelled', async () => {
    const where = place();
    const abort = AbortSignal.timeout(300);
    const slow = target.sh(`exec sh -c 'sleep 5'`, { signal: abort });
    await expect(slow).rejects.toMatchObject({ code: 'DROVER_CANCELLED' });
    await target.writeFile(join(where, 'file'), 'x');
    expect(readdirSync(where)).toEqual(['file']);
  });

  test('ends with the signal of its target, keeps the old file and leaves nothing else', async () => {
    const where = place();
    const path = join(where, 'file');
    await target.writeFile(path, 'old');
    const bound = target.endingWith(AbortSignal.timeout(300)).withEnvironment({ A: '1' });
    const slow = bound.writeFile(path, 'new', { validate: `sh -c 'sleep 20' %s` });
    await expect(slow).rejects.toMatchObject({ code: 'DROVER_CANCELLED' });
    await expect(bound.readFile(path)).rejects.toMatchObject({ code: 'DROVER_CANCELLED' });
    expect([readdirSync(where), readFileSync(path, 'utf8')]).toEqual([['file'], 'old']);
  });
});

/** A target with programs of its own before the usual ones. */
async function withPrograms<T>(
  programs: Readonly<Record<string, string>>,
  work: (other: Target) => Promise<T>,
): Promise<T> {
  const path = place();
  for (const [name, script] of Object.entries(programs))
    writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const scratch = scratchTarget({ path: [path] });
  try {
    return await work(scratch.target);
  } finally {
    await scratch.close();
  }
}

describe('what goes wrong on the host leaves the old file and nothing else', () => {
  async function attempt(programs: Readonly<Record<string, string>>, options: WriteOptions) {
    const where = place();
    const [source, path] = [join(where, 'source'), join(where, 'file')];
    writeFileSync(source, 'new');
    writeFileSync(path, 'old');
    const error = await withPrograms(programs, (other) =>
      failure(other.upload(source, path, options)),
    );
    return { error, files: readdirSync(where).sort(), content: readFileSync(path, 'utf8') };
  }
  const untouched = { files: ['file', 'source'], content: 'old' };

  test('when the content arrives with another checksum', async () => {
    expect(await attempt({ sha1sum: 'echo 0' }, {})).toEqual({
      error: expect.objectContaining({ code: 'DROVER_CHECKSUM' }),
      ...untouched,
    });
  });

  test('when the disk is too full for a backup', async () => {
    const cp = `[ "$1" = -p ] || exit 1
for last; do :; done
echo half >"$last"; echo "No space left on device" >&2; exit 1`;
    expect(await attempt({ cp }, { backup: true })).toEqual({
      error: {
        code: 'DROVER_BACKUP_FAILED',
        message: expect.stringContaining('no backup can be made: No space left on device'),
      },
      ...untouched,
    });
  });

  test('when the new file cannot take the place of the old one', async () => {
    expect(await attempt({ mv: 'echo "no" >&2; exit 1' }, {})).toMatchObject(untouched);
  });
});

const hasAcl = spawnSync('setfacl', ['--version']).status === 0;
test.skipIf(!hasAcl)('keeps the access control list of a file', async () => {
  const path = join(place(), 'file');
  writeFileSync(path, 'old');
  execFileSync('setfacl', ['-m', 'u:12345:r', path]);
  await target.writeFile(path, 'new');
  expect(execFileSync('getfacl', ['-cnp', path], { encoding: 'utf8' })).toContain('user:12345:r');
});

test('a further attempt removes what the one before left, and nothing of other writes', async () => {
  const where = place();
  for (const name of ['.drover-a.1', '.drover-a.23', '.drover-ab.1'])
    writeFileSync(join(where, name), 'half');
  const pool = new ConnectionPool(async ({ shell }) =>
    localTransport({ shell, environment: process.env }),
  );
  const sessions = pool.connection(localSettings()).sessions();
  const path = join(where, 'file');
  await writeContent((request) => sessions.run(request), path, 'new', {}, '.drover-a');
  await pool.close();
  expect(readdirSync(where).sort()).toEqual(['.drover-ab.1', 'file']);
});

describe('writing twice comes to the same as writing once', () => {
  test.each<[boolean, WriteOptions]>([
    [true, {}],
    [true, { mode: '0600', owner: 'root', createMode: '0644' }],
    [true, { mode: 'preserve' }],
    [false, { mode: 'u+x' }],
    [false, { backup: true }],
    [false, { validate: 'visudo -cf %s' }],
    [false, { unsafeWrites: true }],
  ])('%s with %j', (expected, options) => {
    expect(mayRewrite(options)).toBe(expected);
  });
});

describe('upload and download', () => {
  test('carry a file both ways unchanged, with the mode of the source if asked', async () => {
    const where = place();
    const [source, path] = [join(where, 'source'), join(where, 'copy')];
    const content = Buffer.alloc(9_000_001, 'up and down\0\n', 'latin1');
    writeFileSync(source, content, { mode: 0o750 });
    await target.upload(source, path, { mode: 'preserve' });
    expect([hash(readFileSync(path)), modeOf(path)]).toEqual([hash(content), '750']);
    const chunks: Buffer[] = [];
    for await (const chunk of await target.download(path)) chunks.push(chunk);
    expect(hash(Buffer.concat(chunks))).toBe(hash(content));
  });

  test('an upload tells the digests that are asked for, and believes the one it is given', async () => {
    const where = place();
    const [source, path] = [join(where, 'source'), join(where, 'copy')];
    writeFileSync(source, 'hello\n');
    const { digests } = await target.upload(source, path, { digests: ['md5'] });
    expect(digests).toEqual({ md5: 'b1946ac92492d2347c6235b4d2611184' });
    const changed = target.upload(source, path, { sha1: '0'.repeat(40) });
    expect(await failure(changed)).toMatchObject({ code: 'DROVER_CHECKSUM' });
  });

  test('a file that is not there rejects before the stream begins', async () => {
    expect(await failure(target.download(join(place(), 'nothing')))).toMatchObject({
      code: 'DROVER_READ_FAILED',
      message: expect.stringContaining('No such file'),
    });
    expect(await failure(target.readFile(place()))).toMatchObject({ code: 'DROVER_READ_FAILED' });
  });

  test('a download that nobody reads on ends on the host too, and the target works on', async () => {
    const stream = await target.download('/dev/zero');
    stream.destroy();
    expect((await target.sh('echo on')).stdout.toString()).toBe('on\n');
  });
});

function hash(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

describe('directories that are missing', () => {
  test('are made on the way, with the mode that is asked for', async () => {
    const folder = place();
    const path = join(folder, 'a/b c/file');
    await target.writeFile(path, 'text', { mode: '0600', createParents: { mode: '0750' } });
    expect(readFileSync(path, 'utf8')).toBe('text');
    expect(['a', 'a/b c', 'a/b c/file'].map((name) => modeOf(join(folder, name)))).toEqual([
      '750',
      '750',
      '600',
    ]);
  });

  test('have the mode that the umask leaves, unless asked otherwise', async () => {
    const folder = place();
    await target.writeFile(join(folder, 'a/file'), 'text', { createParents: {} });
    expect(modeOf(join(folder, 'a'))).toBe((0o777 & ~process.umask()).toString(8));
  });

  test('are told when they cannot be made', async () => {
    const folder = place();
    writeFileSync(join(folder, 'a'), '');
    const path = join(folder, 'a/b/file');
    const error = await failure(target.writeFile(path, 'text', { createParents: {} }));
    expect(error).toEqual({
      code: 'DROVER_NO_DIRECTORY',
      message: expect.stringContaining(`cannot write ${path}: its directory cannot be made`),
    });
  });
});
