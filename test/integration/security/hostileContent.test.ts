/** Playbooks, roles, inventories, archives and facts that are made to hurt: an error that says so, in little time and memory. */
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { WRITE_SCRIPT } from '../../../src/target/writeScript.ts';
import { Scratch } from '../../support/drover.ts';
import { scratchTarget } from '../../support/fakeTarget.ts';
import { hasPrograms } from '../../support/onThisMachine.ts';

const PLAY = '- hosts: all\n  gather_facts: false\n  tasks:\n';

/** Ten times ten times … */
function laughs(levels: number): string {
  const lines = ['a0: &a0 lol'];
  for (let level = 1; level <= levels; level++) {
    const before = Array.from({ length: 10 }, () => `*a${level - 1}`).join(', ');
    lines.push(`a${level}: &a${level} [${before}]`);
  }
  return `${lines.join('\n')}\n`;
}

const HURTING: readonly [string, string][] = [
  ['a billion laughs', laughs(9)],
  ['a billion laughs by merge keys', laughs(9).replaceAll('[', '{<<: [').replaceAll(']', ']}')],
  ['an alias that is in itself', 'a: &a [x, *a]\n'],
  ['a mapping that merges itself', 'a: &a {<<: *a}\n'],
  ['an alias of nothing', 'a: *nothing\n'],
  ['lists in lists without end', `a: ${'['.repeat(50_000)}\n`],
  ['lists in lists', `a: ${'['.repeat(50_000)}${']'.repeat(50_000)}\n`],
  ['mappings in mappings', `${'{a: '.repeat(50_000)}x${'}'.repeat(50_000)}\n`],
  [
    'blocks in blocks',
    `${Array.from({ length: 5_000 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')}\n`,
  ],
  ['a tag that would make an object', 'a: !!python/object/apply:os.system ["touch CANARY"]\n'],
];

describe('YAML that hurts', () => {
  const scratch = new Scratch();
  afterAll(() => scratch[Symbol.dispose]());

  async function refused(): Promise<string> {
    const started = performance.now();
    const { code, stderr } = await scratch.drover([
      'run',
      '-i',
      'hosts',
      '-c',
      'local',
      'site.yml',
    ]);
    expect(performance.now() - started).toBeLessThan(60_000);
    expect(existsSync(scratch.path('CANARY'))).toBe(false);
    // 4 for what is no YAML, as with Ansible.
    expect([1, 4]).toContain(code);
    return stderr;
  }

  beforeEach(() => {
    scratch.write('hosts', 'local\n');
    scratch.write(
      'site.yml',
      `${PLAY}    - debug: {msg: "{{ a | default('') }}"}\n  vars_files: [vars.yml]\n`,
    );
    scratch.write('vars.yml', 'a: x\n');
  });

  test.each(HURTING)('%s in a file of variables is an error with its place', async (_, text) => {
    scratch.write('vars.yml', text);
    expect(await refused()).toMatch(/vars\.yml:\d+:\d+: ERROR! .*\n[\s\S]*\[DROVER_\w+\]/);
  });

  test.each(HURTING)('%s in an inventory is an error', async (_, text) => {
    scratch.write('hosts', `#!/bin/sh\ncat <<'END'\n${text}END\n`);
    expect(await refused()).toMatch(/\[DROVER_\w+\]/);
  });
});

describe('what a host has made to hurt', () => {
  const scratch = new Scratch();
  afterAll(() => scratch[Symbol.dispose]());

  test('facts in facts without end fail their own task, and not another host', async () => {
    const nested = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    scratch.write('evil.d/deep.fact', nested);
    scratch.write('good.d/plain.fact', '{"a": 1}');
    const hosts = {
      good: { ansible_connection: 'local', facts: scratch.path('good.d') },
      evil: { ansible_connection: 'local', facts: scratch.path('evil.d') },
    };
    scratch.write('hosts.yml', JSON.stringify({ all: { hosts } }));
    const tasks = [
      { setup: { fact_path: '{{ facts }}' }, ignore_errors: true },
      { debug: { msg: '{{ ansible_local }}' }, ignore_errors: true },
      { set_fact: { again: '{{ ansible_local }}' }, ignore_errors: true },
    ];
    scratch.write('site.yml', JSON.stringify([{ hosts: 'all', gather_facts: false, tasks }]));
    const { stdout } = await scratch.drover(['run', '-v', '-i', 'hosts.yml', 'site.yml']);
    expect(stdout).toMatch(/good +: ok=3 +changed=0 +unreachable=0 +failed=0/);
    expect(stdout).toMatch(/evil +: ok=3/);
  });
});

