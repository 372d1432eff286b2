/** A directory that `copy` brings to a host: what is in it, what the host has of it, what is to do. One transfer for many files. */
import { lstat, readdir, readlink, stat } from 'node:fs/promises';
import path from 'node:path';
import { ModuleError } from '../../../core/errors.ts';
import type { Change } from '../../../core/results.ts';
import type { Probe } from '../../../target/probe.ts';
import type { FileAttributes } from '../../../target/target.ts';
import type { Controller } from '../../controller.ts';
import { script } from '../../script.ts';
import {
  attributeChange,
  attributeDiff,
  type ExactAttributes,
  startingAttributes,
  wantedAttributes,
} from '../attributes.ts';
import { octal } from '../fileMode.ts';
import {
  type Checksum,
  EXPAND_PATH,
  type FileStat,
  type FileState,
  parseStat,
  STAT_FORMAT,
} from '../fileState.ts';
import { localPayload } from '../localPayload.ts';
import { hasChecksum, type Payload } from '../payload.ts';

export type TreeItem =
  | { readonly type: 'file'; readonly name: string; readonly payload: Payload }
  | { readonly type: 'directory'; readonly name: string; readonly mode: number }
  | { readonly type: 'link'; readonly name: string; readonly linkTarget: string };

/** Everything below `root`, parents first; names are relative to it. With `follow`, links count as what they point to. */
export async function localTree(
  root: string,
  options: { readonly follow: boolean; readonly decrypt: boolean; readonly controller: Controller },
): Promise<readonly TreeItem[]> {
  const items: TreeItem[] = [];
  const visit = async (folder: string, above: ReadonlySet<string>): Promise<void> => {
    const names = (await readdir(path.join(root, folder))).sort();
    for (const name of names) {
      const relative = path.join(folder, name);
      const item = await treeItem(path.join(root, relative), relative, options);
      if (item === undefined) continue;
      items.push(item.item);
      if (item.item.type !== 'directory') continue;
      if (above.has(item.id))
        throw new ModuleError(`${relative} is a link to a directory above it`);
      await visit(relative, new Set([...above, item.id]));
    }
  };
  await visit('', new Set([await directoryId(root)]));
  return items;
}

async function directoryId(directory: string): Promise<string> {
  const { dev, ino } = await stat(directory);
  return `${dev}:${ino}`;
}

async function treeItem(
  absolute: string,
  name: string,
  {
    follow,
    decrypt,
    controller,
  }: { readonly follow: boolean; readonly decrypt: boolean; readonly controller: Controller },
): Promise<{ readonly item: TreeItem; readonly id: string } | undefined> {
  const own = await lstat(absolute);
  if (own.isSymbolicLink() && !follow) {
    return { item: { type: 'link', name, linkTarget: await readlink(absolute) }, id: '' };
  }
  const info = await stat(absolute);
  const id = `${info.dev}:${info.ino}`;
  if (info.isDirectory())
    return { item: { type: 'directory', name, mode: info.mode & 0o7777 }, id };
  if (!info.isFile()) return undefined;
  return {
    item: { type: 'file', name, payload: await localPayload(absolute, decrypt, controller) },
    id,
  };
}

export interface RemoteItem {
  readonly stat: FileStat;
  readonly checksum?: Checksum;
  readonly linkTarget?: string;
}

/** What the host has at each of `names` below `dest`, in their order. */
export function remoteTree(
  dest: string,
  names: readonly string[],
): Probe<readonly (RemoteItem | undefined)[]> {
  return {
    script: TREE_SCRIPT,
    args: [dest, ...names],
    parse({ stdout }) {
      const items: (RemoteItem | undefined)[] = names.map(() => undefined);
      for (const record of stdout.toString('utf8').split('\0')) {
        const [index = '', line = '', extra = ''] = record.split('\t');
        const known = parseStat(line);
        if (known === undefined) continue;
        items[Number(index)] = { stat: known, ...extraOf(known, extra) };
      }
      return items;
    },
  };
}

function extraOf(known: FileStat, extra: string): Omit<RemoteItem, 'stat'> {
  if (known.type === 'link') return { linkTarget: extra };
  const [algorithm = '', hex = ''] = extra.split(' ');
  return hex === '' ? {} : { checksum: { algorithm, hex } };
}

/** Arguments: dest and names. Prints `index TAB stat TAB (algorithm hash | link target) NUL` for each that is there. */
const TREE_SCRIPT = script`
${EXPAND_PATH}
shift
cd -- "$path" 2>/dev/null || exit 0
algorithm=
for tool in sha1 sha256 md5; do
  if command -v \${tool}sum >/dev/null; then algorithm=$tool; break; fi
done
index=0
for name do
  file=./$name
  if [ -L "$file" ]; then
    printf '%s\t%s\t%s\0' "$index" "$(stat -c '${STAT_FORMAT}' "$file")" "$(readlink "$file")"
  elif [ -f "$file" ] && [ "$algorithm" ]; then
    sum=$(\${algorithm}sum <"$file")
    printf '%s\t%s\t%s\0' "$index" "$(stat -c '${STAT_FORMAT}' "$file")" "$algorithm \${sum%% *}"
  elif [ -e "$file" ]; then
    printf '%s\t%s\t\0' "$index" "$(stat -c '${STAT_FORMAT}' "$file")"
  fi
  index=$((index + 1))
done`;

