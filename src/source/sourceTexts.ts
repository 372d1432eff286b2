/** The texts of files by name, for code frames drawn when a run or a load has ended. */
import { isAbsolute, relative } from 'node:path';
import type { FileSystem } from './files.ts';

const VAULT_HEADER = '$ANSIBLE_VAULT;';

export class SourceTexts {
  readonly #files: FileSystem;
  readonly #cwd: string | undefined;
  readonly #added = new Map<string, string>();

  /** @param cwd files in it are shown relative to it. */
  constructor(files: FileSystem, cwd?: string) {
    this.#files = files;
    this.#cwd = cwd;
  }

  /** How a file is called in messages. */
  display(file: string): string {
    if (this.#cwd === undefined || !isAbsolute(file)) return file;
    const path = relative(this.#cwd, file);
    return path === '' || path.startsWith('..') ? file : path;
  }

  /** For what is no file, e.g. `<extra vars>`. */
  add(file: string, text: string): void {
    this.#added.set(file, text);
  }

  /** Undefined when it cannot be read, or is a vault: its clear text is never shown. */
  get(file: string): string | undefined {
    const text = this.#added.get(file) ?? this.#read(file);
    return text?.startsWith(VAULT_HEADER) ? undefined : text;
  }

  #read(file: string): string | undefined {
    return this.#files.kind(file) === 'file' ? this.#files.readText(file) : undefined;
  }
}