describe.skipIf(!hasPrograms('python3', 'unzip', 'tar'))('an archive that climbs out', () => {
  const scratch = new Scratch();
  afterAll(() => scratch[Symbol.dispose]());

  /** Names with content, or with what they link to. */
  function archive(kind: 'tar' | 'zip'): string {
    const file = scratch.path(`archive.${kind}`);
    execFileSync('python3', ['-c', ARCHIVER, kind, file, scratch.path('outside')]);
    return file;
  }

  test.each(['tar', 'zip'] as const)('%s writes nothing outside its folder', async (kind) => {
    mkdirSync(scratch.path('outside'), { recursive: true });
    mkdirSync(scratch.path(`in/${kind}`), { recursive: true });
    const unarchive = { src: archive(kind), dest: scratch.path(`in/${kind}`), remote_src: true };
    const tasks = [{ unarchive, ignore_errors: true }];
    scratch.write('site.yml', JSON.stringify([{ hosts: 'all', gather_facts: false, tasks }]));
    const { stdout } = await scratch.drover(['run', '-i', 'local,', '-c', 'local', 'site.yml']);
    expect(stdout).toMatch(/unreachable=0 +failed=0/);
    expect(readdirSync(scratch.path('outside'))).toEqual([]);
    expect(readdirSync(scratch.path('in'))).toEqual([...new Set(['tar', kind])].sort());
    expect(existsSync(scratch.path('climbed'))).toBe(false);
  });
});

/** `../climbed`, an absolute name, and a link that leads out with a file behind it. */
const ARCHIVER = `
import io, sys, tarfile, zipfile
kind, file, outside = sys.argv[1:]
names = ['plain', '../climbed', '../../climbed', outside + '/absolute', 'link/behind']
if kind == 'zip':
    with zipfile.ZipFile(file, 'w') as archive:
        link = zipfile.ZipInfo('link'); link.external_attr = 0o120777 << 16
        archive.writestr(link, outside)
        for name in names: archive.writestr(name, 'x')
else:
    with tarfile.open(file, 'w') as archive:
        link = tarfile.TarInfo('link'); link.type = tarfile.SYMTYPE; link.linkname = outside
        archive.addfile(link)
        hard = tarfile.TarInfo('hard'); hard.type = tarfile.LNKTYPE; hard.linkname = '../../climbed'
        archive.addfile(hard)
        for name in names:
            entry = tarfile.TarInfo(name); entry.size = 1
            archive.addfile(entry, io.BytesIO(b'x'))
`;

describe('a folder that others may write to', () => {
  const scratch = new Scratch();
  afterAll(() => scratch[Symbol.dispose]());

  test.each([
    ['a link', 'ln -s victim'],
    ['a file with the mode of others', 'cp victim'],
  ])('%s that somebody planted as the temporary file is not written to', async (_what, plant) => {
    const { target, directory, close } = scratchTarget();
    await target.sh('echo precious >victim; chmod 666 victim');
    const words = [`${directory}/new`, '.planted', '4', '', '', '', '0600', '', '', '', '', ''];
    // What nobody can know beforehand: the random beginning of the name and the process that writes.
    const { rc } = await target.sh(`${plant} ".planted.$$"\n${WRITE_SCRIPT}`, {
      args: words,
      stdin: 'mine',
      timeoutMs: 5_000,
    });
    expect(rc).toBe(0);
    const look = 'cat victim new; stat -c "%F %a" new; ls -A';
    const { stdout } = await target.sh(look);
    expect(stdout.toString()).toBe('precious\nmineregular file 600\nnew\nvictim\n');
    await close();
  });

  test('a link in the place of the file is replaced, not written through', async () => {
    scratch.write('victim', 'precious');
    scratch.write('page.j2', 'mine');
    for (const name of ['copied', 'rendered']) symlinkSync('victim', scratch.path(name));
    const tasks = [
      { copy: { content: 'mine', dest: scratch.path('copied'), mode: '0600' } },
      { template: { src: 'page.j2', dest: scratch.path('rendered') } },
    ];
    scratch.write('site.yml', JSON.stringify([{ hosts: 'all', gather_facts: false, tasks }]));
    await scratch.drover(['run', '-i', 'local,', '-c', 'local', 'site.yml']);
    expect(readFileSync(scratch.path('victim'), 'utf8')).toBe('precious');
    for (const name of ['copied', 'rendered']) {
      expect(lstatSync(scratch.path(name)).isSymbolicLink()).toBe(false);
      expect(readFileSync(scratch.path(name), 'utf8')).toBe('mine');
    }
  });
});
