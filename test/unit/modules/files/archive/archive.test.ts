import { describe, expect, it } from 'vitest';
import { archive } from '../../../../../src/modules/files/archive/archive.ts';
import {
  type Existing,
  tarMembers,
  zipMembers,
} from '../../../../../src/modules/files/archive/members.ts';
import { checkTools } from '../../../../../src/modules/files/archive/pack.ts';
import {
  commonRoot,
  destinationOf,
  isPacked,
  packingOf,
  permissions,
} from '../../../../../src/modules/files/archive/packing.ts';
import type { ArchiveParams } from '../../../../../src/modules/files/archive/params.ts';
import type { SourceEntry, Sources } from '../../../../../src/modules/files/archive/sources.ts';
import { type FileStat, parseStat } from '../../../../../src/modules/files/fileState.ts';
import { paramsOf } from '../../driver.ts';

function params(args: object): ArchiveParams {
  return paramsOf(archive, { path: '/s/a', dest: '/out', ...args }) as ArchiveParams;
}

function stat(changes: Partial<FileStat>): FileStat {
  const line = '81a4 0 0 4 10 1 1 0 1700000000 0 8 4096 0 root root';
  const plain = parseStat(line);
  if (plain === undefined) throw new Error('a line of stat');
  return { ...plain, ...changes };
}

const FOLDER = stat({ type: 'directory', mode: 0o750, inode: 2 });

function entry(path: string, changes: Partial<FileStat> = {}): SourceEntry {
  return { path, stat: stat(changes) };
}

function sources(changes: Partial<Sources> = {}): Sources {
  const entries = [{ path: '/s/a/b', stat: FOLDER }, entry('/s/a/b/f')];
  const common = { expanded: ['/s/a'], excluded: [], paths: ['/s/a'], missing: [] };
  return { ...common, directories: ['/s/a'], entries, ...changes };
}

const DEST = { path: '/out' };
const LISTING = `drwxr-x--- root/root         0 2023-11-14 22:13:20 a/b/
-rw-r--r-- root/root         4 2023-11-14 22:13:20.5 a/b/f
end 0 0
`;

function held(listing: string): Existing {
  const tools = { programs: [], hasGnuTar: true };
  return { tools, isSource: false, tar: tarMembers(listing, true), zip: undefined };
}

describe('isPacked', () => {
  it.each<[string, string, Partial<Sources>, boolean]>([
    ['the same', LISTING, {}, true],
    ['numbers in place of names', LISTING.replaceAll('root/root', '0/0'), {}, true],
    ['another mode', LISTING.replace('rwxr-x---', 'rwxr-xr-x'), {}, false],
    ['another owner', LISTING.replace('root/', 'app/'), {}, false],
    ['another size', LISTING.replace(' 4 ', ' 5 '), {}, false],
    ['another time', LISTING.replace('20.5', '21'), {}, false],
    ['another name', LISTING.replace('b/f', 'b/g'), {}, false],
    ['another type', LISTING.replace('-rw-', 'lrw-'), {}, false],
    [
      'more entries',
      LISTING.replace('end', '-rw-r--r-- 0/0 4 2023-11-14 22:13:20 a/c\nend'),
      {},
      false,
    ],
    ['less entries', LISTING, { entries: [entry('/s/a/b/f')] }, false],
    ['half an archive', LISTING.replace('end 0', 'end 1'), {}, false],
    ['no archive', 'end 0 2\n', {}, false],
    ['lines that are no listing', `tar: what?\n${LISTING}`, {}, false],
  ])('%s', (_title, listing, changed, isSame) => {
    const packing = packingOf(params({}), sources(changed), DEST);
    expect(isPacked(packing, 'gz', held(listing))).toBe(isSame);
  });

  it('takes the second name of a file for what it is', () => {
    const again = { links: 2 };
    const entries = [entry('/s/a/1', again), entry('/s/a/2', again)];
    const packing = packingOf(params({}), sources({ entries }), DEST);
    const lines = (first: string, second: string) =>
      held(
        `-rw-r--r-- 0/0 4 2023-11-14 22:13:20 ${first}\nhrw-r--r-- 0/0 0 2023-11-14 22:13:20 ${second}\nend 0 0\n`,
      );
    expect(isPacked(packing, 'tar', lines('a/2', 'a/1 link to a/2'))).toBe(true);
    expect(isPacked(packing, 'tar', lines('a/2', 'a/1 link to a/3'))).toBe(false);
  });

  it('does not mind the time of the directory that holds the archive', () => {
    const dest = { path: '/s/a/b/out' };
    const packing = packingOf(params({ dest: dest.path }), sources(), dest);
    const later = LISTING.replace('22:13:20', '22:13:59');
    expect(isPacked(packing, 'gz', held(later))).toBe(true);
  });

  it('compares zip files by names and CRCs', () => {
    const entries = [
      { path: '/s/a/b', stat: FOLDER },
      { ...entry('/s/a/b/f'), crc: 7 },
    ];
    const packing = packingOf(params({ format: 'zip' }), sources({ entries }), DEST);
    const zip = (crc: number): Existing => ({
      ...held(''),
      zip: new Map([
        ['a/b/', 0],
        ['a/b/f', crc],
      ]),
    });
    expect([7, 8].map((crc) => isPacked(packing, 'zip', zip(crc)))).toEqual([true, false]);
  });
});

