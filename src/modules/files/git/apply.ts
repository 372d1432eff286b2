/** Carries out a plan with git on the host. */
import { ModuleError } from '../../../core/errors.ts';
import type { ResultData } from '../../../core/results.ts';
import type { Target } from '../../../target/target.ts';
import { archiveFormat, type GitParams, gitEnvironment } from './params.ts';
import type { GitOperation, Version } from './plan.ts';

/** Runs git in `directory`; fails with what it said. */
type Git = (words: readonly string[], directory?: string) => Promise<string>;

export async function applyGit(
  operations: readonly GitOperation[],
  target: Target,
  params: GitParams,
  dest: string,
): Promise<ResultData> {
  const git = gitOn(target, params);
  for (const operation of operations) await carryOut(operation, git, params, dest);
  return { after: (await git(['rev-parse', 'HEAD'], dest)).trim() };
}

function gitOn(target: Target, params: GitParams): Git {
  const env = gitEnvironment(params);
  const { umask = '', executable = 'git' } = params;
  return async (words, directory = '/') => {
    const args = [umask, directory, executable, ...words];
    const { rc, stdout, stderr } = await target.sh(RUN, { args, env });
    if (rc === 0) return stdout.toString() + stderr.toString();
    throw new ModuleError(`git ${words[0]} failed: ${stderr.toString().trim()}`, {
      data: { rc, cmd: ['git', ...words], stdout: stdout.toString(), stderr: stderr.toString() },
    });
  };
}

const RUN = `[ -z "$1" ] || umask "$1"
cd -- "$2" || exit
shift 2
exec "$@"`;

async function carryOut(
  operation: GitOperation,
  git: Git,
  params: GitParams,
  dest: string,
): Promise<void> {
  switch (operation.type) {
    case 'clone':
      await clone(operation, git, params, dest);
      break;
    case 'url':
      await setUrl(operation.url, git, params, dest);
      break;
    case 'directory':
      await git(['init', '--quiet', `--separate-git-dir=${operation.path}`], dest);
      break;
    case 'discard':
      await git(['reset', '--hard', 'HEAD'], dest);
      break;
    case 'update':
      await fetchRefs(git, params, dest, operation.version);
      await settle(operation.version, git, params, dest);
      break;
    case 'submodules':
      await updateSubmodules(git, params, dest);
      break;
    case 'archive':
      await makeArchive(operation.version, git, params, dest);
      break;
    default:
      operation satisfies never;
  }
}

async function clone(
  { version, canBeShallow }: Extract<GitOperation, { type: 'clone' }>,
  git: Git,
  params: GitParams,
  dest: string,
): Promise<void> {
  const { repo, remote, bare, reference, single_branch: single, refspec } = params;
  const isNamed = canBeShallow && refspec === undefined;
  const depth = canBeShallow && params.depth !== undefined ? [`--depth=${params.depth}`] : [];
  const words = [
    ...['clone', '--origin', remote],
    ...(bare ? ['--bare'] : []),
    ...depth,
    ...(single ? ['--single-branch'] : []),
    ...((single || depth.length > 0) && isNamed ? ['--branch', version.name] : []),
    ...(reference === undefined ? [] : ['--reference', reference]),
    ...(params.separate_git_dir === undefined
      ? []
      : [`--separate-git-dir=${params.separate_git_dir}`]),
    ...['--', repo, dest],
  ];
  await git(words);
  if (bare && remote !== 'origin')
    await git(['remote', 'add', remote, repo], dest).catch(ignoreKnown);
  if (refspec !== undefined) await git(['fetch', ...depth, remote, refspec], dest);
  await settle(version, git, params, dest);
}

/** `git clone --bare` knows its remote by the name already. */
function ignoreKnown(error: unknown): string {
  if (error instanceof ModuleError && error.message.includes('already exists')) return '';
  throw error;
}

async function setUrl(url: string, git: Git, { remote }: GitParams, dest: string): Promise<void> {
  const known = (await git(['remote'], dest)).split('\n').includes(remote);
  await git(['remote', ...(known ? ['set-url'] : ['add']), remote, url], dest);
}

async function fetchRefs(git: Git, params: GitParams, dest: string, version: Version) {
  const { remote, refspec, depth, bare } = params;
  const branches = bare ? '+refs/heads/*:refs/heads/*' : `+refs/heads/*:refs/remotes/${remote}/*`;
  const all = [branches, '+refs/tags/*:refs/tags/*'];
  const wanted = depth === undefined ? all : shallowRefs(version, remote, all);
  const shallow = depth === undefined ? [] : [`--depth=${depth}`];
  const own = refspec === undefined ? [] : [refspec];
  await git(['fetch', '--force', ...shallow, remote, ...wanted, ...own], dest);
}

/** With a depth only the version itself is fetched; a commit by its hash as far as the server allows. */
function shallowRefs({ type, name }: Version, remote: string, all: readonly string[]) {
  if (type === 'branch') return [`+refs/heads/${name}:refs/remotes/${remote}/${name}`];
  return /^[0-9a-f]{7,64}$/.test(name) ? all : [`+refs/tags/${name}:refs/tags/${name}`];
}

/** Checks the version out, and brings the submodules. */
async function settle(version: Version, git: Git, params: GitParams, dest: string): Promise<void> {
  const { bare, remote, verify_commit: verifies, recursive } = params;
  if (verifies) await verify(version, git, params, dest);
  if (bare) return;
  if (version.type === 'branch') {
    await git(['checkout', '--force', '-B', version.name, `${remote}/${version.name}`], dest);
  } else {
    await git(['checkout', '--force', '--detach', version.name], dest);
  }
  if (recursive) await updateSubmodules(git, params, dest);
}

async function updateSubmodules(git: Git, params: GitParams, dest: string): Promise<void> {
  const tracking = params.track_submodules ? ['--remote'] : [];
  await git(['submodule', 'sync', '--recursive'], dest);
  await git(['submodule', 'update', '--init', '--recursive', ...tracking], dest);
}

async function makeArchive(version: Version, git: Git, params: GitParams, dest: string) {
  const { archive = '', archive_prefix: prefix } = params;
  const format = archiveFormat(archive) ?? 'tar';
  const named = prefix === undefined ? [] : [`--prefix=${prefix}`];
  const tree = params.bare ? (version.commit ?? version.name) : 'HEAD';
  await git(['archive', `--format=${format}`, ...named, '-o', archive, tree], dest);
}

/** @throws ModuleError when the version is not signed, or by nobody on the list */
async function verify(version: Version, git: Git, params: GitParams, dest: string): Promise<void> {
  const name = version.type === 'branch' ? (version.commit ?? version.name) : version.name;
  const isTag = (await git(['cat-file', '-t', name], dest)).trim() === 'tag';
  const said = await git([isTag ? 'verify-tag' : 'verify-commit', '--raw', name], dest);
  if (params.gpg_allowlist.length === 0) return;
  const signers = [...said.matchAll(/^\[GNUPG:\] VALIDSIG (.*)$/gm)].flatMap(([, fields = '']) => [
    fields.split(' ')[0] ?? '',
    fields.split(' ').at(-1) ?? '',
  ]);
  if (params.gpg_allowlist.some((fingerprint) => signers.includes(fingerprint))) return;
  throw new ModuleError(`The gpg_allowlist does not include the signer of ${name}`, {
    data: { fingerprint: signers[0] },
  });
}
