/** `unarchive`: what an archive holds, in a directory of the host. */
import { ModuleError } from '../../../core/errors.ts';
import type { Change, ResultData } from '../../../core/results.ts';
import type { Target } from '../../../target/target.ts';
import { type ActionContext, type ActionOutcome, defineAction } from '../../module.ts';
import { script } from '../../script.ts';
import { WORKING_DIRECTORY } from '../../workingDirectory.ts';
import { attributeResult, failed } from '../attributes.ts';
import { type FileState, fileState } from '../fileState.ts';
import { nothing } from '../nothing.ts';
import { archiveOnHost, identified, isUrl, workDirectory } from './archiveSource.ts';
import { comparisonOf, STAGE_AND_COMPARE } from './entries.ts';
import { type ArchiveFile, extractCommand, listCommand } from './format.ts';
import { isRemote, UnarchiveParams } from './params.ts';
import { listedNames, planUnarchive, type Unpacking } from './plan.ts';

export const unarchive = defineAction({
  name: 'unarchive',
  summary: 'Unpack an archive of the controller, the host or the web',
  description:
    'tar, tar.gz, tar.bz2, tar.xz, tar.zst and zip, told by their content. The host unpacks with its own tar or unzip. Owner, group and mode are set on every entry of the archive.',
  params: UnarchiveParams,
  examples: [
    '- unarchive:\n    src: app-1.2.tar.gz\n    dest: /opt\n    owner: app\n    creates: /opt/app-1.2/bin/app\n',
    '- unarchive:\n    src: https://example.com/tool.zip\n    dest: /usr/local/bin\n    remote_src: true\n    include: [tool]\n',
    '- unarchive:\n    src: /var/tmp/app.tar.zst\n    dest: /srv/app\n    remote_src: true\n    extra_opts: [--strip-components=1]\n',
  ],
  returns: {
    dest: 'The directory.',
    src: 'The archive.',
    handler: 'What unpacks it, such as `TgzArchive`.',
    files: 'The names in the archive, with `list_files`.',
    extract_results: 'The command that unpacked, with its exit code and output.',
    owner: 'Owner of the directory.',
    group: 'Group of the directory.',
    uid: 'Number of the owner.',
    gid: 'Number of the group.',
    mode: 'Mode of the directory.',
    state: 'Always `directory`.',
  },
  checkMode: 'predict',
  run: runUnarchive,
});

async function runUnarchive(
  context: ActionContext,
  params: UnarchiveParams,
): Promise<ActionOutcome> {
  const { target, checkMode } = context;
  const { src, creates } = params;
  const { dest, source, created } = await target.observe(questions(params));
  if (creates !== undefined && created?.own !== undefined) {
    return { changed: false, skipped: `skipped, since ${creates} exists` };
  }
  if (checkMode && isStillToCome(params, dest, source)) return unknownContent(src, dest.path);
  checkPlaces(params, dest, source);
  const directory = await workDirectory(target);
  try {
    const onHost = source?.path;
    const file = await archiveOnHost(params, onHost, directory, context);
    return await unpack(context, params, { dest, file, directory });
  } finally {
    await target.sh('rm -rf -- "$1"', { args: [directory] });
  }
}

function questions(params: UnarchiveParams) {
  const { src, dest, creates, owner, group } = params;
  const isOnHost = isRemote(params) && !isUrl(params);
  return {
    dest: fileState(dest, { owner, group }),
    source: isOnHost ? fileState(src) : nothing<FileState>(),
    created: creates === undefined ? nothing<FileState>() : fileState(creates),
  };
}

/** In check mode an earlier task would have made the directory, or fetched the archive. */
function isStillToCome(
  params: UnarchiveParams,
  dest: FileState,
  source: FileState | undefined,
): boolean {
  const isMissing = isRemote(params) && !isUrl(params) && source?.own === undefined;
  return isMissing || dest.own === undefined;
}

function unknownContent(src: string, dest: string): ActionOutcome {
  const change = { what: dest, before: '', after: `what is in ${src}`, operation: undefined };
  return { changed: true, data: { src, dest, state: 'directory' }, changes: [change] };
}

/** @throws ModuleError when there is nothing to unpack, or nowhere to put it */
function checkPlaces(
  params: UnarchiveParams,
  dest: FileState,
  source: FileState | undefined,
): void {
  if (dest.followed?.type !== 'directory') {
    throw new ModuleError(`dest '${dest.path}' must be an existing dir`, {
      hint: 'make it with a file task before',
    });
  }
  if (source === undefined) return;
  if (source.followed === undefined) throw new ModuleError(`Source '${params.src}' does not exist`);
  if (source.followed.size === 0) {
    throw new ModuleError(`Invalid archive '${params.src}', the file is 0 bytes`);
  }
}

interface Places {
  readonly dest: FileState;
  /** The archive on the host. */
  readonly file: string;
  /** For our own files. */
  readonly directory: string;
}

