import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** A short name for these texts: the same for the same texts, in the same order. */
export function digestOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest('hex').slice(0, 12);
}

/** A short name for a folder's files: their paths, contents and whether they can be executed. */
export async function digestOfFolder(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((e) => join(e.parentPath, e.name));
  const described = await Promise.all(
    files.sort().map(async (file) => {
      const { mode } = await stat(file);
      const content = createHash('sha256')
        .update(await readFile(file))
        .digest('hex');
      return `${relative(folder, file)} ${(mode & 0o111) !== 0} ${content}`;
    }),
  );
  return digestOf(...described);
}
