/** Owner, group and mode of files: what is asked against what is there, the script that sets them, and the return keys. */
import { ModuleError } from '../../core/errors.ts';
import type { ResultData } from '../../core/results.ts';
import type { FileAttributes } from '../../target/target.ts';
import { script } from '../script.ts';
import { octal, wantedMode } from './fileMode.ts';
import type { FileStat, FileState, FileType, Principal } from './fileState.ts';

export interface Attributes {
  readonly uid: number;
  readonly gid: number;
  readonly owner: string;
  readonly group: string;
  readonly mode: number;
}

/** As `FileAttributes`, with the mode worked out. */
export interface ExactAttributes {
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  /** Four octal digits. */
  readonly mode?: string | undefined;
}

/** The attributes of a file before anybody asks for others. */
export function startingAttributes(
  state: FileState,
  stat: FileStat | undefined,
  type: FileType,
): Attributes {
  return stat ?? newAttributes(state, type);
}

/** What a file or directory made now gets: the current user, the umask, and a setgid parent's group. */
function newAttributes({ user, userGroup, parent, umask }: FileState, type: FileType): Attributes {
  const given = parent?.group;
  const base = type === 'directory' ? 0o777 : 0o666;
  const setgid = given !== undefined && type === 'directory' ? 0o2000 : 0;
  return {
    uid: user?.id ?? 0,
    owner: user?.name ?? '',
    gid: (given ?? userGroup)?.id ?? 0,
    group: (given ?? userGroup)?.name ?? '',
    mode: (base & ~umask) | setgid,
  };
}

/** `start` with what is asked for. An owner that the host does not know (yet) shows as it was written. */
export function wantedAttributes(
  start: Attributes,
  { owner, group, mode }: FileAttributes,
  state: FileState,
  type: FileType,
): Attributes {
  const user = owner === undefined ? undefined : (state.owner ?? unknownAccount(owner));
  const team = group === undefined ? undefined : (state.group ?? unknownAccount(group));
  return {
    uid: user?.id ?? start.uid,
    owner: user?.name ?? start.owner,
    gid: team?.id ?? start.gid,
    group: team?.name ?? start.group,
    mode: mode === undefined || type === 'link' ? start.mode : modeOf(mode, start, state, type),
  };
}

function modeOf(mode: string, start: Attributes, { umask }: FileState, type: FileType): number {
  return wantedMode(mode, { current: start.mode, isDirectory: type === 'directory', umask });
}

/** Chown decides whether it exists; check mode must not fail for a user that an earlier task would have made. */
function unknownAccount(written: string): Principal {
  const id = /^\d+$/.test(written) ? Number(written) : -1;
  return { id, name: written };
}

/** What to set so that `from` becomes `to`; undefined when they agree. */
export function attributeChange(from: Attributes, to: Attributes): ExactAttributes | undefined {
  const change = {
    ...(from.uid === to.uid && to.uid >= 0 ? {} : { owner: to.owner }),
    ...(from.gid === to.gid && to.gid >= 0 ? {} : { group: to.group }),
    ...(from.mode === to.mode ? {} : { mode: octal(to.mode) }),
  };
  return Object.keys(change).length === 0 ? undefined : change;
}

/** The changed attributes of both sides, for `--diff`. */
export function attributeDiff(
  path: string,
  from: Attributes,
  to: Attributes,
): { readonly before: ResultData; readonly after: ResultData } {
  const pick = (side: Attributes): ResultData => ({
    ...(from.uid === to.uid && to.uid >= 0 ? {} : { owner: side.owner }),
    ...(from.gid === to.gid && to.gid >= 0 ? {} : { group: side.group }),
    ...(from.mode === to.mode ? {} : { mode: octal(side.mode) }),
    path,
  });
  return { before: pick(from), after: pick(to) };
}

/** `uid`, `gid`, `owner`, `group`, `mode` as modules return them: a mode has a zero in front of all its digits. */
export function attributeResult({ uid, gid, owner, group, mode }: Attributes): ResultData {
  return { uid, gid, owner, group, mode: `0${mode.toString(8).padStart(3, '0')}` };
}

/**
 * A shell function `set_attributes path owner group mode follow`; empty values are left alone. Mode comes last, since
 * a change of owner takes setuid away; its fifth digit makes GNU chmod clear the setgid of directories too.
 */
export const SET_ATTRIBUTES = script`
set_attributes() {
  if [ -n "$2$3" ]; then
    dereference=
    [ -n "$5" ] || dereference=-h
    chown $dereference -- "$2\${3:+:$3}" "$1" || exit
  fi
  if [ -n "$4" ]; then
    [ -z "$5" ] && [ -L "$1" ] || chmod -- "0$4" "$1" || exit
  fi
}`;

export function attributeArgs(path: string, change: ExactAttributes, follow: boolean): string[] {
  const { owner = '', group = '', mode = '' } = change;
  return [path, owner, group, mode, follow ? 'follow' : ''];
}

/** What a script of ours that ended badly said. */
export function failed(what: string, rc: number, stderr: Buffer): ModuleError {
  const said = stderr.toString('utf8').trim();
  return new ModuleError(`${what}: ${said === '' ? `exit code ${rc}` : said}`, {
    data: { rc, stderr: said },
  });
}