export type TreeOperation =
  | { readonly type: 'root'; readonly path: string; readonly attributes: ExactAttributes }
  | { readonly type: 'directory'; readonly path: string; readonly attributes: ExactAttributes }
  | { readonly type: 'link'; readonly path: string; readonly linkTarget: string }
  | { readonly type: 'attributes'; readonly path: string; readonly attributes: ExactAttributes }
  | {
      readonly type: 'file';
      readonly path: string;
      readonly payload: Payload;
      readonly attributes: ExactAttributes;
      /** Owner and mode of the old file stay, unless asked otherwise. */
      readonly replaces: boolean;
    };

export interface TreePlan extends FileAttributes {
  readonly root: FileState;
  readonly items: readonly TreeItem[];
  readonly remote: readonly (RemoteItem | undefined)[];
  readonly directoryMode: string | undefined;
  readonly force: boolean;
}

export function planTree(plan: TreePlan): Change<TreeOperation>[] {
  return [
    ...rootChange(plan),
    ...plan.items.flatMap((item, index) => itemChanges(plan, item, plan.remote[index])),
  ];
}

function rootChange({ root, owner, group, directoryMode }: TreePlan): Change<TreeOperation>[] {
  const { path: directory, followed } = root;
  if (followed?.type === 'directory') return [];
  if (root.own !== undefined)
    throw new ModuleError(`cannot copy a directory to the file ${directory}`);
  const attributes = { owner, group, mode: exactMode(directoryMode, undefined, root, 'directory') };
  return [created(directory, 'directory', { type: 'root', path: directory, attributes })];
}

function itemChanges(
  plan: TreePlan,
  item: TreeItem,
  remote: RemoteItem | undefined,
): Change<TreeOperation>[] {
  const at = path.posix.join(plan.root.path, item.name);
  switch (item.type) {
    case 'directory':
      return directoryChanges(plan, item, at, remote);
    case 'link':
      return linkChanges(plan, item, at, remote);
    case 'file':
      return fileChanges(plan, item, at, remote);
    default:
      return item satisfies never;
  }
}

function directoryChanges(
  { root, owner, group, directoryMode }: TreePlan,
  item: TreeItem & { readonly type: 'directory' },
  at: string,
  remote: RemoteItem | undefined,
): Change<TreeOperation>[] {
  const mode = directoryMode === 'preserve' ? octal(item.mode) : directoryMode;
  if (remote === undefined) {
    const attributes = { owner, group, mode: exactMode(mode, undefined, root, 'directory') };
    return [created(at, 'directory', { type: 'directory', path: at, attributes })];
  }
  if (remote.stat.type === 'directory') {
    return attributesOnly(root, { owner, group, mode }, at, remote.stat);
  }
  // A link may lead to a directory; the files below it tell.
  if (remote.stat.type === 'link') return [];
  throw new ModuleError(`cannot make the directory ${at}: a file is in its place`);
}

function linkChanges(
  { force }: TreePlan,
  { linkTarget }: TreeItem & { readonly type: 'link' },
  at: string,
  remote: RemoteItem | undefined,
): Change<TreeOperation>[] {
  if (remote !== undefined && (!force || remote.linkTarget === linkTarget)) return [];
  if (remote?.stat.type === 'directory') {
    throw new ModuleError(`cannot make the link ${at}: a directory is in its place`);
  }
  return [created(at, 'link', { type: 'link', path: at, linkTarget })];
}

function fileChanges(
  { root, owner, group, mode, force }: TreePlan,
  { payload }: TreeItem & { readonly type: 'file' },
  at: string,
  remote: RemoteItem | undefined,
): Change<TreeOperation>[] {
  const wanted = mode === 'preserve' ? octal(payload.mode ?? 0o644) : mode;
  if (remote !== undefined && !force) return [];
  if (remote?.stat.type === 'directory') throw new ModuleError(`${at} is a directory, not a file`);
  if (remote?.stat.type === 'file' && hasChecksum(payload, remote.checksum)) {
    return attributesOnly(root, { owner, group, mode: wanted }, at, remote.stat);
  }
  const old = remote?.stat.type === 'file' ? remote.stat : undefined;
  const attributes = { owner, group, mode: exactMode(wanted, old, root, 'file') };
  const replaces = old !== undefined;
  const operation: TreeOperation = { type: 'file', path: at, payload, attributes, replaces };
  if (!replaces) return [created(at, 'file', operation)];
  const before = { path: at, size: old.size, checksum: remote?.checksum?.hex };
  const after = {
    path: at,
    size: payload.size,
    checksum: remote?.checksum && payload.digest(remote.checksum.algorithm),
  };
  return [{ what: at, before, after, operation }];
}

function created(at: string, state: string, operation: TreeOperation): Change<TreeOperation> {
  return { what: at, before: { path: at, state: 'absent' }, after: { path: at, state }, operation };
}

function attributesOnly(
  root: FileState,
  asked: FileAttributes,
  at: string,
  known: FileStat,
): Change<TreeOperation>[] {
  const wanted = wantedAttributes(known, asked, root, known.type);
  const attributes = attributeChange(known, wanted);
  if (attributes === undefined) return [];
  const operation: TreeOperation = { type: 'attributes', path: at, attributes };
  return [{ what: at, ...attributeDiff(at, known, wanted), operation }];
}

/** The mode in octal; a new entry's symbolic mode starts from what the umask leaves. */
function exactMode(
  mode: string | undefined,
  old: FileStat | undefined,
  root: FileState,
  type: 'file' | 'directory',
): string | undefined {
  if (mode === undefined || mode === 'preserve') return undefined;
  const start = startingAttributes(root, old, type);
  return octal(wantedAttributes(start, { mode }, root, type).mode);
}
