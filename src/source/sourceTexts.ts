/** The texts of files by name, for code frames drawn when a run or a load has ended. */
import type { FileSystem } from './files.ts';

const VAULT_HEADER = '$ANSIBLE_VAULT;';

export class SourceTexts {
  readonly #files: FileSystem;
  readonly #added = new Map<string, string>();

  constructor(files: FileSystem) {
    this.#files = files;
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
