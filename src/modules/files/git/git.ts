/** `git`: a repository at a version. */
import { defineResource } from '../../module.ts';
import { applyGit } from './apply.ts';
import { GitParams } from './params.ts';
import { type GitOperation, gitResult, planGit } from './plan.ts';
import { gitState } from './state.ts';

export const git = defineResource({
  name: 'git',
  summary: 'Clone a git repository, and keep it at a version',
  description:
    'git runs on the host. Nothing is fetched while the version is what the remote says it is. In a bare repository all branches and tags are kept. With `clone: false` a missing repository is only looked up: `after` is its commit, and nothing is changed.',
  params: GitParams,
  examples: [
    '- git:\n    repo: https://git.example.com/app.git\n    dest: /srv/app\n    version: v1.4.2\n    depth: 1\n',
    '- git:\n    repo: git@git.example.com:ops/site.git\n    dest: /srv/site\n    version: main\n    key_file: /root/.ssh/deploy\n    accept_newhostkey: true\n    force: true\n',
    '- git:\n    repo: https://git.example.com/app.git\n    clone: false\n    update: false\n  register: head\n',
  ],
  returns: {
    before: 'Commit before; null when there was no repository.',
    after: 'Commit afterwards.',
    remote_url_changed: 'Whether the remote got another address.',
    git_dir_before: 'The git directory before, when it has moved.',
    git_dir_now: 'The git directory, when it has moved.',
  },

  /** A path becomes a URL, so that git keeps to the depth that is asked for. */
  prepare(params: GitParams, controller) {
    const password = /^\w+:\/\/[^/@]*:([^/@]+)@/.exec(params.repo)?.[1];
    if (password !== undefined) controller.addSecret(decodeURIComponent(password));
    const { repo } = params;
    return repo.startsWith('/') ? { ...params, repo: `file://${repo}` } : params;
  },
  observe: (params: GitParams) => ({ git: gitState(params) }),
  plan: (params, { git: state }) =>
    planGit(params, state).map((change) => ({
      ...change,
      operation: { step: change.operation, dest: state.dest },
    })),
  apply(changes, target, params) {
    const operations = changes.map(({ operation }): GitOperation => operation.step);
    return applyGit(operations, target, params, changes[0]?.operation.dest ?? '');
  },
  result: (params, { git: state }) => gitResult(params, state),
});
