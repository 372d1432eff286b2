/** What every `drover vault` command needs: the passwords, the one that encrypts, and where texts come from and go. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { LoadError } from '../../core/errors.ts';
import { encrypt, isVault } from '../../vars/vault/cipher.ts';
import { type Opened, type VaultKey, VaultKeyring } from '../../vars/vault/keyring.ts';
import type { VaultFlags } from '../flags.ts';
import { settingsOf } from '../runSettings.ts';
import { usageError } from '../usageError.ts';
import { vaultKeys, vaultSources } from '../vaultKeys.ts';
import type { World } from '../world.ts';
import { writeSafely } from '../writeSafely.ts';

export interface VaultSessionFlags extends VaultFlags {
  /** The identity whose password encrypts. */
  readonly encryptVaultId?: string;
}

/** Standard input or output instead of a file. */
export const STREAM = '-';

/** New files, and all that hold clear text, are their owner's alone. */
const PRIVATE_MODE = 0o600;

export class VaultSession {
  readonly #world: World;
  readonly #keys: readonly VaultKey[];
  readonly #encryptId: string | undefined;

  private constructor(world: World, keys: readonly VaultKey[], encryptId: string | undefined) {
    this.#world = world;
    this.#keys = keys;
    this.#encryptId = encryptId;
  }

  /**
   * Reads the passwords that flags and settings name; without any, asks.
   * @param isNew the passwords encrypt something new: prompts ask twice.
   */
  static async open(flags: VaultSessionFlags, world: World, isNew: boolean): Promise<VaultSession> {
    const { settings } = settingsOf(flags, world);
    const sources = vaultSources(settings, flags);
    const keys = await vaultKeys(sources.length === 0 ? ['prompt'] : sources, world, isNew);
    const encryptId = flags.encryptVaultId ?? settings.vault.encryptIdentity.value;
    return new VaultSession(world, keys, encryptId);
  }

  /** @throws LoadError when the text is a vault already, or when several passwords could encrypt it. */
  encrypt(clear: Uint8Array): string {
    if (isVault(Buffer.from(clear).toString('latin1'))) {
      throw new LoadError('this is encrypted already', { code: 'DROVER_VAULT_ENCRYPTED' });
    }
    const { id, password } = this.#encryptingKey();
    return encrypt(clear, password, id);
  }

  /** @throws LoadError when it is no vault or no password opens it. */
  decrypt(name: string, content: Buffer): Opened {
    const source = { file: name, line: 1, column: 1 };
    return new VaultKeyring(this.#keys).open(content.toString('utf8'), source);
  }

  /** @param name a path, or `-`. */
  async read(name: string): Promise<Buffer> {
    if (name === STREAM) return this.#world.readStdin();
    try {
      return readFileSync(this.path(name));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new LoadError(`cannot read "${name}": ${reason}`, {
        code: 'DROVER_FILE_UNREADABLE',
        cause,
      });
    }
  }

  /** Replaces the file as a whole. */
  writeEncrypted(name: string, armoured: string): void {
    if (name === STREAM) this.#world.stdout.write(armoured);
    else writeSafely(this.path(name), armoured, { mode: PRIVATE_MODE });
  }

  /** As `writeEncrypted`, and nobody but the owner may read it from now on. */
  writeClear(name: string, clear: Uint8Array): void {
    if (name === STREAM) this.#world.writeBytes(clear);
    else writeSafely(this.path(name), clear, { mode: PRIVATE_MODE, isPrivate: true });
  }

  path(name: string): string {
    return resolve(this.#world.cwd, name);
  }

  #encryptingKey(): VaultKey {
    const wanted = this.#encryptId;
    const [first, second] = this.#keys;
    const found = wanted === undefined ? first : this.#keys.find(({ id }) => id === wanted);
    const ids = this.#keys.map(({ id }) => id).join(', ');
    if (found === undefined)
      throw usageError(`no vault password with the identity "${wanted}"`, `there are: ${ids}`);
    if (wanted === undefined && second !== undefined) {
      throw usageError(
        `several passwords could encrypt this: ${ids}`,
        'choose one with --encrypt-vault-id',
      );
    }
    return found;
  }
}