describe('packingOf', () => {
  const names = (args: object, changes: Partial<Sources> = {}) =>
    packingOf(params(args), sources(changes), DEST).entries.map(({ name }) => name);

  it.each<[string, object, readonly string[]]>([
    ['everything', {}, ['a/b', 'a/b/f']],
    ['names of a tar', { exclusion_patterns: ['a/b/?'] }, ['a/b']],
    ['no path of a tar', { exclusion_patterns: ['/s/*'] }, ['a/b', 'a/b/f']],
    ['paths of a zip', { exclusion_patterns: ['/s/*/[!g]'], format: 'zip' }, []],
    ['a star over slashes', { exclusion_patterns: ['a*f'] }, ['a/b']],
  ])('leaves out %s', (_title, args, left) => {
    expect(names(args)).toEqual(left);
  });

  it('leaves sockets and the archive itself out', () => {
    const entries = [entry('/s/a/f', { type: 'socket' }), entry('/s/a/out', { inode: 99 })];
    const dest = { path: '/s/a/out', followed: stat({ inode: 99 }) };
    expect(packingOf(params({}), sources({ entries }), dest).entries).toEqual([]);
  });

  it.each<[string, object, Partial<Sources>, RegExp]>([
    ['no sources', {}, { paths: [] }, /^Error, no source paths were found$/],
    ['a tree without dest', { dest: '' }, {}, /^Error, must specify "dest"/],
    [
      'to remove the archive too',
      { dest: '/s/a/x', remove: true },
      {},
      /contained in source paths/,
    ],
    [
      'a link that leads nowhere',
      { format: 'zip' },
      { entries: [{ path: '/s/a/l', stat: undefined }] },
      /\/s\/a\/l: it leads nowhere$/,
    ],
    [
      'a pipe in a zip file',
      { format: 'zip' },
      { entries: [entry('/s/a/p', { type: 'fifo' })] },
      /a fifo has no place in a zip file$/,
    ],
  ])('refuses %s', (_title, args, changes, message) => {
    const asked = params(args);
    const dest = { path: asked.dest ?? '' };
    expect(() => packingOf(asked, sources(changes), dest)).toThrow(message);
  });

  it.each<[object, boolean]>([
    [{ path: '/s/f' }, false],
    [{ path: '/s/f', force_archive: true }, true],
    [{ path: '/s/f*' }, true],
  ])('%j makes an archive: %s', (args, isArchive) => {
    const single = sources({ paths: ['/s/f'], directories: [], entries: [entry('/s/f')] });
    expect(packingOf(params(args), single, DEST).isArchive).toBe(isArchive);
  });
});

