/** A file system with some files more than the disk has, and a memory of what was read. */
import type { FileSystem } from './files.ts';

export class OverlaidFiles implements FileSystem {
  readonly #below: FileSystem;
  readonly #texts: ReadonlyMap<string, string>;
  readonly #read = new Set<string>();

  /** @param texts by absolute path; folders are not made for them. */
  constructor(below: FileSystem, texts: ReadonlyMap<string, string>) {
    this.#below = below;
    this.#texts = texts;
  }

  /** Paths whose text somebody asked for. */
  get read(): ReadonlySet<string> {
    return this.#read;
  }

  readText(path: string): string {
    this.#read.add(path);
    return this.#texts.get(path) ?? this.#below.readText(path);
  }

  kind(path: string): 'file' | 'directory' | undefined {
    return this.#texts.has(path) ? 'file' : this.#below.kind(path);
  }

  isExecutable(path: string): boolean {
    return this.#below.isExecutable(path);
  }

  isWorldWritable(path: string): boolean {
    return this.#below.isWorldWritable(path);
  }

  list(path: string): readonly string[] {
    return this.#below.list(path);
  }
}
