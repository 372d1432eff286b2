/** A `FileSystem` in memory: paths → texts. Folders are there because files are in them. */
import type { FileSystem } from '../../src/source/files.ts';

export interface MemoryOptions {
  readonly executable?: readonly string[];
  readonly worldWritable?: readonly string[];
}

export function memoryFiles(
  texts: Readonly<Record<string, string>>,
  { executable = [], worldWritable = [] }: MemoryOptions = {},
): FileSystem {
  const paths = Object.keys(texts);
  return {
    readText(path) {
      const text = texts[path];
      if (text === undefined) throw new Error(`ENOENT: no such file, open '${path}'`);
      return text;
    },
    kind(path) {
      if (path in texts) return 'file';
      return paths.some((each) => each.startsWith(`${path}/`)) ? 'directory' : undefined;
    },
    isExecutable: (path) => executable.includes(path),
    isWorldWritable: (path) => worldWritable.includes(path),
    list(path) {
      const inside = paths.filter((each) => each.startsWith(`${path}/`));
      const names = inside.map((each) => each.slice(path.length + 1).split('/')[0] ?? '');
      return [...new Set(names)].sort();
    },
  };
}
