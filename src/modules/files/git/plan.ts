/** What it takes to bring a repository to the version that is asked for. Pure. */
import { ModuleError } from '../../../core/errors.ts';
import type { Change, ResultData } from '../../../core/results.ts';
import type { GitParams } from './params.ts';
import type { GitState } from './state.ts';

/** What the version turned out to be. */
export interface Version {
  readonly type: 'branch' | 'detached';
  /** The branch, or what to check out. */
  readonly name: string;
  /** The commit; undefined when only a fetch can tell. */
  readonly commit: string | undefined;
}

export type GitOperation =
  | { readonly type: 'clone'; readonly version: Version; readonly canBeShallow: boolean }
  | { readonly type: 'url'; readonly url: string }
  | { readonly type: 'directory'; readonly path: string }
  | { readonly type: 'discard' }
  | { readonly type: 'update'; readonly version: Version }
  | { readonly type: 'submodules' }
  | { readonly type: 'archive'; readonly version: Version };

type GitChange = Change<GitOperation>;

/** @throws ModuleError when the version does not exist, or local changes would be lost */
export function planGit(params: GitParams, state: GitState): GitChange[] {
  if (!state.hasGit) {
    throw new ModuleError(`this host has no ${params.executable ?? 'git'}`, {
      hint: 'install the package git first',
    });
  }
  if (state.found === 'repository') return planExisting(params, state);
  return params.clone ? planClone(params, state) : [];
}

function planClone(params: GitParams, state: GitState): GitChange[] {
  const { dest } = state;
  checkRemote(params, state);
  if (state.found === 'other') {
    throw new ModuleError(`${dest} exists, is not empty and is no git repository`, {
      hint: 'clone into another directory, or remove it with a file task',
    });
  }
  const version = resolved(params, state);
  const isNamed = version.type === 'branch' || state.remoteRefs.has(`refs/tags/${version.name}`);
  const canBeShallow = isNamed || params.refspec !== undefined;
  const operation: GitOperation = { type: 'clone', version, canBeShallow };
  const after = version.commit ?? params.version;
  return [
    { what: dest, before: 'absent', after, operation },
    ...archiveChange(params, state, true),
  ];
}

function planExisting(params: GitParams, state: GitState): GitChange[] {
  const { dest, modifications } = state;
  const moved = directoryChange(params, state);
  if (!params.update) return [...moved, ...archiveChange(params, state, false)];
  if (modifications.length > 0 && !params.force) {
    throw new ModuleError(`Local modifications exist in the destination: ${dest} (force=no).`, {
      hint: 'commit or remove them, or set "force: true" to lose them',
      data: { before: state.head, modifications },
    });
  }
  checkRemote(params, state);
  const changes = [
    ...moved,
    ...urlChange(params, state),
    ...discardChange(state),
    ...updateChange(params, state),
  ];
  const isUpdated = changes.some(({ operation }) => operation.type === 'update');
  return [
    ...changes,
    ...submodulesChange(params, state, isUpdated),
    ...archiveChange(params, state, isUpdated),
  ];
}

function checkRemote({ repo }: GitParams, { remoteError }: GitState): void {
  if (remoteError === '') return;
  throw new ModuleError(`cannot reach the repository ${repo}: ${remoteError.trim()}`, {
    data: { stderr: remoteError },
  });
}

function directoryChange({ separate_git_dir: path }: GitParams, state: GitState): GitChange[] {
  const { dest, gitDirectory } = state;
  if (path === undefined || path === gitDirectory) return [];
  const operation: GitOperation = { type: 'directory', path };
  return [{ what: `${dest}: git directory`, before: gitDirectory, after: path, operation }];
}

function urlChange({ repo, remote }: GitParams, { dest, remoteUrl }: GitState): GitChange[] {
  if (repo === remoteUrl) return [];
  const operation: GitOperation = { type: 'url', url: repo };
  return [{ what: `${dest}: remote ${remote}`, before: remoteUrl, after: repo, operation }];
}

function discardChange({ dest, modifications }: GitState): GitChange[] {
  if (modifications.length === 0) return [];
  const before = { modifications };
  const after = { modifications: [] };
  return [{ what: `${dest}: work tree`, before, after, operation: { type: 'discard' } }];
}

function updateChange(params: GitParams, state: GitState): GitChange[] {
  const { dest, head, branch } = state;
  const version = resolved(params, state);
  const operation: GitOperation = { type: 'update', version };
  if (params.bare) {
    const isSame = [...state.remoteRefs].every(
      ([name, hash]) => name === 'HEAD' || !isKept(name) || state.localRefs.get(name) === hash,
    );
    return isSame ? [] : [{ what: dest, before: head, after: version.commit ?? head, operation }];
  }
  const wantedBranch = version.type === 'branch' ? version.name : '';
  if (version.commit !== head) {
    return [{ what: dest, before: head, after: version.commit ?? params.version, operation }];
  }
  if (wantedBranch === branch) return [];
  const shown = (name: string) => (name === '' ? 'detached' : name);
  const what = `${dest}: branch`;
  return [{ what, before: shown(branch), after: shown(wantedBranch), operation }];
}

