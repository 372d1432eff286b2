import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { copy } from '../../../../../src/modules/files/copy/copy.ts';
import { localPayload, withDigests } from '../../../../../src/modules/files/localPayload.ts';
import { hasChecksum } from '../../../../../src/modules/files/payload.ts';
import { template } from '../../../../../src/modules/files/template.ts';
import { converge, runResource } from '../../driver.ts';
import { useScratch } from '../../scratch.ts';
import { testController } from '../../testController.ts';

interface Scenario {
  readonly name: string;
  readonly setup?: string;
  /** `dest` is placed in the scratch directory; so is `src` with `remote_src`. */
  readonly args: Readonly<Record<string, unknown>> & { readonly dest: string };
  readonly changed: boolean;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly end?: string;
  readonly shows?: string;
}

const HELLO_SHA1 = 'f572d396fae9206628714fb2ce00f72e94f2258f';

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'writes content with owner and mode',
    args: { content: 'hello\n', dest: 'f', mode: '0600', owner: 'daemon', group: 'daemon' },
    changed: true,
    data: {
      checksum: HELLO_SHA1,
      mode: '0600',
      owner: 'daemon',
      uid: 1,
      gid: 1,
      size: 6,
      state: 'file',
    },
    end: 'cat f; stat -c "%a %u:%g" f',
    shows: 'hello\n600 1:1\n',
  },
  {
    name: 'leaves the same content alone',
    setup: 'echo hello > f',
    args: { content: 'hello\n', dest: 'f' },
    changed: false,
    data: { checksum: HELLO_SHA1, mode: '0644' },
  },
  {
    name: 'changes only the mode of the same content',
    setup: 'echo hello > f; ls -i f > inode',
    args: { content: 'hello\n', dest: 'f', mode: 'go-r' },
    changed: true,
    data: { mode: '0600' },
    end: 'ls -i f | cmp - inode && stat -c %a f',
    shows: '600\n',
  },
  {
    name: 'keeps owner and mode of a file that it replaces',
    setup: 'echo old > f; chown daemon:1 f; chmod 640 f',
    args: { content: 'hello\n', dest: 'f' },
    changed: true,
    data: { owner: 'daemon', gid: 1, mode: '0640' },
    end: 'cat f; stat -c "%a %U %g" f',
    shows: 'hello\n640 daemon 1\n',
  },
  {
    name: 'writes dicts and lists as JSON',
    args: { content: { a: [1, true, null], b: 'ä' }, dest: 'f' },
    changed: true,
    end: 'cat f',
    shows: '{"a": [1, true, null], "b": "\\u00e4"}',
  },
  {
    name: 'does not touch an existing file without force',
    setup: 'echo mine > f',
    args: { content: 'hello\n', dest: 'f', force: false },
    changed: false,
    end: 'cat f',
    shows: 'mine\n',
  },
  {
    name: 'writes through a link when it follows',
    setup: 'echo old > real; ln -s real l',
    args: { content: 'new', dest: 'l', follow: true },
    changed: true,
    end: 'cat real; readlink l',
    shows: 'newreal\n',
  },
  {
    name: 'replaces a link otherwise',
    setup: 'echo old > real; ln -s real l',
    args: { content: 'new', dest: 'l' },
    changed: true,
    end: 'cat real l; [ -L l ] || echo file',
    shows: 'old\nnewfile\n',
  },
  {
    name: 'puts a file into a directory by its name',
    setup: 'mkdir -p files d; echo hello > files/a.txt',
    args: { src: 'a.txt', dest: 'd' },
    changed: true,
    data: { checksum: HELLO_SHA1 },
    end: 'cat d/a.txt',
    shows: 'hello\n',
  },
  {
    name: 'makes the directories of a dest with a slash',
    setup: 'mkdir files; echo hello > files/a.txt',
    args: { src: 'a.txt', dest: 'x/y/', mode: 'preserve' },
    changed: true,
    end: 'cat x/y/a.txt',
    shows: 'hello\n',
  },
  {
    name: 'preserves the mode of the source',
    setup: 'mkdir files; echo hello > files/a; chmod 751 files/a',
    args: { src: 'a', dest: 'f', mode: 'preserve' },
    changed: true,
    data: { mode: '0751' },
    end: 'stat -c %a f',
    shows: '751\n',
  },
  {
    name: 'copies a tree into a directory',
    setup:
      'mkdir -p files/t/sub/empty "files/t/a b"; echo 1 > files/t/one; echo 2 > "files/t/a b/it\'s"; ln -s one files/t/link; chmod 755 files/t/one; mkdir d',
    args: { src: 't', dest: 'd', mode: '0640', directory_mode: '0750' },
    changed: true,
    end: 'cd d; find t | sort; cat t/one "t/a b/it\'s" t/link; stat -c %a t/one t/sub; [ -L t/link ] || echo followed',
    shows: "t\nt/a b\nt/a b/it's\nt/link\nt/one\nt/sub\nt/sub/empty\n1\n2\n1\n640\n750\nfollowed\n",
  },
  {
    name: 'copies what is in a tree, and links as links',
    setup:
      'mkdir -p files/t/s; echo 1 > files/t/s/one; ln -s s/one files/t/link; mkdir d; echo other > d/keep',
    args: { src: 't/', dest: 'd', local_follow: false },
    changed: true,
    end: 'cd d; find . | sort; readlink link',
    shows: '.\n./keep\n./link\n./s\n./s/one\ns/one\n',
  },
  {
    name: 'repairs a tree where it differs',
    setup:
      'mkdir -p files/t; echo 1 > files/t/a; echo 2 > files/t/b; cp -r files/t d; echo x > d/b; chmod 600 d/b; chmod 755 d/a',
    args: { src: 't/', dest: 'd' },
    changed: true,
    end: 'cat d/a d/b; stat -c %a d/a d/b',
    shows: '1\n2\n755\n600\n',
  },
  {
    name: 'copies a file within the host',
    setup: 'echo hello > a; chmod 750 a',
    args: { src: 'a', dest: 'b', remote_src: true, mode: 'preserve' },
    changed: true,
    data: { checksum: HELLO_SHA1, mode: '0750' },
    end: 'cat b; stat -c %a b',
    shows: 'hello\n750\n',
  },
  {
    name: 'copies a directory within the host',
    setup: 'mkdir -p t/s; echo 1 > t/s/a; mkdir d',
    args: { src: 't', dest: 'd', remote_src: true, mode: '0600' },
    changed: true,
    end: 'find d | sort; stat -c %a d/t/s/a',
    shows: 'd\nd/t\nd/t/s\nd/t/s/a\n600\n',
  },
];

