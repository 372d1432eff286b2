/** Files of the controller as payloads. Hosts that want the same file share it: it is held and hashed once, however many they are. */
import { type BigIntStats, closeSync, openSync, readSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileDigests } from '../../target/localFile.ts';
import type { Controller } from '../controller.ts';
import { type Payload, payloadOf } from './payload.ts';

type Digests = Readonly<Record<string, string>>;

/** Files above this travel as streams. */
const STREAM_ABOVE_BYTES = 4 * 1024 * 1024;
const VAULT_HEADER = '$ANSIBLE_VAULT;';
/** A file may change twice within one tick of its file system's clock, and look as after the first time. */
const SETTLED_MS = 2_000;

/** How files are read; tests count it. */
export interface FileReader {
  bytes(path: string): Promise<Buffer>;
  /** Hex digests by the names of their algorithms. */
  digests(path: string, algorithms: readonly string[]): Promise<Digests>;
}

export class LocalFiles {
  readonly #reader: FileReader;
  readonly #held = new HeldPayloads();
  /** By file and algorithms; few, as only large files have them. */
  readonly #digests = new Map<string, Promise<Digests>>();

  constructor(reader: FileReader) {
    this.#reader = reader;
  }

  /** A file of the controller; with `decrypt`, a vaulted one as plain text. */
  async payload(localPath: string, decrypt: boolean, controller: Controller): Promise<Payload> {
    const stats = statSync(localPath, { bigint: true });
    const mode = Number(stats.mode) & 0o7777;
    if (decrypt && stats.isFile() && isVaulted(localPath)) {
      return payloadOf(await controller.readFile(localPath), mode);
    }
    if (stats.size > STREAM_ABOVE_BYTES) {
      const payload = { size: Number(stats.size), digest: () => undefined, localPath, mode };
      return this.withDigests(payload, ['sha1']);
    }
    const read = async () => payloadOf(await this.#reader.bytes(localPath), mode);
    const key = identityOf(localPath, stats);
    return key === undefined ? read() : this.#held.get(key, read);
  }

  /** Reads a file that is not held for the digests it still lacks. */
  async withDigests(payload: Payload, algorithms: readonly string[]): Promise<Payload> {
    const { localPath } = payload;
    const missing = algorithms.filter((name) => payload.digest(name) === undefined);
    if (localPath === undefined || missing.length === 0) return payload;
    const read = await this.#digestsOf(localPath, missing);
    return { ...payload, digest: (algorithm) => read[algorithm] ?? payload.digest(algorithm) };
  }

  async #digestsOf(localPath: string, algorithms: readonly string[]): Promise<Digests> {
    const identity = identityOf(localPath, statSync(localPath, { bigint: true }));
    if (identity === undefined) return this.#reader.digests(localPath, algorithms);
    const key = [identity, ...algorithms].join('\0');
    const known = this.#digests.get(key) ?? this.#reader.digests(localPath, algorithms);
    this.#digests.set(key, known);
    known.catch(() => this.#digests.delete(key));
    return known;
  }
}

/** What tells one state of a file from another; undefined for one that has changed just now. */
function identityOf(path: string, stats: BigIntStats): string | undefined {
  const { dev, ino, size, mode, mtimeNs, ctimeNs, ctimeMs } = stats;
  if (Date.now() - Number(ctimeMs) < SETTLED_MS) return undefined;
  return [path, dev, ino, size, mode, mtimeNs, ctimeNs].join('\0');
}

/** Payloads in use, by their files. What nobody uses any more is let go. */
class HeldPayloads {
  readonly #reading = new Map<string, Promise<Payload>>();
  readonly #payloads = new Map<string, WeakRef<Payload>>();
  readonly #unused = new FinalizationRegistry<string>((key) => {
    if (this.#payloads.get(key)?.deref() === undefined) this.#payloads.delete(key);
  });

  async get(key: string, read: () => Promise<Payload>): Promise<Payload> {
    return this.#payloads.get(key)?.deref() ?? this.#reading.get(key) ?? this.#read(key, read);
  }

  #read(key: string, read: () => Promise<Payload>): Promise<Payload> {
    const reading = read()
      .then((payload) => {
        this.#payloads.set(key, new WeakRef(payload));
        this.#unused.register(payload, key);
        return payload;
      })
      .finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }
}

function isVaulted(localPath: string): boolean {
  const file = openSync(localPath, 'r');
  try {
    const head = Buffer.alloc(VAULT_HEADER.length);
    return head.toString('latin1', 0, readSync(file, head, 0, head.length, 0)) === VAULT_HEADER;
  } finally {
    closeSync(file);
  }
}

const shared = new LocalFiles({ bytes: (path) => readFile(path), digests: fileDigests });

/** As `LocalFiles.payload`, of the files that all tasks of this process share. */
export const localPayload: LocalFiles['payload'] = (...args) => shared.payload(...args);
/** As `LocalFiles.withDigests`. */
export const withDigests: LocalFiles['withDigests'] = (...args) => shared.withDigests(...args);