/** What a fetch into a bare repository brings. */
function isKept(ref: string): boolean {
  return ref.startsWith('refs/heads/') || ref.startsWith('refs/tags/');
}

function submodulesChange(params: GitParams, state: GitState, isUpdated: boolean): GitChange[] {
  if (isUpdated || !params.recursive || params.bare || state.submodules.length === 0) return [];
  const what = `${state.dest}: submodules`;
  const before = state.submodules;
  return [{ what, before, after: 'as asked', operation: { type: 'submodules' } }];
}

function archiveChange(params: GitParams, state: GitState, isUpdated: boolean): GitChange[] {
  const { archive } = params;
  if (archive === undefined || (state.archive === 'same' && !isUpdated)) return [];
  const version = params.update || !isRepository(state) ? resolved(params, state) : current(state);
  const before = state.archive === 'missing' ? 'absent' : 'another version';
  const after = version.commit ?? params.version;
  return [{ what: archive, before, after, operation: { type: 'archive', version } }];
}

function isRepository({ found }: GitState): boolean {
  return found === 'repository';
}

function current({ head }: GitState): Version {
  return { type: 'detached', name: head, commit: head };
}

/** @throws ModuleError when neither the remote nor the repository knows it */
export function resolved(params: GitParams, state: GitState): Version {
  const { version, refspec } = params;
  const { remoteRefs, localVersion } = state;
  if (version === 'HEAD') return defaultVersion(state);
  const branch = remoteRefs.get(`refs/heads/${version}`);
  if (branch !== undefined) return { type: 'branch', name: version, commit: branch };
  const tag = remoteRefs.get(`refs/tags/${version}^{}`) ?? remoteRefs.get(`refs/tags/${version}`);
  if (tag !== undefined) return { type: 'detached', name: version, commit: tag };
  const fetched = refspec === undefined ? undefined : specifiedCommit(refspec, version, state);
  const commit = fetched ?? (localVersion === '' ? undefined : localVersion);
  const isCommit = /^[0-9a-f]{7,64}$/.test(version);
  if (commit === undefined && !isCommit && refspec === undefined) throw unknownVersion(params);
  const full = commit ?? (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(version) ? version : undefined);
  return { type: 'detached', name: version, commit: full };
}

function defaultVersion({ remoteRefs, remoteDefault, defaultBranch, head }: GitState): Version {
  const name = defaultBranch === '' ? remoteDefault.replace('refs/heads/', '') : defaultBranch;
  const commit = remoteRefs.get(`refs/heads/${name}`) ?? remoteRefs.get('HEAD');
  if (commit === undefined && head === '') {
    throw new ModuleError('the remote repository has no commit yet');
  }
  return name === ''
    ? { type: 'detached', name: commit ?? head, commit: commit ?? head }
    : { type: 'branch', name, commit };
}

/** The commit of a refspec without `*`, when it is the version's. */
function specifiedCommit(refspec: string, version: string, { remoteRefs }: GitState) {
  const [, source = '', destination = ''] = /^\+?([^:]+)(?::(.*))?$/.exec(refspec) ?? [];
  const isVersion = [source, destination].some(
    (ref) => ref === version || ref.endsWith(`/${version}`),
  );
  return isVersion ? remoteRefs.get(source) : undefined;
}

function unknownVersion({ version, repo }: GitParams): ModuleError {
  return new ModuleError(`Failed to checkout ${version}`, {
    hint: `${repo} has no branch or tag of this name`,
  });
}

export function gitResult(params: GitParams, state: GitState): ResultData {
  if (!state.hasGit) return {};
  const isThere = isRepository(state);
  const asks = params.update || !isThere;
  const isKnown = asks && state.remoteError === '';
  const version = isKnown ? resolved(params, state) : current(state);
  const after = params.bare && isThere ? (version.commit ?? state.head) : version.commit;
  const common = { before: isThere ? state.head : null, after: after ?? null };
  if (!isThere) return common;
  const urlChanged = params.update ? { remote_url_changed: state.remoteUrl !== params.repo } : {};
  const path = params.separate_git_dir;
  const moved =
    path === undefined || path === state.gitDirectory
      ? {}
      : { git_dir_before: state.gitDirectory, git_dir_now: path };
  return { ...common, ...urlChanged, ...moved };
}
