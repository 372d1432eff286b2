/** `vars_files` of a play for one host: read when first needed, since their names may hold facts. */
import { existsSync } from 'node:fs';
import { LoadError } from '../../core/errors.ts';
import type { Node } from '../../source/node.ts';
import { isTemplate, isUndefinedError } from '../../template/template.ts';
import { type Layer, nodeLayer } from '../../vars/scope.ts';
import { missingFile } from '../includes/missingFile.ts';

export interface VarsFileReader {
  /** The text of a file name, evaluated for the host. @throws UndefinedError when it is not known yet. */
  readonly evaluate: (name: Node) => string;
  readonly candidates: (name: string) => readonly string[];
  readonly load: (file: string) => ReadonlyMap<string, Node>;
}

/** Each entry is a file, or a list of alternatives of which the first that exists is taken. Later entries win. */
export class VarsFilesLayer implements Layer {
  readonly #reader: VarsFileReader;
  readonly #layers: (Layer | undefined)[];
  readonly #entries: readonly Node[];
  #isResolving = false;

  constructor(entries: readonly Node[], reader: VarsFileReader) {
    this.#entries = entries;
    this.#reader = reader;
    this.#layers = entries.map(() => undefined);
  }

  get(name: string): Node | undefined {
    this.#resolve();
    for (const layer of this.#layers.toReversed()) {
      const node = layer?.get(name);
      if (node !== undefined) return node;
    }
    return undefined;
  }

  names(): Iterable<string> {
    this.#resolve();
    return new Set(
      this.#layers.flatMap((layer) => (layer === undefined ? [] : [...layer.names()])),
    );
  }

  /** Evaluating a file name reads variables, perhaps through this very layer: then it has nothing to say. */
  #resolve(): void {
    if (this.#isResolving) return;
    this.#isResolving = true;
    try {
      for (const [index, entry] of this.#entries.entries()) {
        this.#layers[index] ??= this.#load(entry);
      }
    } finally {
      this.#isResolving = false;
    }
  }

  /** Reads the files whose names hold no template. @throws LoadError for what is missing or wrong in them. */
  check(): void {
    for (const [index, entry] of this.#entries.entries()) {
      const names = entry.kind === 'sequence' ? entry.items : [entry];
      const isPlain = names.every((name) => name.kind === 'scalar' && !isTemplate(`${name.value}`));
      if (isPlain) this.#layers[index] ??= this.#load(entry);
    }
  }

  #load(entry: Node): Layer | undefined {
    const alternatives = entry.kind === 'sequence' ? entry.items : [entry];
    const searched: string[] = [];
    for (const alternative of alternatives) {
      const name = this.#name(alternative);
      if (name === undefined) return undefined;
      const candidates = this.#reader.candidates(name);
      const file = candidates.find((candidate) => existsSync(candidate));
      if (file !== undefined) return nodeLayer(this.#reader.load(file));
      searched.push(...candidates);
    }
    throw new LoadError(
      entry.kind === 'scalar' ? `no file "${entry.value}"` : 'none of these files is there',
      missingFile(searched, entry.source),
    );
  }

  #name(node: Node): string | undefined {
    try {
      return this.#reader.evaluate(node);
    } catch (error) {
      if (isUndefinedError(error)) return undefined;
      throw error;
    }
  }
}
