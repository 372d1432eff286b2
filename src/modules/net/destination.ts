/** The file on the host that a download ends in: what it is now, and what its owner and mode shall be. */
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import { attributeResult, startingAttributes, wantedAttributes } from '../files/attributes.ts';
import { asParent, type FileState } from '../files/fileState.ts';
import { script } from '../script.ts';
import { PROXY_SHELL, proxiesOf, tabbedValues } from './httpParams.ts';
import { NETRC_SHELL } from './netrc.ts';
import type { ProxyEnvironment } from './proxy.ts';

export interface Wanted {
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  readonly mode?: string | undefined;
}

export interface Destination {
  /** Absolute path of the file; in the folder, when a folder was named. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly exists: boolean;
  readonly sha1: string;
  readonly md5: string;
  /** In the algorithm that the task's checksum uses. */
  readonly checksum: string;
  readonly modifiedAt: Date;
  readonly attributes: Attributes;
  /** What chmod makes of the mode; undefined when none is wanted. */
  readonly wantedMode: string | undefined;
  readonly proxies: ProxyEnvironment;
  /** What `netrcLogin` reads. */
  readonly netrc: string;
}

export interface Attributes {
  readonly owner: string;
  readonly group: string;
  readonly uid: number;
  readonly gid: number;
  /** `0644` */
  readonly mode: string;
  readonly size: number;
}

/** Prints `file_…` lines about $file; chmod itself is asked what a symbolic mode means. */
const STAT_SHELL = script`
stat_file() { # ALGORITHM WANTED_MODE
  [ -f "$file" ] || return 0
  stat -L -c '%U:%G:%u:%g:%a:%s:%Y' -- "$file" | {
    IFS=: read -r owner group uid gid mode size mtime
    printf 'owner\t%s\ngroup\t%s\nuid\t%s\ngid\t%s\nmode\t%s\nsize\t%s\nmtime\t%s\n' "$owner" "$group" "$uid" "$gid" "$mode" "$size" "$mtime"
    [ -z "$2" ] || {
      trial=$(mktemp) && chmod "$mode" "$trial" && chmod -- "$2" "$trial" && printf 'wanted_mode\t%s\n' "$(stat -c %a "$trial")"
      rm -f "$trial"
    }
  }
  printf 'sha1\t%s\n' "$(sha1sum <"$file" | cut -d' ' -f1)"
  printf 'md5\t%s\n' "$(md5sum <"$file" 2>/dev/null | cut -d' ' -f1)"
  [ -z "$1" ] || printf 'checksum\t%s\n' "$("$1"sum <"$file" | cut -d' ' -f1)"
}
`;

/** `PATH NAME ALGORITHM MODE`: NAME is the file's name if PATH is a folder. */
const OBSERVE = script`
file=$1
${STAT_SHELL}
case $file in '~') file=$HOME ;; '~/'*) file=$HOME/\${file#'~/'} ;; esac
if [ -d "$file" ]; then
  printf 'folder\tyes\n'
  file=\${file%/}/$2
fi
printf 'path\t%s\n' "$file"
stat_file "$3" "$4"
${PROXY_SHELL}
${NETRC_SHELL}
`;

export interface DestinationQuery extends Wanted {
  readonly path: string;
  /** Name for the file when `path` is a folder. */
  readonly name: string;
  /** `sha256`, `md5`, …; undefined when no checksum was given. */
  readonly algorithm?: string | undefined;
}

export function destination({ path, name, algorithm, mode }: DestinationQuery): Probe<Destination> {
  return {
    script: OBSERVE,
    args: [path, name, algorithm ?? '', mode === 'preserve' ? '' : (mode ?? '')],
    parse: ({ stdout }) => destinationOf(stdout.toString()),
  };
}

export function destinationOf(output: string): Destination {
  const values = tabbedValues(output);
  const text = (key: string) => values.get(key) ?? '';
  const wanted = values.get('wanted_mode');
  return {
    path: text('path'),
    isFolder: values.has('folder'),
    exists: values.has('sha1'),
    sha1: text('sha1'),
    md5: text('md5'),
    checksum: text('checksum'),
    modifiedAt: new Date(Number(text('mtime')) * 1000),
    attributes: {
      owner: text('owner'),
      group: text('group'),
      uid: Number(text('uid')),
      gid: Number(text('gid')),
      mode: modeText(text('mode')),
      size: Number(text('size')),
    },
    wantedMode: wanted === undefined ? undefined : modeText(wanted),
    proxies: proxiesOf(values),
    netrc: text('netrc'),
  };
}

/** A zero in front of all its digits. */
function modeText(octal: string): string {
  return `0${octal.padStart(3, '0')}`;
}

/** Changes of owner, group and mode of a file that is there already. */
export function attributeChanges(wanted: Wanted, current: Destination): Change<'attributes'>[] {
  const { owner, group, uid, gid, mode } = current.attributes;
  const table = [
    { what: 'owner', desired: wanted.owner, actual: owner, number: String(uid) },
    { what: 'group', desired: wanted.group, actual: group, number: String(gid) },
    { what: 'mode', desired: current.wantedMode, actual: mode, number: mode },
  ];
  return table
    .filter(
      ({ desired, actual, number }) =>
        desired !== undefined && desired !== actual && desired !== number,
    )
    .map(({ what, desired, actual }) => ({
      what: `${current.path}: ${what}`,
      before: actual,
      after: desired,
      operation: 'attributes',
    }));
}

/** `PATH OWNER GROUP MODE`; empty words leave things as they are. */
export const SET_ATTRIBUTES = script`
[ -z "$2" ] || chown -- "$2" "$1" || exit
[ -z "$3" ] || chgrp -- "$3" "$1" || exit
[ -z "$4" ] || chmod -- "$4" "$1" || exit
`;

/** The return keys that describe the file. */
export function fileData({ attributes }: Destination) {
  return { ...attributes, state: 'file' };
}

/** The same for what it will be: new or not, with the owner, group and mode that are asked for. */
export function predictedData(wanted: Wanted, file: Destination, place: FileState) {
  const { mode } = wanted;
  const parent = file.isFolder ? place.followed && asParent(place.followed) : place.parent;
  const start = file.exists
    ? { ...file.attributes, mode: Number.parseInt(file.attributes.mode, 8) }
    : startingAttributes({ ...place, ...(parent && { parent }) }, undefined, 'file');
  const asked = { ...wanted, mode: mode === 'preserve' ? undefined : mode };
  return attributeResult(wantedAttributes(start, asked, place, 'file'));
}
