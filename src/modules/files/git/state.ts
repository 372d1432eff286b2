/** What a host knows about a repository and its remote: one script, one round trip. */
import { ModuleError } from '../../../core/errors.ts';
import type { Probe } from '../../../target/probe.ts';
import { script } from '../../script.ts';
import { EXPAND_PATH } from '../fileState.ts';
import { archiveFormat, type GitParams, gitEnvironment } from './params.ts';

export interface GitState {
  /** `dest` with `~` expanded. */
  readonly dest: string;
  readonly hasGit: boolean;
  /** What is at `dest`: nothing, an empty directory, a repository, or something else. */
  readonly found: 'nothing' | 'empty' | 'repository' | 'other';
  readonly gitDirectory: string;
  /** The commit that is checked out; empty before the first one. */
  readonly head: string;
  /** The branch that is checked out; empty when detached. */
  readonly branch: string;
  /** The remote's default branch, as it was when cloned. */
  readonly defaultBranch: string;
  readonly remoteUrl: string;
  /** Lines of `git status --porcelain`, without untracked files. */
  readonly modifications: readonly string[];
  /** The commit that `version` means here; empty when it means none. */
  readonly localVersion: string;
  /** All refs of a bare repository. */
  readonly localRefs: Refs;
  /** Refs of the remote as far as they matter: `HEAD`, branches and tags by the name of the version. */
  readonly remoteRefs: Refs;
  /** `refs/heads/main`: where the remote's HEAD leads. */
  readonly remoteDefault: string;
  /** Why the remote could not be asked. */
  readonly remoteError: string;
  /** Lines of `git submodule status`, and with `track_submodules` those that are behind. */
  readonly submodules: readonly string[];
  /** Whether the archive is there and is what git would make. */
  readonly archive: 'missing' | 'other' | 'same';
}

export type Refs = ReadonlyMap<string, string>;

export function gitState(params: GitParams): Probe<GitState> {
  const { dest = '', repo, version, remote, executable, archive = '', refspec = '' } = params;
  const environment = Object.entries(gitEnvironment(params)).map(
    ([name, value]) => `${name}=${value}`,
  );
  const flags = [
    params.bare ? 'bare' : '',
    params.update ? 'update' : '',
    params.recursive ? 'recursive' : '',
    params.track_submodules ? 'track' : '',
  ];
  const source = /^\+?([^:*]+)(:|$)/.exec(refspec)?.[1] ?? '';
  return {
    script: OBSERVE,
    args: [
      ...[dest, repo, version, remote, executable ?? 'git', flags.join(' '), source],
      ...[archive, archiveFormat(archive) ?? '', params.archive_prefix ?? ''],
      ...environment,
    ],
    parse({ rc, stdout, stderr }) {
      if (rc !== 0) throw new ModuleError(`cannot look at ${dest}: ${stderr.toString().trim()}`);
      return parseState(stdout.toString());
    },
  };
}

