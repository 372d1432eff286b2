/** `git` with repositories on this machine, beside Ansible's. */
import { git } from '../../../src/modules/files/git/git.ts';
import { hasPrograms } from '../../support/onThisMachine.ts';
import { type LocalScenario, testLocalScenarios } from './localScenarios.ts';

/** Two commits on main, a branch with a third, tags on the first, one of them annotated. */
const UP = `
export GIT_CONFIG_GLOBAL=/dev/null GIT_AUTHOR_NAME=n GIT_AUTHOR_EMAIL=n@x GIT_COMMITTER_NAME=n GIT_COMMITTER_EMAIL=n@x
export GIT_AUTHOR_DATE='2024-01-01T00:00:00Z' GIT_COMMITTER_DATE='2024-01-01T00:00:00Z'
git init -q -b main up; cd up
echo 1 >f; git add f; git commit -qm one; git tag v1; git tag -a -m ann v1a
echo 2 >f; git commit -qam two
git checkout -q -b dev; echo 3 >g; git add g; git commit -qm three; git checkout -q main; cd ..
`;
const CLONED = `${UP} git clone -q file://$PWD/up co`;
const AHEAD = `(cd up; echo 4 >f; git commit -qam four)`;
const LOOK = `for d in co bare; do [ -e $d/.git ] || [ -e $d/HEAD ] || continue; git -C $d rev-parse HEAD; git -C $d symbolic-ref -q HEAD || echo detached; git -C $d status --porcelain 2>/dev/null || :; git -C $d config remote.origin.url || :; done; [ ! -e co ] || find co -name .git -prune -o -type f -print -exec cat {} + | sort`;
/** A tag `withsub` whose tree has the repository itself as a submodule. */
const SUBMODULE = `${UP} git -c protocol.file.allow=always -C up submodule --quiet add "$PWD/up" sub; git -C up commit -qm sub; git -C up tag withsub; git -C up reset -q --hard HEAD~1; rm -rf up/sub; mkdir home; printf '[protocol "file"]\\nallow=always\\n' >home/.gitconfig`;
/** A repository `up` whose commit a key of 2025 signed, and a keyring `home` that knows it. */
const SIGNED = `mkdir -m 700 home
GNUPGHOME=$PWD/home gpg --batch --quiet --import 2>/dev/null <<'END'
-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEZ3SFgBYJKwYBBAHaRw8BAQdAyMHJHw0sEjFMDC8dFmv7jDUMZef8xw7wWyHB
K3mdF1u0FU9wcyA8b3BzQGV4YW1wbGUub3JnPoiQBBMWCAA4FiEEX5RbGCTr/GU/
rzrhGbMLqcRBWEQFAmd0hYACGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQ
GbMLqcRBWESrDwD/cVgoCAxkglebxilhTepDHa2++lHmE4TZVSEbT5jhBmgBAPqZ
byN2AWeSc+CYOEEBYHQveKj1cqEzgkXH6UsJiFwA
=uLAZ
-----END PGP PUBLIC KEY BLOCK-----
END
base64 -d >bundle <<'END'
IyB2MiBnaXQgYnVuZGxlCjM4OTU0NWQ2YmI4OWNjMjhhNzUzZmU0ZDkxOTM1YTZkYzcxYmVjM2QgcmVmcy9oZWFkcy9tYWluCgpQ
QUNLAAAAAgAAAAOSGHicfZC7boMwAEV3f4X3qoodY3CkpqqhDoJEgCkkgY1XCAoBGiCvr2/arlXvcIers5w7nIoC7nKFZBnTZnlK
VFYwxJIZSxlGiObqbooTxug0wRQk47BvT7CBL83b9RVijVBNUxFC8OlRCGTt8VgNQ/EPUnZlX5Xw+Tu6MC0HeqYHPyzT4UHoi58d
QAArKxJcjyxuKBtL+rt60Ue2e2Zx8HR2RxH3l7G7ikXk89CIyXbLdZ6lRL9Lc61EG3wBMDXDMSV2w3lrC/14N9RGyPVe5HHEJxXq
ZLBctow5N/UgPbQM2hBdEw3pJExvkT/pAdRJkLgHR+HS4I6ssVZnlImVdVrllpLJunQHZY/tetpvekrXLfaSjsv5HMD55/Z8A7+W
wnn/yxE8bmiKHHwBXKBuW60BeJwzNDAwMzFRSGO4wDLxb130tl8aR8UX7DbasZUteK4vAJz4C+IyeJwz5AIAAG4APGyovlnNeLmW
1ixfaWYYp+8cRbLa
END
git clone -q -b main bundle up`;
const SIGNER = '5F945B1824EBFC653FAF3AE119B30BA9C4415844';

