import { describe, expect, it } from 'vitest';
import { file } from '../../../../../src/modules/files/file/file.ts';
import { converge, runResource } from '../../driver.ts';
import { useScratch } from '../../scratch.ts';

/** `setup` runs in the scratch directory; `end` is a script whose output shows the state afterwards. */
interface Scenario {
  readonly name: string;
  readonly setup?: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly changed: boolean;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly end?: string;
  readonly shows?: string;
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'makes a directory with its parents, all with the mode',
    args: { path: 'a/b', state: 'directory', mode: '0750' },
    changed: true,
    data: { mode: '0750', state: 'directory', owner: 'root', uid: 0 },
    end: 'stat -c "%a %n" a a/b',
    shows: '750 a\n750 a/b\n',
  },
  {
    name: 'leaves a right directory alone',
    setup: 'mkdir -m 755 a',
    args: { path: 'a', state: 'directory', mode: 'u=rwx,go=rx' },
    changed: false,
    data: { mode: '0755', state: 'directory' },
  },
  {
    name: 'follows a link to a directory',
    setup: 'mkdir -m 700 real; ln -s real link',
    args: { path: 'link', state: 'directory', mode: '0755' },
    changed: true,
    end: 'stat -c "%a %F" link real',
    shows: '777 symbolic link\n755 directory\n',
  },
  {
    name: 'sets attributes on a whole tree by symbolic mode',
    setup:
      'mkdir -p t/d; touch t/f t/d/x; chmod 600 t/f; chmod 711 t/d/x; chmod 700 t t/d; ln -s /nowhere t/l',
    args: { path: 't', state: 'directory', recurse: true, mode: 'u=rwX,g=rX,o=' },
    changed: true,
    end: 'cd t; stat -c "%a %n" . d f d/x',
    shows: '750 .\n750 d\n640 f\n750 d/x\n',
  },
  {
    name: 'changes mode and owner of a file',
    setup: 'echo hi > f; chmod 600 f',
    args: { path: 'f', mode: '0644', owner: 'daemon', group: '1' },
    changed: true,
    data: { mode: '0644', owner: 'daemon', uid: 1, gid: 1, size: 3, state: 'file' },
    end: 'stat -c "%a %u:%g" f',
    shows: '644 1:1\n',
  },
  {
    name: 'keeps setuid through a change of owner',
    setup: 'touch f; chmod 755 f',
    args: { path: 'f', mode: 'u+s', owner: 'daemon' },
    changed: true,
    end: 'stat -c "%a %U" f',
    shows: '4755 daemon\n',
  },
  {
    name: 'removes a tree',
    setup: 'mkdir -p "a b/c"; touch "a b/c/d"',
    args: { path: 'a b', state: 'absent' },
    changed: true,
    data: { state: 'absent' },
    end: 'ls',
    shows: '',
  },
  { name: 'has nothing to remove', args: { path: 'a', state: 'absent' }, changed: false },
  {
    name: 'removes a link, not its target',
    setup: 'mkdir d; ln -s d l',
    args: { path: 'l', state: 'absent' },
    changed: true,
    end: 'ls',
    shows: 'd\n',
  },
  {
    name: 'makes a relative link',
    setup: 'mkdir d; touch d/target',
    args: { path: 'd/l', src: 'target', state: 'link' },
    changed: true,
    data: { src: 'target', state: 'link', mode: '0777', size: 6 },
    end: 'readlink d/l',
    shows: 'target\n',
  },
  {
    name: 'turns a link to a directory around',
    setup: 'mkdir one two; ln -s one l',
    args: { path: 'l', src: 'two', state: 'link' },
    changed: true,
    end: 'readlink l; ls one two',
    shows: 'two\none:\n\ntwo:\n',
  },
  {
    name: 'replaces a file by a dangling link when forced',
    setup: 'touch f',
    args: { path: 'f', src: '/nowhere', state: 'link', force: true },
    changed: true,
    end: 'readlink f',
    shows: '/nowhere\n',
  },
  {
    name: 'sets the mode of what a link points to',
    setup: 'touch t; chmod 600 t; ln -s t l',
    args: { path: 'l', src: 't', state: 'link', mode: '0644' },
    changed: true,
    data: { mode: '0777', state: 'link' },
    end: 'stat -c %a t',
    shows: '644\n',
  },
  {
    name: 'makes a hard link',
    setup: 'echo x > f',
    args: { path: 'h', src: 'f', state: 'hard' },
    changed: true,
    data: { state: 'hard', size: 2 },
    end: '[ h -ef f ] && echo same',
    shows: 'same\n',
  },
  {
    name: 'touches with preserved times only once',
    args: { path: 'f', state: 'touch', access_time: 'preserve', modification_time: 'preserve' },
    changed: true,
    data: { size: 0, mode: '0644' },
    end: 'cat f; ls',
    shows: 'f\n',
  },
  {
    name: 'sets a modification time',
    setup: 'touch f',
    args: { path: 'f', modification_time: '2001-02-03', modification_time_format: '%Y-%m-%d' },
    changed: true,
    end: 'date -r f +%F.%T',
    shows: '2001-02-03.00:00:00\n',
  },
];