describe('copy', () => {
  const scratch = useScratch();
  const run = (script: string) =>
    scratch.target
      .sh(script, { cwd: scratch.directory })
      .then(({ stdout, stderr }) => `${stdout}${stderr}`);
  const setting = () => ({
    target: scratch.target,
    controller: testController({ files: scratch.path('files') }),
  });
  const placed = (args: Scenario['args']) => ({
    ...args,
    dest: scratch.path(args.dest),
    ...(args['remote_src'] === true ? { src: scratch.path(String(args['src'])) } : {}),
  });

  it.each(SCENARIOS)(
    '$name',
    async ({ setup = ':', args, changed, data = {}, end = ':', shows = '' }) => {
      await run(setup);
      const outcome = await converge(copy, placed(args), setting());
      expect(outcome.changed).toBe(changed);
      expect(outcome.data).toMatchObject(data);
      expect(await run(end)).toBe(shows);
    },
  );

  it('returns the MD5 of what it writes, and not of what is there', async () => {
    const args = placed({ content: 'hello\n', dest: 'f' });
    const written = await runResource(copy, args, setting());
    expect(written.data['md5sum']).toBe('b1946ac92492d2347c6235b4d2611184');
    expect((await runResource(copy, args, setting())).data).not.toHaveProperty('md5sum');
  });

  describe('a file too large to hold', () => {
    const content = Buffer.alloc(5_000_001, 'large ');
    const digest = (algorithm: string) => createHash(algorithm).update(content).digest('hex');

    it('is streamed, and hashed as if it were held', async () => {
      await writeFile(scratch.path('large'), content);
      const from = { ...setting(), controller: testController({ files: scratch.directory }) };
      const { data } = await converge(copy, placed({ src: 'large', dest: 'f' }), from);
      expect(data).toMatchObject({ checksum: digest('sha1'), md5sum: digest('md5') });
      expect(await run('cmp large f')).toBe('');
    });

    it('is compared in the way of a host that has no sha1sum', async () => {
      const host = { algorithm: 'sha256', hex: digest('sha256') };
      await writeFile(scratch.path('large'), content);
      const payload = await localPayload(scratch.path('large'), false, testController());
      expect(hasChecksum(payload, host)).toBe(false);
      expect(hasChecksum(await withDigests(payload, [host.algorithm]), host)).toBe(true);
    });
  });

  it('keeps the old file with backup', async () => {
    await run('echo old > f');
    const args = placed({ content: 'new', dest: 'f', backup: true });
    const { data } = await runResource(copy, args, setting());
    expect(data['backup_file']).toMatch(/\/f\.\d+\.[-\d]+@[:\d]+~$/);
    expect(await run(`cat f; cat '${data['backup_file']}'`)).toBe('newold\n');
  });

  it('keeps the old file when validation fails', async () => {
    await run('echo old > f');
    const args = placed({ content: 'new', dest: 'f', validate: 'grep -q old %s' });
    await expect(runResource(copy, args, setting())).rejects.toThrow(/validation failed/);
    expect(await run('cat f; ls -A')).toBe('old\nf\n');
  });

  it('shows the texts of both sides', async () => {
    await run('echo old > f');
    const { changes } = await runResource(copy, placed({ content: 'new\n', dest: 'f' }), setting());
    expect(changes.map(({ diff }) => diff)).toEqual([
      {
        before: 'old\n',
        after: 'new\n',
        beforeHeader: scratch.path('f'),
        afterHeader: 'dynamically generated',
      },
    ]);
  });

  it.each([
    [{ content: 'x', dest: 'no/such/f' }, /^Destination directory .* does not exist$/],
    [{ content: 'x', dest: '' }, /^can not use content with a dir as dest/],
    [{ src: 'none', dest: 'f' }, /none/],
    [{ content: 'x', dest: 'f', checksum: 'abc' }, /expected checksum/],
    [{ content: 'x', src: 'y', dest: 'f' }, /give either src or content$/],
    [{ src: 'none', dest: 'f', remote_src: true }, /^Source .*none not found$/],
  ])('refuses %j', async (args, message) => {
    await run('mkdir files');
    await expect(runResource(copy, placed(args), setting())).rejects.toThrow(message);
  });
});

describe('template', () => {
  const scratch = useScratch();
  const setting = () => ({
    target: scratch.target,
    controller: testController({ files: scratch.directory, variables: { port: 80 } }),
  });

  it('renders to a file', async () => {
    await writeFile(scratch.path('site.j2'), 'listen {{port}}\n');
    const args = { src: 'site.j2', dest: scratch.path('site.conf'), mode: '0640' };
    const { data, changes } = await converge(template, args, setting());
    expect(data).toMatchObject({ mode: '0640', size: 10, src: scratch.path('site.j2') });
    expect(changes[0]?.diff).toMatchObject({ before: '', after: 'listen 80\n' });
    expect((await scratch.target.readFile(args.dest)).toString()).toBe('listen 80\n');
  });

  it('uses its own name in a directory', async () => {
    await writeFile(scratch.path('site.j2'), 'x');
    await scratch.target.sh('mkdir "$1"', { args: [scratch.path('d')] });
    const { data } = await converge(
      template,
      { src: 'site.j2', dest: scratch.path('d') },
      setting(),
    );
    expect(data['dest']).toBe(scratch.path('d/site.j2'));
  });
});
