/** Files of this machine are replaced as a whole: at no time is there half of one, and never with wider permissions. */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LoadError } from '../core/errors.ts';

export interface WriteOptions {
  /** Permissions of a new file, before the umask; one that is there keeps its own unless the file is to be private. */
  readonly mode: number;
  /** Readable by its owner alone, whatever was there before. */
  readonly isPrivate?: boolean;
}

/** Writes beside the file and renames; a symbolic link stays, and what it points to is replaced. @throws LoadError. */
export function writeSafely(
  file: string,
  content: string | Uint8Array,
  { mode, isPrivate = false }: WriteOptions,
): void {
  const before = statSync(file, { throwIfNoEntry: false });
  const target = before === undefined ? file : realpathSync(file);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
  try {
    writeNew(temporary, content, before === undefined && !isPrivate ? mode : PRIVATE);
    if (before !== undefined) keepAttributes(temporary, before, isPrivate);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw cannotWrite(file, error);
  }
}

function cannotWrite(file: string, cause: unknown): LoadError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LoadError(`cannot write "${file}": ${reason}`, {
    code: 'DROVER_FILE_UNWRITABLE',
    cause,
  });
}

function writeNew(file: string, content: string | Uint8Array, mode: number): void {
  const descriptor = openSync(file, 'wx', mode);
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

const PRIVATE = 0o600;
const PERMISSION_BITS = 0o7777;

function keepAttributes(file: string, { mode, uid, gid }: Stats, isPrivate: boolean): void {
  const now = statSync(file);
  if (now.uid !== uid || now.gid !== gid) chownSync(file, uid, gid);
  chmodSync(file, isPrivate ? PRIVATE : mode & PERMISSION_BITS);
}
