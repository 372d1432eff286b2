/** Ansible's Python library on the controller: what modules that are written against it need on the host. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Prints the folder that holds the package. */
const QUESTION = 'import ansible; print(list(ansible.__path__)[0])';
const ANSWER_WITHIN_MS = 10_000;

/** Looked for when the first module needs it, once. */
export class PythonLibrary {
  readonly #environment: Readonly<Record<string, string | undefined>>;
  #folder: { readonly path: string | undefined } | undefined;

  constructor(environment: Readonly<Record<string, string | undefined>>) {
    this.#environment = environment;
  }

  /** The folder that holds `ansible/`, and `ansible_collections/` where that came along; undefined without Ansible. */
  folder(): string | undefined {
    this.#folder ??= { path: this.#find() };
    return this.#folder.path;
  }

  #find(): string | undefined {
    const searchPath = (this.#environment['PATH'] ?? '').split(delimiter).filter(Boolean);
    const programs = searchPath.map((folder) => interpreterOf(join(folder, 'ansible')));
    for (const python of [...programs, 'python3', '/usr/bin/python3']) {
      const found = python === undefined ? undefined : this.#ask(python);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #ask(python: string): string | undefined {
    try {
      const options = {
        timeout: ANSWER_WITHIN_MS,
        encoding: 'utf8',
        env: this.#environment,
      } as const;
      const said = execFileSync(python, ['-c', QUESTION], {
        ...options,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return dirname(said.trim());
    } catch {
      // This Python is not there, or knows no Ansible.
      return undefined;
    }
  }
}

/** The Python that the program `ansible` runs in, by its first line: that of a virtual environment, perhaps. */
function interpreterOf(file: string): string | undefined {
  const bytes = Buffer.alloc(256);
  try {
    const opened = openSync(file, 'r');
    readSync(opened, bytes);
    closeSync(opened);
  } catch {
    return undefined;
  }
  return /^#!\s*(\/\S*python[\d.]*)\s*\n/.exec(bytes.toString('latin1'))?.[1];
}
