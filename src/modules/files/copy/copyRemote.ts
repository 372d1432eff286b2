/** `copy` with `remote_src`: from one place of the host to another, without the content travelling. */
import { ModuleError } from '../../../core/errors.ts';
import type { Change, ResultData } from '../../../core/results.ts';
import type { Observed, Probe } from '../../../target/probe.ts';
import type { Target } from '../../../target/target.ts';
import { script } from '../../script.ts';
import { attributeArgs, failed, SET_ATTRIBUTES } from '../attributes.ts';
import { observeDestination, placeAt } from '../destination.ts';
import { octal } from '../fileMode.ts';
import { EXPAND_PATH, type FileState, fileState } from '../fileState.ts';
import { type Payload, payloadOf } from '../payload.ts';
import {
  applyPlacement,
  type Placement,
  type PlacementOperation,
  placementResult,
  planPlacement,
} from '../placement.ts';
import type { CopyParams } from './copyParams.ts';
import { treeRoot } from './copyRoot.ts';
import type { CopyWay } from './copyWay.ts';

type RemoteCopyOperation =
  | { readonly type: 'remoteFile'; readonly source: string; readonly write: WriteOperation }
  | {
      readonly type: 'remoteTree';
      readonly source: string;
      readonly path: string;
      readonly names: readonly string[];
    };

type WriteOperation = PlacementOperation & { readonly type: 'write' };

export function copyRemoteWay(params: CopyParams, src: string): CopyWay {
  const probes = remoteCopyProbes(params, src);
  const way: CopyWay<typeof probes, PlacementOperation | RemoteCopyOperation> = {
    probes,
    plan: (state) => planRemoteCopy(params, state),
    async apply(changes, target) {
      let data: ResultData = {};
      for (const { operation } of changes) {
        data = { ...data, ...(await applyRemoteCopy(operation, params, target)) };
      }
      return data;
    },
    result: (state) => remoteCopyResult(params, state),
  };
  return way;
}

