/** `unarchive` of real archives, beside Ansible's. */
import { unarchive } from '../../../src/modules/files/unarchive/unarchive.ts';
import { hasPrograms } from '../../support/onThisMachine.ts';
import { type LocalScenario, sampled, testLocalScenarios } from './localScenarios.ts';

const TREE = `mkdir -p s/a/b s/a/empty files d; echo one >s/a/one; echo two >s/a/b/two; printf 'x' >'s/a/with space'; ln -s one s/a/link; chmod 751 s/a/one; chmod 750 s/a/b; find s ! -type l -exec touch -d '2024-05-06 07:08:10' {} +; chown 1:1 s/a/b/two`;

function tar(name: string, ...flags: readonly string[]): string {
  return `${TREE}; tar -C s ${flags.join(' ')} -cf ${name} a`;
}

const TGZ = tar('x.tgz', '-z');
const ZIP = `${TREE}; (cd s && zip -qry ../x.zip a)`;
const SAME_KEYS = ['dest', 'state', 'mode', 'owner', 'gid', 'files'];

/** What was unpacked, with times, which the files beside do not share. */
const SNAPSHOT = `cd d; find . -printf '%p %y %m %u:%g %l\\n' | sort; find . -type f -printf '%p %Ts\\n' | grep -v new | sort; find . -type f -exec sha1sum {} + | sort`;

function unpack(
  title: string,
  setup: string,
  args: LocalScenario['args'],
  changed: boolean,
  more: Partial<LocalScenario> = {},
): LocalScenario {
  const asked = { remote_src: true, dest: '@/d', ...args };
  return { title, setup, args: asked, changed, sameKeys: SAME_KEYS, snapshot: SNAPSHOT, ...more };
}

const formats = [
  ['tar', tar('x')],
  ['tar.gz', tar('x', '-z')],
  ['tar.bz2', tar('x', '-j')],
  ['tar.xz', tar('x', '-J')],
  ['tar.zst', tar('x', '--zstd')],
  ['zip', `${ZIP}; mv x.zip x`],
] as const;

const scenarios: readonly LocalScenario[] = [
  ...formats.map(([name, setup]) =>
    unpack(`unpacks ${name}`, setup, { src: '@/x', list_files: true }, true, {
      look: 'cat d/a/one "d/a/b/two"; readlink d/a/link; stat -c "%a %Y" d/a/one',
      shows: 'one\ntwo\none\n751 1714979290',
    }),
  ),
  ...formats.map(([name, setup]) => {
    const done = `${setup}; ${name === 'zip' ? 'unzip -q x -d d' : 'tar -C d -xf x'}`;
    return unpack(`leaves what ${name} has brought`, done, { src: '@/x' }, false);
  }),
  unpack('reads in pieces', TGZ, { src: '@/x.tgz', io_buffer_size: 1024, decrypt: false }, true),
  unpack('brings a local archive', TGZ, { src: '@/x.tgz', remote_src: false }, true),
  unpack('takes the old way to say local', TGZ, { src: '@/x.tgz', copy: false }, true, {
    args: { src: '@/x.tgz', dest: '@/d', copy: false },
  }),
  unpack(
    'replaces a changed file',
    `${TGZ}; tar -C d -xf x.tgz; echo other >d/a/one`,
    { src: '@/x.tgz' },
    true,
  ),
  unpack(
    'restores mode and owner',
    `${TGZ}; tar -C d -xf x.tgz; chmod 700 d/a/b; chown 2:2 d/a/b/two`,
    { src: '@/x.tgz' },
    true,
  ),
  unpack('restores a time', `${TGZ}; tar -C d -xf x.tgz; touch d/a/one`, { src: '@/x.tgz' }, true),
  unpack('leaves other files', `${TGZ}; mkdir d/a; echo mine >d/a/new`, { src: '@/x.tgz' }, true),
  unpack(
    'replaces a link by a file',
    `${TGZ}; mkdir d/a; ln -s /tmp d/a/one`,
    { src: '@/x.tgz' },
    true,
  ),
  unpack('leaves entries out', TGZ, { src: '@/x.tgz', exclude: ['a/b', '*space'] }, true),
  unpack('takes some entries', TGZ, { src: '@/x.tgz', include: ['a/one'] }, true),
  unpack('takes some entries of zip', ZIP, { src: '@/x.zip', include: ['a/one', 'a/b/*'] }, true),
  unpack('leaves entries of zip out', ZIP, { src: '@/x.zip', exclude: ['a/b/*'] }, true),
  unpack('strips directories', TGZ, { src: '@/x.tgz', extra_opts: ['--strip-components=1'] }, true),
  unpack(
    'renames',
    TGZ,
    { src: '@/x.tgz', extra_opts: ['--transform', 's/^a/app-1.2/'], list_files: true },
    true,
  ),
  unpack(
    'sets owner, group and mode',
    TGZ,
    { src: '@/x.tgz', owner: 'daemon', group: 'sys', mode: 'u=rwX,g=rX,o=' },
    true,
    {
      look: 'stat -c "%a %U %G" d/a d/a/one d/a/b/two',
      shows: '750 daemon sys\n750 daemon sys\n640 daemon sys',
    },
  ),
  unpack('sets the mode of zip', ZIP, { src: '@/x.zip', mode: '0700', owner: 'daemon' }, true),
  unpack(
    'changes only the owner',
    `${TGZ}; tar -C d -xf x.tgz`,
    { src: '@/x.tgz', owner: 'daemon' },
    true,
  ),
  unpack(
    'unpacks over the directory itself',
    `${TREE}; tar -C s/a -czf x.tgz .`,
    { src: '@/x.tgz' },
    true,
  ),
  unpack(
    'keeps newer files',
    `${TGZ}; mkdir d/a; echo newer >d/a/one`,
    { src: '@/x.tgz', keep_newer: true },
    true,
    {
      look: 'cat d/a/one',
      shows: 'newer',
      unlikeAnsible: 'it unpacks again each time, since the newer file differs',
    },
  ),
  unpack(
    'stops where it was done',
    `${TGZ}; mkdir d/a`,
    { src: '@/x.tgz', creates: '@/d/a' },
    false,
    {
      sameKeys: [],
    },
  ),
];

