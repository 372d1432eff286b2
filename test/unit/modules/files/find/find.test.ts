import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { fetch } from '../../../../../src/modules/files/fetch.ts';
import { find } from '../../../../../src/modules/files/find/find.ts';
import { tempfile } from '../../../../../src/modules/files/tempfile.ts';
import { runAction, runResource } from '../../driver.ts';
import { useScratch } from '../../scratch.ts';
import { testController } from '../../testController.ts';

const scratch = useScratch();

const TREE = `
mkdir -p t/sub/deep t/.hid
echo one >t/a.log; echo two lines >t/b.txt; printf %2000s x >t/big.log; echo h >t/.dot
echo s >t/sub/s.log; echo d >t/sub/deep/d.log
ln -s a.log t/link.log
touch -d '3 days ago' t/a.log; chmod 600 t/a.log; chmod 644 t/b.txt t/big.log`;

describe('find', () => {
  it.each([
    [{}, ['a.log', 'b.txt', 'big.log']],
    [{ patterns: '*.log' }, ['a.log', 'big.log']],
    [{ patterns: ['a.*', '[!a]*.txt'] }, ['a.log', 'b.txt']],
    [{ patterns: '^[ab]\\.', use_regex: true }, ['a.log', 'b.txt']],
    [{ excludes: '*.log' }, ['b.txt']],
    [{ hidden: true, patterns: '.*' }, ['.dot']],
    [{ recurse: true, patterns: '*.log' }, ['a.log', 'big.log', 'sub/deep/d.log', 'sub/s.log']],
    [{ recurse: true, depth: 2, patterns: '?.log' }, ['a.log', 'sub/s.log']],
    [{ file_type: 'directory', recurse: true }, ['sub', 'sub/deep']],
    [{ file_type: 'link' }, ['link.log']],
    [{ file_type: 'any', hidden: true, patterns: '.*' }, ['.dot', '.hid']],
    [{ age: '2d' }, ['a.log']],
    [{ age: '-2d' }, ['b.txt', 'big.log']],
    [{ size: '1k' }, ['big.log']],
    [{ size: '-5b' }, ['a.log']],
    [{ mode: '0600' }, ['a.log']],
    [{ mode: '0044', exact_mode: false }, ['b.txt', 'big.log']],
    [{ contains: 't.o' }, ['b.txt']],
    [{ contains: 'lines' }, []],
    [{ contains: '\u6f6e', encoding: 'utf-16be' }, ['a.log']],
    [{ contains: 'one', encoding: 'iso-8859-1' }, ['a.log']],
    [{ contains: 'lines', read_whole_file: true }, ['b.txt']],
    [{ contains: 'two$', read_whole_file: true }, []],
    [{ limit: 1, patterns: 'b.*' }, ['b.txt']],
  ])('%j finds %j', async (args, names) => {
    await scratch.target.sh(TREE, { cwd: scratch.directory });
    const root = scratch.path('t');
    const { data } = await runResource(find, { paths: root, ...args }, scratch);
    const files = data['files'] as readonly { readonly path: string }[];
    expect(files.map(({ path }) => path.slice(root.length + 1)).sort()).toEqual(names);
    expect(data).toMatchObject({
      matched: names.length,
      skipped_paths: {},
      msg: 'All paths examined',
    });
  });

  it('refuses an encoding that there is not', async () => {
    await scratch.target.sh(TREE, { cwd: scratch.directory });
    const args = { paths: scratch.path('t'), contains: 'x', encoding: 'utf-9' };
    await expect(runResource(find, args, scratch)).rejects.toThrow('"utf-9" is no known encoding');
  });

  it('counts what it looked at, one level below the wanted depth too', async () => {
    await scratch.target.sh(TREE, { cwd: scratch.directory });
    const args = { paths: scratch.path('t'), file_type: 'any', recurse: true };
    const whole = await runResource(find, args, scratch);
    const upper = await runResource(find, { ...args, depth: 1 }, scratch);
    expect(whole.data).toMatchObject({ matched: 8, examined: 10 });
    expect(upper.data).toMatchObject({ matched: 5, examined: 9 });
  });

  it('hashes, and names what it cannot search', async () => {
    await scratch.target.sh(TREE, { cwd: scratch.directory });
    const paths = [scratch.path('t'), '/nope'];
    const args = { paths, patterns: 'a.log', get_checksum: true };
    const { data } = await runResource(find, args, scratch);
    expect(data).toMatchObject({
      files: [
        {
          isreg: true,
          mode: '0600',
          size: 4,
          checksum: 'c7059bb19433cc3cabaa6236c83d56668a843dd2',
        },
      ],
      skipped_paths: { '/nope': "'/nope' is not a directory" },
      msg: 'Not all paths examined, check warnings for details',
    });
  });

  it('refuses what is no size', async () => {
    const args = { paths: scratch.directory, size: '3 apples' };
    await expect(runResource(find, args, scratch)).rejects.toThrow(
      'failed to process size: 3 apples',
    );
  });
});

describe('fetch', () => {
  const setting = (checkMode = false) => ({
    target: scratch.target,
    controller: testController({ files: scratch.directory, checkMode }),
  });

  it('brings a file, once', async () => {
    const src = scratch.path('f');
    await writeFile(src, 'hello');
    const dest = scratch.path(`logs/web1${src}`);
    const expected = { dest, checksum: 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d' };
    const args = { src, dest: 'logs' };
    expect((await runAction(fetch, args, setting(true))).changed).toBe(true);
    expect(await runAction(fetch, args, setting())).toMatchObject({
      changed: true,
      data: expected,
    });
    expect(await readFile(dest, 'utf8')).toBe('hello');
    expect(await runAction(fetch, args, setting())).toMatchObject({
      changed: false,
      data: expected,
    });
  });

  it.each([
    ['flat.txt', 'flat.txt'],
    ['here/', 'here/f'],
  ])('flat: %s', async (dest, at) => {
    await writeFile(scratch.path('f'), 'hello');
    await runAction(fetch, { src: scratch.path('f'), dest, flat: true }, setting());
    expect(await readFile(scratch.path(at), 'utf8')).toBe('hello');
  });

  it('minds a missing file as asked', async () => {
    const args = { src: '/nope', dest: 'x' };
    await expect(runAction(fetch, args, setting())).rejects.toThrow(
      'the remote file does not exist',
    );
    expect(await runAction(fetch, { ...args, fail_on_missing: false }, setting())).toEqual({
      changed: false,
      data: { msg: 'the remote file does not exist, not transferring, ignored', file: '/nope' },
    });
  });
});

describe('tempfile', () => {
  it.each([
    ['file', '0600'],
    ['directory', '0700'],
  ])('makes a %s', async (state, mode) => {
    const args = { state, path: scratch.directory, prefix: 'a b', suffix: '.z' };
    const { data } = await runAction(tempfile, args, scratch);
    expect(data).toMatchObject({ state, mode, owner: 'root' });
    const made = String(data?.['path']);
    expect(made).toMatch(/\/a b[0-9a-f]{12}\.z$/);
    const { stdout } = await scratch.target.sh('stat -c %a "$1"', { args: [made] });
    expect(`0${stdout.toString().trim()}`).toBe(mode);
  });

  it('says why it cannot', async () => {
    await expect(runAction(tempfile, { path: '/nope' }, scratch)).rejects.toThrow(
      /no such directory/,
    );
  });
});