async function unpack(
  { target, checkMode }: ActionContext,
  params: UnarchiveParams,
  { dest, file, directory }: Places,
): Promise<ActionOutcome> {
  const archive = await identified(target, file);
  const names = await listNames(target, archive, params);
  const stage = `${directory}/stage`;
  const staging = [stage, dest.path, ...extractCommand(archive, params, stage)];
  const { rc, stdout, stderr } = await target.sh(STAGE_AND_COMPARE, { args: staging });
  if (rc !== 0) throw failed(`failed to unpack ${params.src} to ${dest.path}`, rc, stderr);
  const unpacking: Unpacking = {
    ...comparisonOf(stdout),
    format: archive.format,
    names,
    isRoot: dest.user?.id === 0,
    umask: dest.umask,
    owner: wantedPrincipal(params.owner, dest.owner),
    group: wantedPrincipal(params.group, dest.group),
  };
  const changes = planUnarchive(dest.path, params, unpacking);
  const data = {
    src: params.src,
    handler: archive.format.handler,
    ...destData(dest),
    ...(params.list_files ? { files: names } : {}),
  };
  if (checkMode || changes.length === 0) return { changed: changes.length > 0, data, changes };
  return extract(target, params, { archive, dest, unpacking, data, changes });
}

async function listNames(
  target: Target,
  archive: ArchiveFile,
  params: UnarchiveParams,
): Promise<string[]> {
  const command = listCommand(archive, params);
  const { rc, stdout, stderr } = await target.sh('LC_ALL=C.UTF-8 "$@"', { args: command });
  if (rc !== 0) {
    throw failed(`${params.src} is no archive that ${command[0]} reads`, rc, stderr);
  }
  return stdout
    .toString()
    .split('\n')
    .filter((name) => name !== '');
}

function wantedPrincipal(asked: string | undefined, known: FileState['owner']) {
  return asked === undefined ? undefined : (known ?? { id: -1, name: asked });
}

function destData({ path, followed }: FileState): ResultData {
  return {
    dest: path,
    ...(followed === undefined ? {} : attributeResult(followed)),
    state: 'directory',
  };
}

interface Extraction {
  readonly archive: ArchiveFile;
  readonly dest: FileState;
  readonly unpacking: Unpacking;
  readonly data: ResultData;
  readonly changes: readonly Change[];
}

async function extract(
  target: Target,
  params: UnarchiveParams,
  { archive, dest, unpacking, data, changes }: Extraction,
): Promise<ActionOutcome> {
  const command = extractCommand(archive, params, dest.path);
  const { rc, stdout, stderr } = await target.sh('LC_ALL=C.UTF-8 "$@"', { args: command });
  const said = { cmd: command, rc, out: stdout.toString(), err: stderr.toString() };
  if (rc !== 0 && !(command[0] === 'unzip' && rc === 1)) {
    const error = failed(`failed to unpack ${params.src} to ${dest.path}`, rc, stderr);
    throw new ModuleError(error.message, { data: { ...data, extract_results: said } });
  }
  await setAttributes(target, params, dest.path, unpacking);
  const after = await target.observe({ dest: fileState(params.dest) });
  return {
    changed: true,
    data: { ...data, ...destData(after.dest), extract_results: said },
    changes,
  };
}

/** Arguments: directory, `owner:group`, mode, flags, and options of chcon. Reads names that end in NUL; links have no mode. */
const SET_ATTRIBUTES = script`
cd -- "$1" || exit
owner=$2 mode=$3 flags=$4
shift 4
${WORKING_DIRECTORY}
cat >"$tmp/names"
each() { xargs -0 "$@" <"$tmp/names"; }
[ -z "$owner" ] || each chown -h -- "$owner" || exit
[ -z "$mode" ] || each sh -c 'mode=$0; for file do [ -L "$file" ] || chmod -- "$mode" "$file" || exit 255; done' "$mode" || exit
[ -z "$flags" ] || each chattr "$flags" -- || exit
[ "$#" = 0 ] || each chcon -h "$@" -- || exit`;

async function setAttributes(
  target: Target,
  params: UnarchiveParams,
  dest: string,
  unpacking: Unpacking,
): Promise<void> {
  const { owner = '', group, mode = '', attributes = '' } = params;
  const labels = ['seuser', 'serole', 'setype', 'selevel'] as const;
  const context = labels.flatMap((label) => {
    const value = params[label];
    return value === undefined
      ? []
      : [`--${label === 'selevel' ? 'range' : label.slice(2)}=${value}`];
  });
  const who = group === undefined ? owner : `${owner}:${group}`;
  if (who + mode + attributes + context.join('') === '') return;
  const listed = [...listedNames(unpacking)].filter((name) => unpacking.archive.has(name));
  if (listed.length === 0) return;
  const stdin = listed.map((name) => `./${name}\0`).join('');
  const args = [dest, who, mode, attributes, ...context];
  const { rc, stderr } = await target.sh(SET_ATTRIBUTES, { args, stdin });
  if (rc !== 0) throw failed(`cannot set owner, group or mode in ${dest}`, rc, stderr);
}