it.each(['path', 'exclude_path'])('refuses a %s that find(1) would take for an option', (name) => {
  expect(() => params({ [name]: ['/s/b', '-delete'] })).toThrow('begins with a dash');
});

describe('destinationOf', () => {
  it.each<[object, string | undefined]>([
    [{ path: '/s/f' }, '/s/f.gz'],
    [{ path: '/s/f', format: 'zip' }, '/s/f.zip'],
    [{ path: ['/s/f', '/s/g'], exclude_path: ['/s/g'] }, '/s/f.gz'],
    [{ path: ['/s/f', '/s/g'] }, undefined],
    [{ path: '/s/*' }, undefined],
  ])('%j', (args, dest) => {
    expect(destinationOf(params({ dest: undefined, ...args }))).toBe(dest);
  });
});

it.each([
  [['/a/b'], '/a/'],
  [['/a/foo/x', '/a/fob/y'], '/a/'],
  [['/a/b', '/a/b/c'], '/a/'],
  [['/a', '/b'], '/'],
  [['/a/b/'], '/a/b/'],
  [['a', 'b/c'], ''],
])('the root of %j is %s', (paths, root) => {
  expect(commonRoot(paths)).toBe(root);
});

it.each([
  [0o755, 'rwxr-xr-x'],
  [0o4644, 'rwSr--r--'],
  [0o6711, 'rws--s--x'],
  [0o1777, 'rwxrwxrwt'],
  [0, '---------'],
])('mode %o is shown as %s', (mode, shown) => {
  expect(permissions(mode)).toBe(shown);
});

describe('tarMembers', () => {
  it('reads names as GNU tar escapes them', () => {
    const line = '-rw-r--r-- 0/0 1 2023-11-14 22:13:20 a/\\303\\251\\n b\\\\c\nend 0 0\n';
    expect(tarMembers(line, true)?.map(({ name }) => name)).toEqual(['a/é\n b\\c']);
  });

  it('reads names as busybox writes them, and who unpacks may be cut short', () => {
    const line = `-rw-r--r-- 0/0 1 2023-11-14 22:13:20 ${Buffer.from('a/é\\n').toString('latin1')}\nend 141 0\n`;
    expect(tarMembers(line, false)?.map(({ name }) => name)).toEqual(['a/é\\n']);
  });
});

describe('zipMembers', () => {
  const name = Buffer.from('d/é');
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt32LE(0xdeadbeef, 16);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(3, 30);
  const directory = Buffer.concat([header, name, Buffer.from('xyz')]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(directory.length, 12);
  const large = Buffer.alloc(76);
  large.writeUInt32LE(0x07064b50, 56);

  it.each<[string, Buffer[]]>([
    ['the end of a file', [Buffer.from('content'), directory, end]],
    ['the end of a large file', [directory, large, end]],
  ])('reads %s', (_title, parts) => {
    expect(zipMembers(Buffer.concat(parts))).toEqual(new Map([['d/é', 0xdeadbeef]]));
  });

  it('knows nothing of other bytes', () => {
    expect([zipMembers(Buffer.alloc(5)), zipMembers(end), zipMembers(Buffer.alloc(99, 1))]).toEqual(
      [undefined, undefined, undefined],
    );
  });
});

it('names the package of a program that is missing', () => {
  const tools = { programs: ['tar', 'gzip'], hasGnuTar: false };
  expect(() => checkTools(tools, 'gz', true)).not.toThrow();
  expect(() => checkTools(tools, 'zip', true)).toThrow(
    expect.objectContaining({
      message: 'this host has no zip, which packs the format zip',
      hint: 'install the package zip first',
    }),
  );
});
