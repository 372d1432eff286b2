/** `file`, and what looks at files: `stat`, `find`, `slurp`, `fetch`, `tempfile`. */
import { fetch } from '../../../../src/modules/files/fetch.ts';
import { file } from '../../../../src/modules/files/file/file.ts';
import { find } from '../../../../src/modules/files/find/find.ts';
import { slurp } from '../../../../src/modules/files/slurp.ts';
import { stat } from '../../../../src/modules/files/stat/stat.ts';
import { tempfile } from '../../../../src/modules/files/tempfile.ts';
import type { LocalScenario, LocalSuite } from '../localScenarios.ts';

/** Without `size`, which drover does not tell of a directory before it is there. */
const KEYS = ['path', 'dest', 'src', 'mode', 'owner', 'group', 'uid', 'gid', 'state'];
const NO_FLAGS = 'this file system may have no flags';

type Row = readonly [title: string, setup: string, args: object, changed: boolean];

function rows(list: readonly Row[], more: Partial<LocalScenario> = {}): LocalScenario[] {
  return list.map(([title, setup, args, changed]) => ({
    title,
    setup,
    args: { ...args },
    changed,
    ...more,
  }));
}

const directories: readonly Row[] = [
  [
    'makes a directory with parents',
    ':',
    { path: '@/a/b', state: 'directory', mode: '0750' },
    true,
  ],
  [
    'leaves a directory',
    'mkdir a',
    { path: '@/a', state: 'directory', mode: 'u=rwx,go=rx' },
    false,
  ],
  ['sets a mode', 'mkdir -m 700 a', { path: '@/a', state: 'directory', mode: '2755' }, true],
  [
    'sets an owner',
    'mkdir a',
    { path: '@/a', state: 'directory', owner: 'daemon', group: '1' },
    true,
  ],
  [
    'goes through a link to a directory',
    'mkdir -m 700 real; ln -s real l',
    { path: '@/l', state: 'directory', mode: '0755' },
    true,
  ],
  [
    'sets a whole tree',
    'mkdir -p t/d; touch t/f t/d/x; chmod 600 t/f; chmod 711 t/d/x; ln -s f t/l',
    { path: '@/t', state: 'directory', recurse: true, mode: 'u=rwX,g=rX,o=', owner: 'daemon' },
    true,
  ],
  [
    'leaves a whole tree',
    'mkdir -p t/d; touch t/d/x; chmod -R u=rwX,go= t',
    { path: '@/t', state: 'directory', recurse: true, mode: 'u=rwX,go=' },
    false,
  ],
];

const files: readonly Row[] = [
  ['looks at a file', 'touch f', { path: '@/f' }, false],
  ['sets a file', 'touch f', { path: '@/f', mode: '0600', owner: 'daemon', group: 'sys' }, true],
  ['adds to a mode', 'touch f; chmod 640 f', { path: '@/f', mode: 'g+w,o=r' }, true],
  ['keeps setuid', 'touch f; chmod 755 f', { path: '@/f', mode: 'u+s', owner: 'daemon' }, true],
  ['removes a file', 'touch f', { path: '@/f', state: 'absent' }, true],
  ['removes a tree', 'mkdir -p "a b/c"; touch "a b/c/d"', { path: '@/a b', state: 'absent' }, true],
  ['removes a link only', 'mkdir d; ln -s d l', { path: '@/l', state: 'absent' }, true],
  ['removes nothing', ':', { path: '@/f', state: 'absent' }, false],
  [
    'touches a new file once',
    ':',
    {
      path: '@/f',
      state: 'touch',
      mode: '0600',
      access_time: 'preserve',
      modification_time: 'preserve',
    },
    true,
  ],
  [
    'sets a modification time',
    'touch -d 2020-01-01 f',
    { path: '@/f', modification_time: '200102030405.06' },
    true,
  ],
];

const links: readonly Row[] = [
  ['makes a link', 'mkdir d; touch d/t', { path: '@/d/l', src: 't', state: 'link' }, true],
  ['leaves a link', 'touch t; ln -s t l', { path: '@/l', src: 't', state: 'link' }, false],
  ['turns a link', 'mkdir one two; ln -s one l', { path: '@/l', src: 'two', state: 'link' }, true],
  [
    'replaces a file by a link',
    'touch f t',
    { path: '@/f', src: '@/t', state: 'link', force: true },
    true,
  ],
  [
    'makes a link to nothing',
    ':',
    { path: '@/l', src: '/nowhere', state: 'link', force: true },
    true,
  ],
  [
    'owns the link itself',
    'touch t; ln -s t l',
    { path: '@/l', src: 't', state: 'link', owner: 'daemon', follow: false },
    true,
  ],
  ['makes a hard link', 'echo x >f', { path: '@/h', src: '@/f', state: 'hard' }, true],
  ['leaves a hard link', 'echo x >f; ln f h', { path: '@/h', src: '@/f', state: 'hard' }, false],
  [
    'replaces a file by a hard link',
    'echo x >f; echo y >h',
    { path: '@/h', src: '@/f', state: 'hard', force: true },
    true,
  ],
];

