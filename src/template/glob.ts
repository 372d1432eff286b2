/** Files by a shell pattern, as Python's `glob`. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** Regular files that match `*`, `?` and `[…]` in any part of the path, sorted. Hidden ones need a dot in the pattern. */
export function glob(pattern: string): string[] {
  const isAbsolute = pattern.startsWith('/');
  const parts = pattern.split('/').filter((part) => part !== '');
  let found = [isAbsolute ? '/' : ''];
  for (const part of parts) found = found.flatMap((directory) => matching(directory, part));
  return found.filter(isFile).sort();
}

function matching(directory: string, part: string): string[] {
  if (!/[*?[]/.test(part))
    return exists(path.join(directory, part)) ? [path.join(directory, part)] : [];
  const regex = globRegex(part);
  const names = namesIn(directory === '' ? '.' : directory);
  return names
    .filter((name) => regex.test(name) && (part.startsWith('.') || !name.startsWith('.')))
    .map((name) => path.join(directory, name));
}

/** A file name pattern as a regular expression. */
export function globRegex(pattern: string): RegExp {
  const body = pattern.replace(/\[!?\]?[^\]]*\]|[\s\S]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1) return part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\');
    return part.replace(/[.+^${}()|[\]\\]/, '\\$&');
  });
  return new RegExp(`^${body}$`, 's');
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}
