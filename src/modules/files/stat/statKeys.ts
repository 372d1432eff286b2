/** The inode as `stat` and `find` return it. */
import type { ResultData } from '../../../core/results.ts';
import { octal } from '../fileMode.ts';
import type { FileStat } from '../fileState.ts';

export function statKeys(known: FileStat): ResultData {
  return {
    ...kindOf(known),
    mode: octal(known.mode),
    uid: known.uid,
    gid: known.gid,
    pw_name: known.owner,
    gr_name: known.group,
    size: known.size,
    inode: known.inode,
    dev: known.device,
    nlink: known.links,
    atime: known.accessed,
    mtime: known.modified,
    ctime: known.statusChanged,
    ...permissions(known.mode),
  };
}

function kindOf({ type }: FileStat): ResultData {
  return {
    isreg: type === 'file',
    isdir: type === 'directory',
    islnk: type === 'link',
    ischr: type === 'char',
    isblk: type === 'block',
    isfifo: type === 'fifo',
    issock: type === 'socket',
  };
}

function permissions(mode: number): ResultData {
  const has = (bit: number) => (mode & bit) !== 0;
  return {
    rusr: has(0o400),
    wusr: has(0o200),
    xusr: has(0o100),
    rgrp: has(0o040),
    wgrp: has(0o020),
    xgrp: has(0o010),
    roth: has(0o004),
    woth: has(0o002),
    xoth: has(0o001),
    isuid: has(0o4000),
    isgid: has(0o2000),
  };
}