const touching: readonly LocalScenario[] = [
  {
    title: 'touches each time',
    setup: 'touch -d 2001-01-01 f',
    args: { path: '@/f', state: 'touch' },
    changed: true,
    actsAlways: true,
    look: '[ -n "$(find f -mmin -5)" ] && echo new',
    shows: 'new',
  },
  {
    title: 'sets times of a form of their own',
    setup: 'touch -d 2001-01-01 f',
    args: {
      path: '@/f',
      access_time: '2002-03-04 05:06',
      access_time_format: '%Y-%m-%d %H:%M',
      modification_time: '04.03.2003',
      modification_time_format: '%d.%m.%Y',
    },
    changed: true,
    // Whoever reads the file sets the first one anew.
    snapshot: `stat -c '%n %x %y' f`,
  },
  {
    title: 'sets a flag',
    setup: 'touch f',
    args: { path: '@/f', attributes: '+d' },
    changed: true,
    unlikeAnsible: NO_FLAGS,
    unlikeBusybox: NO_FLAGS,
  },
];

const TREE = `mkdir -p t/sub/deep; echo one >t/a.log; echo two >t/b.txt; printf %2000s x >t/big.log; echo h >t/.dot; echo s >t/sub/s.log; echo d >t/sub/deep/d.log; ln -s a.log t/link.log; touch -d '3 days ago' t/a.log; chmod 600 t/a.log`;

const findings: readonly LocalScenario[] = [
  {},
  { patterns: '*.log', recurse: true },
  { patterns: '^[ab]\\.', use_regex: true, excludes: 'b' },
  { hidden: true, file_type: 'any', recurse: true, depth: 2 },
  { file_type: 'directory', recurse: true },
  { file_type: 'link' },
  { age: '2d' },
  { size: '1k' },
  { mode: '0600' },
  { contains: 'tw.', read_whole_file: true },
  { age: '2d', age_stamp: 'atime' },
  { mode: '0200', exact_mode: false },
  { recurse: true, limit: 1 },
].map((args) => ({
  title: JSON.stringify(args),
  setup: TREE,
  args: { paths: '@/t', ...args },
  changed: false,
  sameKeys: ['matched', 'examined', 'skipped_paths'],
  ...('age_stamp' in args ? { snapshot: 'find .' } : {}),
  ...('limit' in args ? { unlikeAnsible: 'it knows the parameter since ansible-core 2.18' } : {}),
  ...('mode' in args ? { unlikeAnsible: 'it knows the parameter since ansible-core 2.16' } : {}),
}));

const looking: readonly LocalScenario[] = rows(
  [
    ['a file', 'echo hello >f; chmod 4754 f', { path: '@/f' }, false],
    ['a link', 'ln -s f l', { path: '@/l', get_checksum: false }, false],
    ['through a link', 'echo x >f; ln -s f l', { path: '@/l', follow: true }, false],
    ['nothing', ':', { path: '@/none' }, false],
    [
      'the kind and an old hash',
      'echo x >f',
      { path: '@/f', get_mime: true, get_md5: true },
      false,
    ],
    ['another hash', 'echo x >f', { path: '@/f', checksum_algorithm: 'sha256' }, false],
  ],
  {},
);

const fetching: readonly LocalScenario[] = [
  {
    title: 'brings a file',
    setup: 'echo hello >f',
    args: { src: '@/f', dest: '@/got/f', flat: true },
    changed: true,
    sameKeys: ['checksum', 'dest'],
  },
  {
    title: 'leaves a file that is here',
    setup: 'echo hello >f; cp f g',
    args: { src: '@/f', dest: '@/g', flat: true },
    changed: false,
    sameKeys: ['checksum', 'dest'],
  },
  {
    title: 'believes what came',
    setup: 'echo hello >f',
    args: { src: '@/f', dest: '@/g', flat: true, validate_checksum: false },
    changed: true,
    sameKeys: ['checksum', 'dest'],
  },
  {
    title: 'replaces a file that differs',
    setup: 'echo hello >f; echo old >g',
    args: { src: '@/f', dest: '@/g', flat: true },
    changed: true,
  },
  {
    title: 'passes over a missing file',
    args: { src: '@/none', dest: '@/g', flat: true, fail_on_missing: false },
    changed: false,
    sameKeys: ['msg'],
  },
];

const temporary: readonly LocalScenario[] = (['file', 'directory'] as const).map((state) => ({
  title: `makes a ${state}`,
  args: { state, path: '@/', prefix: 'pre', suffix: '.end' },
  changed: true,
  actsAlways: true,
  snapshot: `find . -name 'pre*.end' -printf '%y %m %u\\n'`,
  sameKeys: ['state', 'mode', 'owner', 'uid'],
}));

export const fileSuites: readonly LocalSuite[] = [
  {
    module: file,
    scenarios: [
      ...rows([...directories, ...files], { sameKeys: KEYS }),
      ...rows(links, { sameKeys: ['dest', 'src'] }),
      ...touching,
    ],
  },
  { module: find, scenarios: findings },
  { module: stat, scenarios: looking },
  { module: fetch, scenarios: fetching },
  {
    module: slurp,
    scenarios: rows([['reads bytes', `printf 'a\\377b' >f`, { src: '@/f' }, false]], {
      sameKeys: ['content', 'encoding', 'source'],
    }),
  },
  { module: tempfile, scenarios: temporary },
];
