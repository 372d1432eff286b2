import { describe, expect, it } from 'vitest';
import { git } from '../../../../../src/modules/files/git/git.ts';
import { type GitParams, gitEnvironment } from '../../../../../src/modules/files/git/params.ts';
import { gitResult, planGit } from '../../../../../src/modules/files/git/plan.ts';
import { type GitState, parseState } from '../../../../../src/modules/files/git/state.ts';
import { paramsOf } from '../../driver.ts';

const [ONE, TWO, THREE] = ['1', '2', '3'].map((digit) => digit.repeat(40));
const REPO = 'https://x/r.git';

const CLONED: GitState = {
  dest: '/co',
  hasGit: true,
  found: 'repository',
  gitDirectory: '/co/.git',
  head: ONE ?? '',
  branch: 'main',
  defaultBranch: 'main',
  remoteUrl: REPO,
  modifications: [],
  localVersion: '',
  localRefs: new Map(),
  remoteRefs: new Map([
    ['HEAD', ONE ?? ''],
    ['refs/heads/main', ONE ?? ''],
    ['refs/heads/dev', TWO ?? ''],
    ['refs/tags/v1', THREE ?? ''],
    ['refs/tags/v1^{}', ONE ?? ''],
  ]),
  remoteDefault: 'refs/heads/main',
  remoteError: '',
  submodules: [],
  archive: 'missing',
};
const MISSING: GitState = { ...CLONED, found: 'nothing', head: '', branch: '', remoteUrl: '' };

function plan(args: object, state: GitState) {
  const params = paramsOf(git, { repo: REPO, dest: '/co', ...args }) as GitParams;
  const changes = planGit(params, state);
  return {
    steps: changes.map(({ operation }) => operation.type),
    after: gitResult(params, state)['after'],
  };
}

describe('planGit', () => {
  it.each<[string, object, GitState, string[], string | undefined]>([
    ['clones', {}, MISSING, ['clone'], ONE],
    ['clones a branch', { version: 'dev' }, MISSING, ['clone'], TWO],
    ['knows the commit of an annotated tag', { version: 'v1' }, MISSING, ['clone'], ONE],
    ['leaves a converged tree', {}, CLONED, [], ONE],
    ['updates', { version: 'dev' }, CLONED, ['update'], TWO],
    ['detaches', { version: 'v1' }, CLONED, ['update'], ONE],
    ['does not update', { version: 'dev', update: false }, CLONED, [], ONE],
    ['sets the remote', {}, { ...CLONED, remoteUrl: '/old' }, ['url'], ONE],
    [
      'discards with force',
      { force: true },
      { ...CLONED, modifications: [' M f'] },
      ['discard'],
      ONE,
    ],
    ['brings submodules', {}, { ...CLONED, submodules: ['-abc sub'] }, ['submodules'], ONE],
    ['leaves submodules', { recursive: false }, { ...CLONED, submodules: ['-abc sub'] }, [], ONE],
    ['archives', { archive: '/x.zip' }, CLONED, ['archive'], ONE],
    ['leaves an archive', { archive: '/x.zip' }, { ...CLONED, archive: 'same' }, [], ONE],
    ['only looks up', { clone: false }, MISSING, [], ONE],
    ['takes a commit that is not here', { version: TWO }, CLONED, ['update'], TWO],
    ['moves the git directory', { separate_git_dir: '/gd' }, CLONED, ['directory'], ONE],
  ])('%s', (_title, args, state, steps, after) => {
    expect(plan(args, state)).toEqual({ steps, after });
  });

  it('keeps every ref of a bare repository', () => {
    const refs = new Map([...CLONED.remoteRefs].filter(([name]) => name !== 'HEAD'));
    const bare = { ...CLONED, branch: '', localRefs: refs };
    expect(plan({ bare: true }, bare).steps).toEqual([]);
    const behind = new Map(refs).set('refs/heads/dev', ONE ?? '');
    expect(plan({ bare: true }, { ...bare, localRefs: behind }).steps).toEqual(['update']);
  });

  it.each([
    [{}, { ...CLONED, modifications: [' M f'] }, 'Local modifications exist'],
    [{ version: 'nope' }, CLONED, 'Failed to checkout nope'],
    [{}, { ...MISSING, found: 'other' }, 'is no git repository'],
    [{}, { ...CLONED, remoteError: 'no route' }, 'no route'],
    [{}, { ...CLONED, hasGit: false }, 'this host has no git'],
  ] as const)('says what is wrong: %j', (args, state, message) => {
    expect(() => plan(args, state)).toThrow(message);
  });
});

it('the key travels beside the command line of ssh', () => {
  const args = { repo: REPO, dest: '/co', key_file: "/a 'b", accept_newhostkey: true };
  expect(gitEnvironment(paramsOf(git, args) as GitParams)).toMatchObject({
    GIT_SSH_COMMAND:
      'ssh -o BatchMode=yes -o StrictHostKeyChecking=accept-new -i "$DROVER_GIT_KEY" -o IdentitiesOnly=yes',
    DROVER_GIT_KEY: "/a 'b",
  });
});

it('parseState reads records', () => {
  const remote = `ref: refs/heads/main\tHEAD\n${ONE}\tHEAD\n${TWO}\trefs/heads/dev`;
  const output = [
    'dest=/co',
    'found=repository',
    `head=${ONE}`,
    'status= M f\n',
    `remote=${remote}`,
  ];
  expect(parseState(`${output.join('\0')}\0`)).toMatchObject({
    found: 'repository',
    head: ONE,
    modifications: [' M f'],
    remoteDefault: 'refs/heads/main',
    remoteRefs: new Map([
      ['HEAD', ONE],
      ['refs/heads/dev', TWO],
    ]),
  });
});