/** Prints `name=value` records that end in NUL. */
const OBSERVE = script`
${EXPAND_PATH}
say() { printf '%s=%s\0' "$1" "$2"; }
dest=$path repo=$2 version=$3 remote=$4 git=$5 flags=" $6 " source=$7 archive=$8 format=$9
shift 9
prefix=$1
shift
for setting do export "$setting"; done
say dest "$dest"
command -v "$git" >/dev/null || { say git none; exit 0; }
is() { case $flags in *" $1 "*) true ;; *) false ;; esac; }
found=nothing
in_repo() { "$git" --git-dir="$directory" "$@"; }
if is bare; then directory=$dest; else directory=$dest/.git; fi
if [ -n "$dest" ] && [ -e "$dest" ]; then
  found=other
  [ ! -d "$dest" ] || [ -n "$(ls -A -- "$dest" 2>/dev/null)" ] || found=empty
  if [ -f "$directory" ]; then
    link=$(sed -n 's/^gitdir: //p' "$directory")
    case $link in /*) directory=$link ;; *) directory=$dest/$link ;; esac
  fi
  [ ! -f "$directory/config" ] || found=repository
fi
say found "$found"
say directory "$directory"
default=
if [ "$found" = repository ]; then
  head=$(in_repo rev-parse -q --verify HEAD 2>&1)
  case $? in 0 | 1) ;; *) echo "$head" >&2; exit 1 ;; esac
  say head "$head"
  branch=$(in_repo symbolic-ref -q --short HEAD)
  say branch "$branch"
  default=$(in_repo symbolic-ref -q "refs/remotes/$remote/HEAD")
  default=\${default#"refs/remotes/$remote/"}
  say default "$default"
  say url "$(in_repo config --get "remote.$remote.url")"
  say version "$(in_repo rev-parse -q --verify "$version^{commit}" 2>/dev/null)"
  if is bare; then say refs "$(in_repo show-ref -d)"
  else
    cd -- "$dest" || exit
    say status "$("$git" status --porcelain --untracked-files=no --ignore-submodules)"
    if is recursive && [ -f .gitmodules ]; then
      say submodules "$("$git" submodule status --recursive 2>/dev/null | grep '^[-+U]')"
      if is track; then
        say tracked "$("$git" submodule foreach --quiet --recursive '
          branch=$(git config -f "$toplevel/.gitmodules" "submodule.$name.branch")
          ahead=$(git ls-remote origin "\${branch:-HEAD}" | head -n 1 | cut -f 1)
          [ "$ahead" = "$(git rev-parse HEAD)" ] || echo "+$ahead $sm_path"')"
      fi
    fi
  fi
  if [ -n "$archive" ] && [ -f "$archive" ]; then
    made=$(in_repo archive --format="$format" \${prefix:+--prefix="$prefix"} HEAD | sha1sum)
    if [ "$made" = "$(sha1sum <"$archive")" ]; then say archive same; else say archive other; fi
  fi
fi
if [ "$found" != repository ] || is update; then
  if is bare; then set -- ; else set -- HEAD "refs/heads/\${default:-$version}" "refs/heads/$version" "refs/tags/$version" "refs/tags/$version^{}" \${source:+"$source"}; fi
  cd / || exit
  error=$(mktemp) || exit
  refs=$("$git" ls-remote --symref -- "$repo" "$@" 2>"$error") || say error "$(cat "$error")"
  rm -f "$error"
  say remote "$refs"
fi
exit 0`;

export function parseState(output: string): GitState {
  const records = new Map(
    output
      .split('\0')
      .map((record) => [record.split('=', 1)[0] ?? '', record.replace(/^[^=]*=/, '')]),
  );
  const text = (name: string) => records.get(name) ?? '';
  const lines = (name: string) =>
    text(name)
      .split('\n')
      .filter((line) => line !== '');
  return {
    dest: text('dest'),
    hasGit: text('git') !== 'none',
    found: foundOf(text('found')),
    gitDirectory: text('directory'),
    head: text('head'),
    branch: text('branch'),
    defaultBranch: text('default'),
    remoteUrl: text('url'),
    modifications: lines('status'),
    localVersion: text('version'),
    localRefs: refsOf(lines('refs'), ' '),
    remoteRefs: refsOf(lines('remote'), '\t'),
    remoteDefault: /^ref: (\S+)\tHEAD$/m.exec(text('remote'))?.[1] ?? '',
    remoteError: text('error'),
    submodules: [...lines('submodules'), ...lines('tracked')],
    archive: archiveOf(text('archive')),
  };
}

function foundOf(text: string): GitState['found'] {
  return text === 'empty' || text === 'repository' || text === 'other' ? text : 'nothing';
}

function archiveOf(text: string): GitState['archive'] {
  return text === 'same' || text === 'other' ? text : 'missing';
}

function refsOf(lines: readonly string[], separator: string): Refs {
  const pairs = lines
    .filter((line) => /^[0-9a-f]{40,64}\s/.test(line))
    .map((line) => line.split(separator, 2));
  return new Map(pairs.map(([hash = '', name = '']): [string, string] => [name, hash]));
}
