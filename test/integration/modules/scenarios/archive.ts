/** What `archive` packs, with each tool that it may use. */
import { archive } from '../../../../src/modules/files/archive/archive.ts';
import type { LocalScenario, LocalSuite } from '../localScenarios.ts';

const TREE = `mkdir -p s/a/b s/a/empty s/c; echo one >s/a/one; echo two >s/a/b/two.log; printf x >'s/a/with space'; echo three >s/c/three; : >s/nothing; ln -s one s/a/link; chmod 751 s/a/one; chmod 750 s/a/b; chown 1:1 s/a/b/two.log; find s ! -type l -exec touch -d '2024-05-06 07:08:10' {} +`;
const NO_LINKS = `${TREE}; rm s/a/link`;

/** What is in the archives, whatever bytes they are made of, beside all files. */
const SNAPSHOT = `find . -printf '%p %y %m %u:%g %l\\n' | sort; for f in out* s/*.gz s/*.zip; do [ -s "$f" ] || continue; echo "= $f"; d=$(mktemp -d); case $(od -An -N2 -tx1 "$f") in *"50 4b") [ "$(wc -c <"$f")" = 22 ] || unzip -q "$f" -d $d ;; *) tar -C $d -xf "$f" 2>/dev/null || { gzip -dc "$f" || bzip2 -dc "$f" || xz -dc "$f"; } 2>/dev/null || true ;; esac; (cd $d; find . ! -name . -printf '%p %y %m %u:%g %l\\n' | sort; find . -type f -printf '%p %Ts\\n' | sort; find . -type f -exec sha1sum {} + | sort); rm -rf $d; done; true`;

/** Ansible's lists of paths are in the order of the directory. */
const SAME_KEYS = ['dest', 'dest_state', 'arcroot', 'missing', 'mode', 'owner', 'gid', 'state'];

function pack(
  title: string,
  args: LocalScenario['args'],
  changed: boolean,
  more: Partial<LocalScenario> = {},
): LocalScenario {
  const asked = { path: '@/s/a', dest: '@/out', ...args };
  return {
    title,
    setup: TREE,
    args: asked,
    changed,
    sameKeys: SAME_KEYS,
    snapshot: SNAPSHOT,
    ...more,
  };
}

const NO_ZIP = { unlikeBusybox: 'busybox has no zip' };
/** Which a second run with Ansible's own archive does not show. */
const OTHER_TAR = {
  unlikeAnsible: 'it compares checksums of headers, which each tar writes otherwise',
};
const NO_XZ = { unlikeBusybox: "busybox's xz only unpacks" };

const formats: readonly LocalScenario[] = [
  ['gz', 'z', {}],
  ['bz2', 'j', {}],
  ['xz', 'J', NO_XZ],
  ['tar', '', {}],
].flatMap(([format, flag, more]) => {
  const done = `${TREE}; tar -C s --no-recursion -c${flag}f out a/b a/b/two.log a/empty a/link a/one 'a/with space'`;
  const limits = more as Partial<LocalScenario>;
  return [
    pack(`packs ${format}`, { format }, true, limits),
    pack(`leaves ${format}`, { format }, false, { setup: done, ...OTHER_TAR, ...limits }),
    pack(`compresses ${format}`, { path: '@/s/a/one', format }, true, limits),
  ];
});

const zips: readonly LocalScenario[] = [
  pack('packs zip', { format: 'zip' }, true, { setup: NO_LINKS, ...NO_ZIP }),
  pack('leaves zip', { format: 'zip' }, false, {
    setup: `${NO_LINKS}; cd s; zip -q ../out a/b a/b/two.log a/empty a/one 'a/with space'; mv ../out.zip ../out`,
    ...NO_ZIP,
  }),
  pack('packs a single file into zip', { path: '@/s/a/one', format: 'zip' }, true, NO_ZIP),
  pack('packs what a link leads to into zip', { path: '@/s/a/*', format: 'zip' }, true, NO_ZIP),
  pack('packs an empty directory into zip', { path: '@/s/a/empty', format: 'zip' }, true, NO_ZIP),
  pack('packs a changed file into zip', { format: 'zip' }, true, {
    setup: `${NO_LINKS}; (cd s; zip -qr ../out a/b a/empty a/one 'a/with space'; mv ../out.zip ../out); printf y >'s/a/with space'; touch -d '2024-05-06 07:08:10' 's/a/with space'`,
    ...NO_ZIP,
  }),
  pack(
    'leaves entries out of zip',
    { format: 'zip', exclusion_patterns: ['*/b/*', '*empty'] },
    true,
    {
      setup: NO_LINKS,
      ...NO_ZIP,
    },
  ),
];

