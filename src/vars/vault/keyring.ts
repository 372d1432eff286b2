/** The vault passwords of a run, and what they open. */
import { LoadError } from '../../core/errors.ts';
import type { Secret } from '../../core/secret.ts';
import type { Source } from '../../core/source.ts';
import { decryptEnvelope, encrypt, openEnvelope } from './cipher.ts';

export interface VaultKey {
  /** `default` for a password without a label. */
  readonly id: string;
  readonly password: Secret;
}

export interface Opened {
  readonly clear: Buffer;
  /** What encrypts it as it was: the vault's own identity, with the password that opened it. */
  readonly key: VaultKey;
}

export class VaultKeyring {
  readonly #keys: readonly VaultKey[];
  /** A vault string is read once for each host; deriving its key takes some 10 ms. */
  readonly #opened = new Map<string, Buffer>();

  /** @param keys in the order they are tried; those of the vault's own identity go first. */
  constructor(keys: readonly VaultKey[]) {
    this.#keys = keys;
  }

  /** The identities of the passwords, in their order; a password without a label is `default`. */
  get ids(): readonly string[] {
    return this.#keys.map(({ id }) => id);
  }

  get isEmpty(): boolean {
    return this.#keys.length === 0;
  }

  /** The clear text of a vault, as UTF-8. @throws LoadError when it is damaged or no password opens it. */
  decrypt(armoured: string, source?: Source): string {
    return this.decryptBytes(armoured, source).toString('utf8');
  }

  decryptBytes(armoured: string, source?: Source): Buffer {
    const known = this.#opened.get(armoured);
    if (known !== undefined) return known;
    const { clear } = this.open(armoured, source);
    this.#opened.set(armoured, clear);
    return clear;
  }

  /** The clear text of a vault, its identity and the password that opened it. @throws LoadError as `decrypt`. */
  open(armoured: string, source?: Source): Opened {
    const envelope = openEnvelope(armoured, source);
    for (const { password } of this.#inOrder(envelope.id)) {
      const clear = decryptEnvelope(envelope, password);
      if (clear !== undefined) return { clear, key: { id: envelope.id ?? 'default', password } };
    }
    throw this.#noKey(envelope.id, source);
  }

  /** The clear text of a file that is a vault, in the shape that loading asks for. @throws LoadError as `decrypt`. */
  decryptFile(text: string, file: string): string {
    return this.decrypt(text, { file, line: 1, column: 1 });
  }

  /** @param id which password; default the first. @throws LoadError when there is none of that name. */
  encrypt(clear: string | Uint8Array, id?: string): string {
    const key = id === undefined ? this.#keys[0] : this.#keys.find((each) => each.id === id);
    if (key === undefined) throw this.#noKey(id, undefined);
    return encrypt(clear, key.password, key.id);
  }

  #inOrder(id: string | undefined): readonly VaultKey[] {
    if (id === undefined) return this.#keys;
    const own = this.#keys.filter((key) => key.id === id);
    return [...own, ...this.#keys.filter((key) => key.id !== id)];
  }

  #noKey(id: string | undefined, source: Source | undefined): LoadError {
    const label = id === undefined ? '' : ` with the identity "${id}"`;
    const isEmpty = this.#keys.length === 0;
    const message = isEmpty
      ? `there is no vault password for a vault${label}`
      : `none of the vault passwords (${this.#keys.map((key) => key.id).join(', ')}) opens this vault${label}`;
    return new LoadError(message, {
      code: isEmpty ? 'DROVER_VAULT_PASSWORD' : 'DROVER_VAULT_WRONG_PASSWORD',
      source,
      hint: isEmpty ? 'give --vault-password-file, --vault-id or --ask-vault-pass' : undefined,
    });
  }
}