const DONE = 'tar -C d -xf x.tgz';
/** What tar's and zip's own options and other starts lead to. */
const more: readonly LocalScenario[] = [
  unpack(
    'leaves more of zip out',
    ZIP,
    { src: '@/x.zip', exclude: ['a/b/*', 'a/one'], list_files: true },
    true,
  ),
  unpack(
    'lists what it takes',
    TGZ,
    { src: '@/x.tgz', include: ['a/one', 'a/b'], list_files: true },
    true,
  ),
  unpack('lists what it leaves', TGZ, { src: '@/x.tgz', exclude: ['a/b'], list_files: true }, true),
  unpack(
    'lists what zip has, unchanged',
    `${ZIP}; unzip -q x.zip -d d`,
    { src: '@/x.zip', list_files: true },
    false,
  ),
  unpack(
    'lists what it has, unchanged',
    `${TGZ}; ${DONE}`,
    { src: '@/x.tgz', list_files: true },
    false,
  ),
  unpack(
    'keeps newer files of zip',
    `${ZIP}; mkdir d/a; echo newer >d/a/one; touch -d '2025-01-01' d/a/one`,
    { src: '@/x.zip', keep_newer: true },
    true,
  ),
  unpack(
    'replaces older files',
    `${TGZ}; mkdir d/a; echo older >d/a/one; touch -d 2001-01-01 d/a/one`,
    { src: '@/x.tgz', keep_newer: true },
    true,
  ),
  unpack(
    'replaces older files of zip',
    `${ZIP}; mkdir d/a; echo older >d/a/one; touch -d 2001-01-01 d/a/one`,
    { src: '@/x.zip', keep_newer: true },
    true,
  ),
  unpack('goes on where nothing was made', TGZ, { src: '@/x.tgz', creates: '@/d/none' }, true),
  unpack('sets symbolic modes of zip', ZIP, { src: '@/x.zip', mode: 'u=rwX,go=' }, true),
  unpack('sets the group by number', TGZ, { src: '@/x.tgz', group: '3' }, true),
  unpack(
    'restores a mode of zip',
    `${ZIP}; unzip -q x.zip -d d; chmod 600 d/a/one`,
    { src: '@/x.zip' },
    true,
  ),
  unpack(
    'replaces a changed file of zip',
    `${ZIP}; unzip -q x.zip -d d; echo two >d/a/one`,
    { src: '@/x.zip' },
    true,
  ),
  unpack(
    'takes some of zst',
    tar('x', '--zstd'),
    { src: '@/x', exclude: ['*space'], list_files: true },
    true,
  ),
  unpack('flattens zip', ZIP, { src: '@/x.zip', extra_opts: ['-j'] }, true, {
    unlikeAnsible: 'it unpacks again each time',
  }),
  unpack(
    'brings a local zip',
    `${ZIP}; mv x.zip files`,
    { src: '@/files/x.zip', remote_src: false, mode: '0750' },
    true,
  ),
  unpack(
    'keeps setuid',
    `${TREE}; chmod 4755 s/a/one; tar -C s -czf x.tgz a`,
    { src: '@/x.tgz' },
    true,
  ),
  unpack('takes no owner', TGZ, { src: '@/x.tgz', extra_opts: ['--no-same-owner'] }, true, {
    unlikeAnsible: 'it unpacks again each time',
  }),
  unpack('touches', TGZ, { src: '@/x.tgz', extra_opts: ['-m'] }, true, {
    unlikeAnsible: 'it unpacks again each time',
    snapshot: SNAPSHOT.replace(/find [.] -type f -printf[^;]*;/, ''),
  }),
  unpack(
    'takes hard links',
    `${TREE}; ln s/a/one s/a/again; tar -C s -czf x.tgz a`,
    { src: '@/x.tgz' },
    true,
  ),
  unpack(
    'leaves hard links',
    `${TREE}; ln s/a/one s/a/again; tar -C s -czf x.tgz a; ${DONE}`,
    { src: '@/x.tgz' },
    false,
  ),
  unpack(
    'takes odd names',
    `${TREE}; : >'s/a/é ü'; : >'s/a/-x'; : >"s/a/it's"; touch -d '2024-05-06' s/a/*; tar -C s -czf x.tgz a`,
    { src: '@/x.tgz', list_files: true },
    true,
  ),
  unpack('takes a mode alone', `${TGZ}; ${DONE}`, { src: '@/x.tgz', mode: '0700' }, true),
  unpack(
    'follows a link to dest',
    `${TGZ}; rmdir d; mkdir e; ln -s e d`,
    { src: '@/x.tgz' },
    true,
    { sameKeys: ['dest', 'gid'] },
  ),
];

if (hasPrograms('tar', 'gzip', 'bzip2', 'xz', 'zstd', 'zip', 'unzip')) {
  testLocalScenarios({ module: unarchive, scenarios: [...scenarios, ...sampled(more, 4)] });
}
