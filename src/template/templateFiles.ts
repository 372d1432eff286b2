/** Finds the templates that others include, import or extend. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** Looks for a name in the directories, in their order. */
export function loaderOf(
  directories: readonly string[],
): (name: string) => { readonly text: string; readonly file: string } | undefined {
  return (name) => {
    for (const directory of directories) {
      const file = path.resolve(directory, name);
      if (existsSync(file) && statSync(file).isFile())
        return { file, text: readFileSync(file, 'utf8') };
    }
    return undefined;
  };
}