const choices: readonly LocalScenario[] = [
  pack('packs a pattern', { path: '@/s/*', exclude_path: '@/s/n*' }, true),
  pack('packs several paths', { path: ['@/s/a/b', '@/s/c', '@/s/nothing'] }, true),
  pack('packs what is there', { path: ['@/s/a/b', '@/s/none'] }, true),
  pack('packs a path with a slash at its end', { path: '@/s/a/' }, true),
  pack('packs an empty directory', { path: '@/s/a/empty' }, true),
  pack('packs through a link to a directory', { path: '@/l' }, true, {
    setup: `${TREE}; ln -s s/a l`,
  }),
  pack('leaves a path out', { path: ['@/s/a', '@/s/c'], exclude_path: ['@/s/a'] }, true),
  pack('leaves entries out', { exclusion_patterns: ['*.log', 'a/one', '*[s]pace'] }, true),
  pack('makes an archive of a single file', { path: '@/s/a/one', force_archive: true }, true),
  pack('names the file after its source', { path: '@/s/a/one' }, true, {
    args: { path: '@/s/a/one' },
  }),
  pack('leaves what it has compressed', { path: '@/s/a/one' }, false, {
    args: { path: '@/s/a/one' },
    setup: `${TREE}; gzip -k s/a/one`,
  }),
  pack('compresses a changed file', { path: '@/s/a/one' }, true, {
    args: { path: '@/s/a/one' },
    setup: `${TREE}; gzip -k s/a/one; echo more >>s/a/one`,
  }),
  pack('leaves an archive whose sources are gone', { path: '@/gone', dest: '@/out.tgz' }, false, {
    setup: `${TREE}; tar -czf out.tgz s`,
  }),
  pack('does nothing without sources', { path: '@/gone' }, false),
];

const changes: readonly LocalScenario[] = [
  ['a time', `touch -d '2024-06-01 01:02:04' s/a/one`],
  ['a mode', 'chmod 700 s/a/one'],
  ['an owner', 'chown 2 s/a/one'],
  ['a size', `echo 1 >>s/a/one; touch -d '2024-05-06 07:08:10' s/a/one`],
  ['a file', `touch -d '2024-06-01 01:02:04' s/a/new`],
  ['a removal', 'rm s/a/one'],
  ['a link', `ln -sfn two s/a/link`],
].map(([what, script]) =>
  pack(`sees ${what}`, {}, true, {
    setup: `${TREE}; tar -C s -czf out a/b a/empty a/link a/one 'a/with space'; ${script}`,
  }),
);

const places: readonly LocalScenario[] = [
  pack('sets owner and mode', { owner: 'daemon', group: 'sys', mode: '0600' }, true),
  pack('keeps the mode', {}, true, {
    setup: `${TREE}; echo old >out; chmod 640 out; chown 1:2 out`,
  }),
  pack('changes only the mode', { mode: '0600' }, true, {
    setup: `${TREE}; tar -C s -czf out a/b a/empty a/link a/one 'a/with space'`,
  }),
  pack('writes through a link', {}, true, {
    // Ansible tells of the link.
    sameKeys: ['dest', 'dest_state', 'owner'],
    setup: `${TREE}; echo old >real; ln -s real out`,
  }),
  pack('does not pack itself', { path: '@/s/a', dest: '@/s/a/out.tgz' }, true),
  pack('replaces another format', { format: 'bz2' }, true, { setup: `${TREE}; tar -czf out s` }),
  pack('removes a directory', { remove: true }, true),
  pack('removes files', { path: ['@/s/a/b*', '@/s/c/three'], remove: true }, true),
  pack('removes a file', { path: '@/s/a/one', remove: true }, true),
  pack(
    'removes only what it packed',
    { path: ['@/s/a/one', '@/s/c/three'], exclusion_patterns: ['c/*'], remove: true },
    true,
    { actsAlways: true },
  ),
  pack('keeps hard links', {}, true, { setup: `${TREE}; ln s/a/one s/a/again` }),
  pack('takes odd names', {}, true, {
    setup: `${TREE}; : >'s/a/-rf'; : >'s/a/back\\slash'; : >'s/a/é*?'; : >"s/a/it's"; find s ! -type l -exec touch -d '2024-05-06 07:08:10' {} +`,
  }),
  pack('takes names with line ends', {}, true, {
    setup: `${TREE}; touch -d '2024-05-06 07:08:10' "s/a/two\nlines"`,
    unlikeBusybox: 'its tar lists such names in two lines',
  }),
];

export const archiveSuite: LocalSuite = {
  module: archive,
  scenarios: [...formats, ...choices, ...changes, ...places],
};

export const zipSuite: LocalSuite = { module: archive, scenarios: zips };