const KEYS = ['before', 'after', 'remote_url_changed'];

function at(
  title: string,
  setup: string,
  args: LocalScenario['args'],
  changed: boolean,
  more: Partial<LocalScenario> = {},
): LocalScenario {
  const asked = { repo: '@/up', dest: '@/co', ...args };
  return { title, setup, args: asked, changed, sameKeys: KEYS, snapshot: LOOK, ...more };
}

const SAME_COMMIT = 'HEAD moves from branch to branch at one commit: that is a change here';

const checked = (
  title: string,
  args: LocalScenario['args'],
  changed: boolean,
  more: Partial<LocalScenario> = {},
) =>
  at(title, SIGNED, { version: 'main', verify_commit: true, ...args }, changed, {
    environment: { GNUPGHOME: '@/home' },
    ...more,
  });

const signed: readonly LocalScenario[] = [
  checked('checks a signature', {}, true),
  checked('checks who signed', { gpg_whitelist: [SIGNER] }, true),
  checked('tells who signed and must not', { gpg_whitelist: ['0'.repeat(40)] }, false, {
    fails: 'does not include the signer',
    // What was fetched stays.
    snapshot: ':',
  }),
  checked('wants a signature', {}, false, {
    setup: `${SIGNED}; ${UP.replaceAll('up', 'plain')} mv up signed; mv plain up`,
    fails: 'verify-commit failed',
    snapshot: ':',
  }),
];

