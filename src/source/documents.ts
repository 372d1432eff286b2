/** Files → nodes, each file parsed once; encrypted files are decrypted on the way. */
import { LoadError, type Warning } from '../core/errors.ts';
import type { FileSystem } from './files.ts';
import type { Node } from './node.ts';
import type { Problems } from './problems.ts';
import { parseYaml, type YamlOptions } from './yaml.ts';

/** Clear text of a file that is a vault. @throws LoadError when no password opens it. */
export type DecryptFile = (text: string, file: string) => string;

const VAULT_HEADER = '$ANSIBLE_VAULT;';

interface Read {
  readonly node: Node;
  /** Told once, to the first reader. */
  warnings: readonly Warning[];
}

export class Documents {
  readonly #files: FileSystem;
  readonly #decrypt: DecryptFile;
  readonly #options: YamlOptions;
  readonly #read = new Map<string, Read>();

  /** @param decrypt absent: encrypted files are errors. */
  constructor(files: FileSystem, decrypt: DecryptFile = noPassword, options: YamlOptions = {}) {
    this.#files = files;
    this.#decrypt = decrypt;
    this.#options = options;
  }

  /** The file's one document. @throws LoadError when it cannot be read, decrypted or parsed. */
  read(file: string, problems: Problems): Node {
    const read = this.#read.get(file) ?? this.#parse(file);
    problems.warnings.push(...read.warnings);
    read.warnings = [];
    return read.node;
  }

  #parse(file: string): Read {
    const text = this.#text(file);
    const { content, warnings } = parseYaml(text, file, this.#options);
    const read = { node: content, warnings };
    this.#read.set(file, read);
    return read;
  }

  #text(file: string): string {
    const text = this.#readText(file);
    return text.startsWith(VAULT_HEADER) ? this.#decrypt(text, file) : text;
  }

  #readText(file: string): string {
    try {
      return this.#files.readText(file);
    } catch (cause) {
      throw unreadable(file, cause);
    }
  }
}

function unreadable(file: string, cause: unknown): LoadError {
  const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
  if (isAbsent) {
    return new LoadError(`there is no file "${file}"`, {
      code: 'DROVER_FILE_NOT_FOUND',
      hint: 'paths are relative to the directory that drover runs in',
      cause,
    });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LoadError(`cannot read "${file}": ${reason}`, {
    code: 'DROVER_FILE_UNREADABLE',
    cause,
  });
}

function noPassword(_text: string, file: string): never {
  throw new LoadError(`"${file}" is encrypted and there is no vault password`, {
    code: 'DROVER_VAULT_PASSWORD',
    source: { file, line: 1, column: 1 },
    hint: 'give --vault-password-file or --ask-vault-pass',
  });
}
