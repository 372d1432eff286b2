/** What loading needs of a file system. Synchronous: content is loaded before anything else happens. */
import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';

export interface FileSystem {
  /** The file's text, UTF-8. @throws when it cannot be read. */
  readText(path: string): string;
  /** Follows links; undefined when there is nothing, or nothing that may be looked at. */
  kind(path: string): 'file' | 'directory' | undefined;
  isExecutable(path: string): boolean;
  /** Whether anybody on the machine may write there. */
  isWorldWritable(path: string): boolean;
  /** Names in a directory, sorted by code unit. */
  list(path: string): readonly string[];
}

const ANY_EXECUTE_BIT = 0o111;
const WRITE_BIT_OF_OTHERS = 0o002;

export const nodeFiles: FileSystem = {
  readText: (path) => readFileSync(path, 'utf8'),
  kind(path) {
    const stats = statsOf(path);
    if (stats === undefined) return undefined;
    return stats.isDirectory() ? 'directory' : 'file';
  },
  isExecutable: (path) => hasMode(path, ANY_EXECUTE_BIT),
  isWorldWritable: (path) => hasMode(path, WRITE_BIT_OF_OTHERS),
  list: (path) => readdirSync(path).sort(),
};

function hasMode(path: string, bits: number): boolean {
  return ((statsOf(path)?.mode ?? 0) & bits) !== 0;
}

/** `a/b` where `a` is a file is nothing, as is what lies in a folder that may not be entered. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
