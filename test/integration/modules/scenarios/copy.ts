/** `copy`, `template` and `assemble`'s neighbours: what brings content to a host. */
import { copy } from '../../../../src/modules/files/copy/copy.ts';
import { template } from '../../../../src/modules/files/template.ts';
import type { LocalScenario, LocalSuite } from '../localScenarios.ts';

const KEYS = ['dest', 'checksum', 'mode', 'owner', 'group', 'uid', 'gid', 'size', 'state'];
const TREE = `mkdir -p files/t/sub/empty 'files/t/a b'; echo 1 >files/t/one; echo 2 >'files/t/a b/two'; ln -s one files/t/link; chmod 755 files/t/one`;

function content(
  title: string,
  args: LocalScenario['args'],
  changed: boolean,
  more: Partial<LocalScenario> = {},
): LocalScenario {
  return {
    title,
    args: { content: 'hello\n', dest: '@/f', ...args },
    changed,
    sameKeys: KEYS,
    ...more,
  };
}

function source(
  title: string,
  setup: string,
  args: LocalScenario['args'],
  changed: boolean,
  more: Partial<LocalScenario> = {},
): LocalScenario {
  return { title, setup, args, changed, ...more };
}

const scenarios: readonly LocalScenario[] = [
  content('writes content', { mode: '0600', owner: 'daemon', group: 'daemon' }, true),
  content('writes in place where it cannot be helped', { unsafe_writes: true }, true),
  content('leaves the same content', {}, false, { setup: 'echo hello >f' }),
  content('replaces content and keeps owner and mode', {}, true, {
    setup: 'echo old >f; chown daemon:1 f; chmod 640 f',
  }),
  content('changes only the mode', { mode: 'u=rw,go=' }, true, { setup: 'echo hello >f' }),
  content('changes only the group', { group: 'daemon' }, true, { setup: 'echo hello >f' }),
  content('does not touch a file without force', { force: false }, false, {
    setup: 'echo mine >f',
    sameKeys: ['dest'],
  }),
  content('makes a missing file without force', { force: false }, true),
  content('keeps the old file', { backup: true }, true, { setup: 'echo old >f; chmod 640 f' }),
  content('validates', { validate: 'grep -q hello %s' }, true),
  content('writes through a link', { follow: true, dest: '@/l' }, true, {
    setup: 'echo old >real; ln -s real l',
    sameKeys: ['checksum', 'mode'],
  }),
  content('replaces a link', { dest: '@/l' }, true, { setup: 'echo old >real; ln -s real l' }),
  content('writes JSON', { content: { a: [1, true, null], b: 'ä' } }, true),
  content('writes an empty file', { content: '' }, true),
  source(
    'brings a file by its name',
    'mkdir -p files d; echo hello >files/a.txt',
    { src: '@/files/a.txt', dest: '@/d' },
    true,
    { sameKeys: KEYS },
  ),
  source(
    'leaves what is no vault as it is',
    'mkdir files; echo hello >files/a',
    { src: '@/files/a', dest: '@/f', decrypt: false },
    true,
  ),
  source(
    'makes the directories above',
    'mkdir files; echo hello >files/a.txt',
    { src: '@/files/a.txt', dest: '@/x/y/' },
    true,
  ),
  source(
    'preserves the mode',
    'mkdir files; echo hello >files/a; chmod 751 files/a',
    { src: '@/files/a', dest: '@/f', mode: 'preserve' },
    true,
    { sameKeys: KEYS },
  ),
  source(
    'checks the source',
    'mkdir files; echo hello >files/a',
    { src: '@/files/a', dest: '@/f', checksum: 'f572d396fae9206628714fb2ce00f72e94f2258f' },
    true,
  ),
  source(
    'brings a tree',
    `${TREE}; mkdir d`,
    { src: '@/files/t', dest: '@/d', mode: '0640', directory_mode: '0750' },
    true,
  ),
  source(
    'brings what is in a tree, links as links',
    `${TREE}; mkdir d; echo other >d/keep`,
    { src: '@/files/t/', dest: '@/d', local_follow: false },
    true,
  ),
  source(
    'repairs a tree',
    `${TREE}; cp -r files/t d; echo x >d/one; rm -r 'd/a b'`,
    { src: '@/files/t/', dest: '@/d', mode: '0644', directory_mode: '0755' },
    true,
  ),
  source(
    'copies within the host',
    'echo hello >a; chmod 750 a',
    { src: '@/a', dest: '@/b', remote_src: true, mode: 'preserve' },
    true,
    { sameKeys: KEYS },
  ),
  source(
    'copies a directory within the host',
    'mkdir -p t/s d; echo 1 >t/s/a; ln -s s/a t/l',
    { src: '@/t', dest: '@/d', remote_src: true, mode: '0600', directory_mode: '0700' },
    true,
    { unlikeAnsible: 'it sets the mode of the directory alone, and keeps links' },
  ),
];

const TEMPLATE = `mkdir files; printf 'listen {{port}}\\nname x\\n' >files/site.j2`;

const templates: readonly LocalScenario[] = [
  ['renders', `${TEMPLATE}`, { dest: '@/f', mode: '0640' }, true],
  ['leaves what is rendered', `${TEMPLATE}; printf 'listen 80\\nname x\\n' >f`, {}, false],
  ['replaces', `${TEMPLATE}; echo old >f; chmod 600 f`, { backup: true }, true],
  [
    'only sets the owner',
    `${TEMPLATE}; printf 'listen 80\\nname x\\n' >f`,
    { owner: 'daemon' },
    true,
  ],
  ['leaves a file without force', `${TEMPLATE}; echo old >f`, { force: false }, false],
  ['writes another encoding', TEMPLATE, { output_encoding: 'utf-16le' }, true],
  ['follows a link', `${TEMPLATE}; echo old >real; ln -s real f`, { follow: true }, true],
  ['validates its result', TEMPLATE, { validate: 'grep -q listen %s' }, true],
].map(([title, setup, args, changed]) => ({
  title: String(title),
  setup: String(setup),
  args: { src: '@/files/site.j2', dest: '@/f', ...Object(args) },
  changed: changed === true,
  variables: { port: 80 },
  sameKeys:
    changed === true ? ['dest', 'checksum', 'mode', 'owner', 'gid', 'size', 'state'] : ['dest'],
}));

export const copySuites: readonly LocalSuite[] = [
  { module: copy, scenarios },
  { module: template, scenarios: templates },
];