describe('file', () => {
  const scratch = useScratch();
  const run = (script: string) =>
    scratch.target.sh(script, { cwd: scratch.directory }).then(({ stdout }) => stdout.toString());
  const placed = (args: Readonly<Record<string, unknown>>) => {
    const src = args['src'];
    const isPath = typeof src === 'string' && args['state'] === 'hard';
    return {
      ...args,
      path: scratch.path(String(args['path'])),
      ...(isPath ? { src: scratch.path(src) } : {}),
    };
  };

  it.each(SCENARIOS)(
    '$name',
    async ({ setup = ':', args, changed, data = {}, end = ':', shows = '' }) => {
      await run(setup);
      const outcome = await converge(file, placed(args), scratch);
      expect(outcome.changed).toBe(changed);
      expect(outcome.data).toMatchObject(data);
      expect(await run(end)).toBe(shows);
    },
  );

  it('sets flags where the file system has them', async () => {
    const known = await run('touch f; chattr +d f 2>/dev/null && chattr -d f && echo yes');
    if (known !== 'yes\n') return;
    const args = placed({ path: 'f', attributes: '+d' });
    const { changes } = await converge(file, args, scratch);
    expect(changes.map(({ after }) => after)).toEqual([
      { path: scratch.path('f'), attributes: '+d' },
    ]);
    expect(await run('lsattr f')).toMatch(/^-*d/);
    await converge(file, placed({ path: 'f', attributes: '=' }), scratch);
  });

  it('touches anew each time', async () => {
    await run('touch -d 2001-01-01 f');
    const outcome = await runResource(file, placed({ path: 'f', state: 'touch' }), scratch);
    expect(outcome.changed).toBe(true);
    expect(await run('[ -n "$(find f -mmin -5)" ] && echo new')).toBe('new\n');
  });

  it('shows what changes', async () => {
    await run('touch f; chmod 600 f');
    const { changes } = await runResource(file, placed({ path: 'f', mode: '0644' }), scratch);
    const path = scratch.path('f');
    expect(changes.map(({ what, before, after }) => ({ what, before, after }))).toEqual([
      { what: path, before: { path, mode: '0600' }, after: { path, mode: '0644' } },
    ]);
  });

  it('is content with a directory that another host made meanwhile', async () => {
    await run(
      'mkdir bin; printf "#!/bin/sh\\n/bin/mkdir \\"\\$@\\"; exec /bin/mkdir \\"\\$@\\"" >bin/mkdir; chmod +x bin/mkdir',
    );
    const PATH = `${scratch.path('bin')}:${process.env['PATH']}`;
    const target = scratch.target.withEnvironment({ PATH });
    const { changed } = await runResource(file, placed({ path: 'd/e', state: 'directory' }), {
      target,
    });
    expect(changed).toBe(true);
    expect(await run('[ -d d/e ] && echo there')).toBe('there\n');
  });

  it.each([
    [{ path: 'none', mode: '0644' }, /is absent, cannot continue$/],
    [{ path: 'dir', state: 'file' }, /is directory, cannot continue$/],
    [{ path: 'f', state: 'directory' }, /already exists as a file$/],
    [{ path: 'f', src: 'dir', state: 'link' }, /^refusing to convert from file to symlink/],
    [{ path: 'l', src: 'nowhere', state: 'link' }, /^src file does not exist/],
    [{ path: 'l', state: 'link' }, /^src is required/],
    [{ path: 'f', mode: 'u=rq' }, /^mode must be octal or symbolic/],
    [
      { path: 'f', recurse: true, state: 'file' },
      /recurse option requires state to be 'directory'$/,
    ],
    [{ path: 'f', owner: 'no-such-user' }, /^cannot change .*no-such-user/],
  ])('refuses %j', async (args, message) => {
    await run('touch f; mkdir dir');
    await expect(runResource(file, placed(args), scratch)).rejects.toThrow(message);
  });
});
