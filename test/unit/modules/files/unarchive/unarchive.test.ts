import { describe, expect, it } from 'vitest';
import {
  cleanName,
  comparisonOf,
  type Entry,
} from '../../../../../src/modules/files/unarchive/entries.ts';
import {
  extractCommand,
  formatOf,
  listCommand,
} from '../../../../../src/modules/files/unarchive/format.ts';
import { planUnarchive, type Unpacking } from '../../../../../src/modules/files/unarchive/plan.ts';

const RULES = { include: [], exclude: [], extra_opts: [], keep_newer: false, mode: undefined };

const FILE: Entry = {
  type: 'file',
  mode: 0o644,
  uid: 0,
  gid: 0,
  owner: 'root',
  group: 'root',
  size: 4,
  modified: 1_700_000_000,
  sha1: 'aa',
};
const FOLDER: Entry = { ...FILE, type: 'directory', mode: 0o755, sha1: undefined };

function unpacking(changes: Partial<Unpacking>): Unpacking {
  const archive = new Map([
    ['.', { ...FOLDER, mode: 0o700 }],
    ['a', FOLDER],
    ['a/f', FILE],
  ]);
  return {
    archive,
    existing: new Map([...archive, ['.', FOLDER]]),
    names: ['a/', 'a/f'],
    format: { tool: 'tar' },
    isRoot: true,
    umask: 0o022,
    owner: undefined,
    group: undefined,
    ...changes,
  };
}

function existing(name: string, entry: Entry | undefined): Partial<Unpacking> {
  const all = new Map(unpacking({}).existing);
  all.delete(name);
  return { existing: entry === undefined ? all : all.set(name, entry) };
}

describe('planUnarchive', () => {
  it.each<[string, Partial<Unpacking>, object, boolean]>([
    ['nothing to do', {}, {}, false],
    ['a missing file', existing('a/f', undefined), {}, true],
    ['other content', existing('a/f', { ...FILE, sha1: 'bb' }), {}, true],
    ['another time', existing('a/f', { ...FILE, modified: 1 }), {}, true],
    [
      'another time that is not kept',
      existing('a/f', { ...FILE, modified: 1 }),
      { extra_opts: ['-m'] },
      false,
    ],
    ['another mode', existing('a', { ...FOLDER, mode: 0o700 }), {}, true],
    ['another owner', existing('a/f', { ...FILE, uid: 1 }), {}, true],
    [
      'another owner, not as root',
      { ...existing('a/f', { ...FILE, uid: 1 }), isRoot: false },
      {},
      false,
    ],
    ['a link in place of a file', existing('a/f', { ...FILE, type: 'link' }), {}, true],
    [
      'a newer file to keep',
      existing('a/f', { ...FILE, modified: 1_800_000_000, size: 1 }),
      { keep_newer: true },
      false,
    ],
    ['a wanted owner', { owner: { id: 7, name: 'app' } }, {}, true],
    ['a wanted mode', {}, { mode: '0600' }, true],
    ['a mode that is there', {}, { mode: 'u+r' }, false],
    [
      'a directory that only leads to entries',
      { ...existing('a', { ...FOLDER, mode: 0o700 }), names: ['a/f'] },
      {},
      false,
    ],
    [
      'a directory that unzip leaves alone',
      { ...existing('a', { ...FOLDER, mode: 0o700 }), format: { tool: 'unzip' } },
      {},
      false,
    ],
    ['the directory itself', { names: ['./', 'a/', 'a/f'] }, {}, true],
  ])('%s', (_title, changes, rules, isChanged) => {
    const plan = planUnarchive('/d', { ...RULES, ...rules }, unpacking(changes));
    expect(plan.length > 0).toBe(isChanged);
  });

  it('shows what differs', () => {
    const state = unpacking(existing('a/f', { ...FILE, owner: 'app', uid: 7 }));
    const time = '2023-11-14T22:13:20Z';
    expect(planUnarchive('/d', RULES, state)).toEqual([
      {
        what: '/d',
        diff: {
          before: `0644 app:root 4 ${time} aa a/f\n`,
          after: `0644 root:root 4 ${time} aa a/f\n`,
          beforeHeader: '/d',
          afterHeader: '/d',
        },
      },
    ]);
  });
});

describe('formatOf', () => {
  it.each([
    ['1f8b08000000', 'TgzArchive'],
    ['425a68393141', 'TarBzipArchive'],
    ['fd377a585a00', 'TarXzArchive'],
    ['28b52ffd0400', 'TarZstdArchive'],
    ['504b03040a00', 'ZipArchive'],
    ['612f0000', 'TarArchive'],
  ])('%s is %s', (magic, handler) => {
    expect(formatOf(magic).handler).toBe(handler);
  });

  it('gives the command lines', () => {
    const rules = { ...RULES, exclude: ['*.bak'], extra_opts: ['--strip-components=1'] };
    const tgz = { path: '/x', format: formatOf('1f8b'), hasGnuTar: true };
    const options = ['-z', '--exclude=*.bak', '--strip-components=1', '-f', '/x'];
    expect(extractCommand(tgz, rules, '/d')).toEqual(['tar', '-x', '-C', '/d', ...options]);
    const names = ['--show-transformed-names', '--quoting-style=literal'];
    expect(listCommand(tgz, rules)).toEqual(['tar', '-t', ...names, ...options]);
    const zip = { ...tgz, format: formatOf('504b0304') };
    const kept = { ...RULES, exclude: ['*.bak'], keep_newer: true };
    expect(extractCommand(zip, kept, '/d')).toEqual([
      'unzip',
      '-o',
      '-u',
      '/x',
      '-x',
      '*.bak',
      '-d',
      '/d',
    ]);
  });
});

it('comparisonOf reads both sides', () => {
  const side = (mode: string) =>
    `${mode} 0 0 root root 4 1700000000 ./a b\na1ff 0 0 root root 1 1700000000 ./l\n\0` +
    `${'a'.repeat(40)}  ./a b\n\0./l\0to\0\0`;
  const { archive, existing: there } = comparisonOf(Buffer.from(side('81a4') + side('8180')));
  expect(archive.get('a b')).toEqual({ ...FILE, sha1: 'a'.repeat(40) });
  expect(there.get('a b')?.mode).toBe(0o600);
  expect(there.get('l')).toMatchObject({ type: 'link', linkTarget: 'to' });
});

it.each([
  ['./', '.'],
  ['./a/', 'a'],
  ['/etc/x', 'etc/x'],
  ['..x', '..x'],
])('cleanName of %s is %s', (name, clean) => {
  expect(cleanName(name)).toBe(clean);
});
