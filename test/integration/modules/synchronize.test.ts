/** `synchronize` with the rsync of this machine on both sides, beside Ansible's. */
import { expect, it } from 'vitest';
import { synchronize } from '../../../src/modules/files/synchronize/synchronize.ts';
import { scratchTarget } from '../../support/fakeTarget.ts';
import { hasPrograms } from '../../support/onThisMachine.ts';
import { runAction } from '../../unit/modules/driver.ts';
import { testController } from '../../unit/modules/testController.ts';
import { type LocalScenario, testLocalScenarios } from './localScenarios.ts';

const TREE = `mkdir -p s/sub d; echo one >s/one; echo two >s/sub/two; printf x >"s/it's a file"; ln -s one s/l; chmod 750 s/sub; chmod 600 s/one; chown 1:1 s/one; touch -d '2024-05-06 07:08:10' s/* s/sub/*`;
const SNAPSHOT = `cd d; find . -printf '%p %y %m %u:%g %l\\n' | sort; find . -type f -printf '%p %Ts\\n' | grep -v new | sort; find . -type f -exec sha1sum {} + | sort`;
const COPIED = `${TREE}; cp -a s/. d`;

/** All that a shell could take for its own. */
const ODD = `a b'c"d\`e$(f)\${g};h&i|j<k>l#m!n~o=p%q@r\\s\tt-é-*?[u]`;
const ODD_TREE = `mkdir -p s d; mkdir "s/$(cat <<'END'\n${ODD}\nEND\n)"; for each in s/*; do echo x >"$each/--file ?"; done`;

function copy(
  title: string,
  setup: string,
  args: LocalScenario['args'],
  changed: boolean,
  more: Partial<LocalScenario> = {},
): LocalScenario {
  const asked = { src: '@/s/', dest: '@/d', ...args };
  return { title, setup, args: asked, changed, snapshot: SNAPSHOT, ...more };
}

const scenarios = [
  copy('copies what is in a tree', TREE, {}, true, { sameKeys: ['rc'] }),
  copy('copies a tree', TREE, { src: '@/s' }, true),
  copy('copies one file', TREE, { src: '@/s/one' }, true),
  copy('leaves a copy', COPIED, {}, false),
  copy('copies what differs', `${COPIED}; echo other >d/one`, {}, true),
  copy('restores modes', `${COPIED}; chmod 700 d/sub`, {}, true),
  copy('leaves other files', `${COPIED}; echo mine >d/new; touch -r s d`, {}, false),
  copy('deletes other files', `${COPIED}; echo mine >d/new`, { delete: true }, true),
  copy('makes no new files', `${TREE}; echo x >d/one`, { existing_only: true }, true),
  copy(
    'compares contents',
    `${COPIED}; touch -d 2025-01-01 d/one`,
    { checksum: true, times: false },
    false,
  ),
  copy('keeps nothing but contents', TREE, { archive: false, recursive: true }, true, {
    actsAlways: true,
    snapshot: `cd d; find . -type f -exec sha1sum {} + | sort`,
  }),
  copy('leaves out links', TREE, { links: false }, true),
  copy('follows links', TREE, { copy_links: true }, true),
  copy('takes further options', TREE, { rsync_opts: ['--exclude=sub', '--chmod=F640'] }, true),
  copy('pulls', TREE, { mode: 'pull' }, true),
  copy(
    'pulls a name with spaces',
    TREE,
    { mode: 'pull', src: "@/s/it's a file", dest: '@/d/' },
    true,
  ),
  copy('pushes to a name with spaces', TREE, { dest: "@/d/it's new/" }, true, {
    look: `cat "d/it's new/one"`,
    shows: 'one',
  }),
  copy('pushes odd names', ODD_TREE, { src: `@/s/${ODD}/`, dest: `@/d/${ODD}` }, true, {
    unlikeAnsible: 'a shell takes the name apart',
  }),
  copy('pulls odd names', ODD_TREE, { mode: 'pull', src: `@/s/${ODD}`, dest: '@/d/' }, true, {
    unlikeAnsible: 'a shell takes the name apart',
  }),
  copy(
    'keeps what is asked for alone',
    TREE,
    { archive: false, recursive: true, perms: true, owner: true, group: true, times: true },
    true,
  ),
  copy('copies directories without what is in them', TREE, { archive: false, dirs: true }, true, {
    actsAlways: true,
    snapshot: 'cd d; find . | sort',
  }),
  copy(
    'takes its time, in parts',
    TREE,
    { compress: false, delay_updates: false, partial: true, rsync_timeout: 9 },
    true,
  ),
  copy(
    'links what is the same elsewhere',
    `${TREE}; cp -a s near`,
    { link_dest: ['@/near'], dest: '@/d/new/' },
    true,
    {
      look: 'stat -c %h d/new/sub/two',
      shows: '2',
    },
  ),
  copy(
    'links into a directory that is there',
    `${TREE}; cp -a s near`,
    { link_dest: ['@/near'] },
    true,
    { unlikeAnsible: 'it says that nothing changed as soon as one thing is as it was' },
  ),
  copy('uses another rsync', TREE, { rsync_path: 'env A=1 rsync' }, true),
];

if (hasPrograms('rsync')) {
  testLocalScenarios({ module: synchronize, scenarios });

  it('says that the host has no rsync', async () => {
    const host = scratchTarget();
    const target = host.target.withEnvironment({ PATH: '/nonexistent' });
    const controller = testController({
      files: host.directory,
      host: target.host,
      environment: process.env,
    });
    const args = { src: host.directory, dest: '/nonexistent' };
    const run = runAction(synchronize, args, { target, controller });
    await expect(run).rejects.toThrow('this host has no rsync');
    await host.close();
  });
}