function remoteCopyProbes(params: CopyParams, source: string) {
  return {
    source: fileState(source, { checksum: 'always' }),
    differing: differingEntries(source, treeRoot(params, source), params.local_follow),
    ...observeDestination(params, source.replace(/^.*\//, ''), 'always', false),
  };
}

type RemoteCopyAnswers = Observed<ReturnType<typeof remoteCopyProbes>>;

function planRemoteCopy(
  params: CopyParams,
  state: RemoteCopyAnswers,
): Change<PlacementOperation | RemoteCopyOperation>[] {
  if (sourceOf(state).type === 'directory') return planRemoteTree(params, state);
  const { path } = state.source;
  return planPlacement(remotePlacement(params, state)).map((change) => {
    const { operation } = change;
    return operation.type === 'write'
      ? { ...change, operation: { type: 'remoteFile', source: path, write: operation } }
      : { ...change, operation };
  });
}

function remoteCopyResult(params: CopyParams, state: RemoteCopyAnswers): ResultData {
  const { source } = state;
  if (sourceOf(state).type === 'directory') {
    return { dest: params.dest, src: source.path };
  }
  const { algorithm, hex } = source.checksum ?? {};
  return {
    ...placementResult(remotePlacement(params, state)),
    src: source.path,
    ...(algorithm === 'sha1' ? { checksum: hex } : {}),
  };
}

function sourceOf({ source }: RemoteCopyAnswers): NonNullable<FileState['followed']> {
  if (source.followed !== undefined) return source.followed;
  throw new ModuleError(`Source ${source.path} not found`, { data: { src: source.path } });
}

function remotePlacement(params: CopyParams, state: RemoteCopyAnswers): Placement {
  const { size, mode: sourceMode } = sourceOf(state);
  const { checksum } = state.source;
  if (params.checksum !== undefined && params.checksum !== checksum?.hex) {
    throw new ModuleError('Copied file does not match the expected checksum. Transfer failed.', {
      data: { checksum: checksum?.hex, expected_checksum: params.checksum },
    });
  }
  const payload: Payload = {
    size,
    digest: (algorithm) => (algorithm === checksum?.algorithm ? checksum.hex : undefined),
  };
  const mode = params.mode === 'preserve' ? octal(sourceMode) : params.mode;
  return placeAt(state, { ...params, mode, payload, afterHeader: undefined });
}

function planRemoteTree(
  params: CopyParams,
  { source, differing }: RemoteCopyAnswers,
): Change<RemoteCopyOperation>[] {
  const path = treeRoot(params, source.path);
  if (differing.length === 0) return [];
  const before = { path, differing_entries: differing.length };
  const operation: RemoteCopyOperation = {
    type: 'remoteTree',
    source: source.path,
    path,
    names: differing,
  };
  return [{ what: path, before, after: { path, differing_entries: 0 }, operation }];
}

/** Names below `source` that `dest` lacks or has otherwise; parents first; empty when the source is no directory. */
function differingEntries(source: string, dest: string, follow: boolean): Probe<readonly string[]> {
  return {
    script: DIFFERING_SCRIPT,
    args: [dest, source, follow ? '-L' : ''],
    parse: ({ stdout }) =>
      stdout
        .toString('utf8')
        .split('\0')
        .filter((name) => name !== ''),
  };
}

const DIFFERING_SCRIPT = script`
${EXPAND_PATH}
dest=$path
set -- "$2" "$3"
${EXPAND_PATH}
[ -d "$path" ] || exit 0
cd -- "$path" || exit
find $2 . -exec sh -c '
  dest=$1 follow=$2; shift 2
  for name do
    if [ -L "$name" ] && [ -z "$follow" ]; then
      [ -L "$dest/$name" ] && [ "$(readlink "$name")" = "$(readlink "$dest/$name")" ] && continue
    elif [ -d "$name" ]; then
      [ -d "$dest/$name" ] && continue
    else
      [ -f "$dest/$name" ] && cmp -s -- "$name" "$dest/$name" && continue
    fi
    printf "%s\0" "$name"
  done' sh "$dest" "$2" {} +`;

async function applyRemoteCopy(
  operation: PlacementOperation | RemoteCopyOperation,
  params: CopyParams,
  target: Target,
): Promise<ResultData> {
  switch (operation.type) {
    case 'remoteFile':
      return copyRemoteFile(operation.source, operation.write, target);
    case 'remoteTree':
      return copyRemoteTree(operation, params, target);
    default:
      return applyPlacement([operation], target, payloadOf(''));
  }
}

async function copyRemoteFile(
  source: string,
  { path, options }: WriteOperation,
  target: Target,
): Promise<ResultData> {
  const { owner = '', group = '', mode = '', backup, validate = '', follow } = options;
  const result = await target.sh(COPY_FILE_SCRIPT, {
    args: [
      source,
      path,
      owner,
      group,
      mode,
      backup ? 'backup' : '',
      validate,
      follow ? 'follow' : '',
    ],
  });
  if (result.rc !== 0) throw failed(`cannot copy ${source} to ${path}`, result.rc, result.stderr);
  const copy = result.stdout.toString('utf8').trim();
  return copy === '' ? {} : { backup_file: copy };
}

const COPY_FILE_SCRIPT = script`
${SET_ATTRIBUTES}
source=$1 path=$2 owner=$3 group=$4 mode=$5 backup=$6 validate=$7 follow=$8
if [ "$follow" ] && [ -L "$path" ]; then path=$(readlink -f -- "$path"); fi
temporary=\${path%/*}/.drover-$$-new
trap 'rm -f -- "$temporary"' EXIT
trap 'exit 1' HUP INT TERM
(umask 077; : >"$temporary") || exit
if [ -f "$path" ] && [ ! -L "$path" ]; then
  chown -- "$(stat -c %u:%g -- "$path")" "$temporary" 2>/dev/null
  chmod -- "$(stat -c %a -- "$path")" "$temporary" || exit
else
  chmod -- "$(printf %o "$((0666 & ~$(umask)))")" "$temporary" || exit
fi
cat -- "$source" >"$temporary" || exit
set_attributes "$temporary" "$owner" "$group" "$mode" follow
if [ "$validate" ]; then
  case $validate in *%s*) ;; *) echo "validate must contain %s: $validate" >&2; exit 1 ;; esac
  (eval "\${validate%%%s*}\"\$temporary\"\${validate#*%s}") </dev/null >&2 || { echo "validation failed: $validate" >&2; exit 1; }
fi
if [ "$backup" ] && [ -f "$path" ]; then
  copy=$path.$$.$(date +%Y-%m-%d@%H:%M:%S)~
  cp -p -- "$path" "$copy" || exit
  printf '%s\n' "$copy"
fi
mv -f -- "$temporary" "$path"`;

async function copyRemoteTree(
  { source, path, names }: RemoteCopyOperation & { readonly type: 'remoteTree' },
  { owner, group, mode, directory_mode: directoryMode, local_follow: follow }: CopyParams,
  target: Target,
): Promise<ResultData> {
  const file = attributeArgs(path, { owner, group, mode: mode === 'preserve' ? '' : mode }, true);
  const args = [source, ...file.slice(0, 4), directoryMode ?? '', follow ? '-L' : '-P', ...names];
  const { rc, stderr } = await target.sh(COPY_TREE_SCRIPT, { args });
  if (rc !== 0) throw failed(`cannot copy ${source} to ${path}`, rc, stderr);
  return {};
}

/** Modes may be symbolic here, so they are set by chmod(1) itself. */
const COPY_TREE_SCRIPT = script`
source=$1 dest=$2 owner=$3 group=$4 mode=$5 directory_mode=$6 links=$7
shift 7
cd -- "$source" || exit
mkdir -p -- "$dest" || exit
for name do
  new=$dest/$name
  if [ "$links" = -P ] && [ -L "$name" ]; then
    rm -f -- "$new" && ln -s -- "$(readlink "$name")" "$new" || exit
    continue
  elif [ -d "$name" ]; then
    [ -d "$new" ] || mkdir -- "$new" || [ -d "$new" ] || exit
    [ -z "$directory_mode" ] || chmod -- "$directory_mode" "$new" || exit
  else
    cp -f -- "$name" "$new.drover-$$" && mv -f -- "$new.drover-$$" "$new" || { rm -f -- "$new.drover-$$"; exit 1; }
    [ -z "$mode" ] || chmod -- "$mode" "$new" || exit
  fi
  [ -z "$owner$group" ] || chown -- "$owner\${group:+:$group}" "$new" || exit
done`;