const scenarios: readonly LocalScenario[] = [
  at('clones', UP, {}, true),
  at('clones a branch', UP, { version: 'dev' }, true),
  at('clones a tag', UP, { version: 'v1' }, true),
  at('clones an annotated tag', UP, { version: 'v1a' }, true),
  at('clones into an empty directory', `${UP} mkdir co`, {}, true),
  at('clones below missing directories', UP, { dest: '@/x/y/co' }, true, {
    look: 'cat x/y/co/f',
    shows: '2',
  }),
  at('clones one commit', UP, { repo: 'file://@/up', depth: 1, version: 'dev' }, true, {
    look: 'git -C co rev-list --count HEAD',
    shows: '1',
  }),
  at('clones one branch', UP, { repo: 'file://@/up', single_branch: true, version: 'dev' }, true, {
    look: 'git -C co branch -r --format="%(refname:short)"',
    shows: 'origin/dev',
  }),
  at('leaves what is there', CLONED, {}, false),
  at('leaves a tag', `${CLONED}; git -C co checkout -q v1`, { version: 'v1' }, false),
  at('pulls', `${CLONED}; ${AHEAD}`, {}, true),
  at(
    'pulls into a shallow clone',
    `${UP} git clone -q --depth 1 file://$PWD/up co; ${AHEAD}`,
    { repo: 'file://@/up', depth: 1, version: 'main' },
    true,
  ),
  at('does not update', `${CLONED}; ${AHEAD}`, { update: false }, false),
  at('goes to a branch', CLONED, { version: 'dev' }, true),
  at('goes back to a tag', CLONED, { version: 'v1' }, true),
  at('goes on from a tag', `${CLONED}; git -C co checkout -q v1`, { version: 'main' }, true),
  at(
    'loses local commits of a branch',
    `${CLONED}; (cd co; echo 9 >f; git commit -qam own); ${AHEAD}`,
    { version: 'main' },
    true,
  ),
  at(
    'discards changes with force',
    `${CLONED}; echo x >co/f; echo y >co/new`,
    { force: true },
    true,
    {
      look: 'cat co/f co/new',
      shows: '2\ny',
    },
  ),
  at(
    'borrows from another repository',
    `${UP} git clone -q up near`,
    { reference: '@/near' },
    true,
    {
      look: 'cat co/.git/objects/info/alternates | sed "s,.*/near/,near/,"',
      shows: 'near/.git/objects',
    },
  ),
  at('makes files with a umask', UP, { umask: '0077' }, true, {
    look: 'stat -c %a co co/f',
    shows: '700\n600',
  }),
  at(
    'takes another git',
    `${UP} printf '#!/bin/sh\\n: >"$(dirname "$0")/used"\\nexec git "$@"\\n' >own-git; chmod +x own-git`,
    { executable: '@/own-git' },
    true,
    { look: 'ls used', shows: 'used' },
  ),
  at(
    'knows the options of ssh where it is not used',
    UP,
    {
      key_file: '@/key',
      ssh_opts: '-o ConnectTimeout=1',
      accept_hostkey: true,
    },
    true,
  ),
  at('knows the newer option of ssh', UP, { accept_newhostkey: true }, true),
  ...(hasPrograms('gpg') ? signed : []),
  at('changes the remote', `${CLONED}; git -C co remote set-url origin /else`, {}, true),
  at(
    'finds a moved tag',
    `${CLONED}; git -C co checkout -q v1; git -C up tag -f v1 dev >/dev/null`,
    { version: 'v1', force: true },
    true,
  ),
  at('makes a bare repository', UP, { dest: '@/bare', bare: true }, true),
  at(
    'updates a bare repository',
    `${UP} git clone -q --bare file://$PWD/up bare; ${AHEAD}`,
    { dest: '@/bare', bare: true },
    true,
  ),
  at('moves the git directory', UP, { separate_git_dir: '@/gd' }, true, {
    look: 'git -C co rev-parse --git-dir | sed "s,.*/,,"; git -C co log -1 --format=%s',
    shows: 'gd\ntwo',
  }),
  at('makes an archive', UP, { archive: '@/x.tar.gz', archive_prefix: 'app/' }, true, {
    look: 'tar -tf x.tar.gz',
    shows: 'app/\napp/f',
    sameKeys: [],
  }),
  at(
    'fetches a refspec',
    `${UP} git -C up update-ref refs/pull/7/head dev`,
    { version: 'pr7', refspec: '+refs/pull/7/head:refs/heads/pr7' },
    true,
    {
      look: 'git -C co log -1 --format=%s',
      shows: 'three',
      unlikeAnsible: 'it does not take the local branch that the refspec makes',
    },
  ),
  at(
    'moves to a branch at the same commit',
    `${CLONED}; git -C up branch same`,
    { version: 'same' },
    true,
    {
      look: 'git -C co symbolic-ref HEAD',
      shows: 'refs/heads/same',
      unlikeAnsible: SAME_COMMIT,
    },
  ),
  at('only looks up', UP, { clone: false, update: false }, false, {
    unlikeAnsible: 'it says changed, and changes nothing',
  }),
  at('leaves submodules alone', SUBMODULE, { version: 'withsub', recursive: false }, true, {
    look: 'ls -A co/sub | wc -l',
    shows: '0',
    // The commit holds the path of its submodule, which is another on each side.
    snapshot: '[ ! -e co ] || { git -C co log -1 --format=%s; ls -A co/sub; }',
    sameKeys: ['before'],
  }),
  at(
    'brings submodules at the end of their branch',
    `${SUBMODULE}; git -C up config -f .gitmodules submodule.sub.branch dev`,
    { version: 'withsub', track_submodules: true },
    true,
    {
      look: 'git -C co/sub log -1 --format=%s',
      shows: 'two',
      unlikeAnsible: 'needs a setting of git that this test makes for drover only',
    },
  ),
  at('brings submodules', SUBMODULE, { version: 'withsub' }, true, {
    look: 'cat co/sub/f',
    shows: '2',
    unlikeAnsible: 'needs a setting of git that this test makes for drover only',
  }),
];

if (hasPrograms('git')) {
  process.env['GIT_CONFIG_COUNT'] = '1';
  process.env['GIT_CONFIG_KEY_0'] = 'protocol.file.allow';
  process.env['GIT_CONFIG_VALUE_0'] = 'always';
  testLocalScenarios({ module: git, scenarios });
}
