/** The vault passwords of a run: from files, programs and prompts, in the order in which they are tried. */
import { resolve } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { Secret } from '../core/secret.ts';
import { programRunner } from '../inventory/script.ts';
import { nodeFiles } from '../source/files.ts';
import { type VaultKey, VaultKeyring } from '../vars/vault/keyring.ts';
import { parseVaultId, readPasswordFile } from '../vars/vault/passwords.ts';
import type { RunFlags } from './runFlags.ts';
import type { World } from './world.ts';

/** @throws LoadError for a password file that cannot be used. */
export async function vaultKeyring(
  settings: Settings,
  flags: RunFlags,
  world: World,
): Promise<VaultKeyring> {
  const { vault } = settings;
  const configured = vault.passwordFile.value === undefined ? [] : [vault.passwordFile.value];
  const named = [...(flags.vaultId ?? []), ...vault.identities.value];
  const files = flags.vaultPasswordFile ?? configured;
  const sources = [...named, ...files, ...(vault.askPass.value ? ['prompt'] : [])];
  const keys: VaultKey[] = [];
  for (const source of sources) keys.push(await keyFrom(source, world));
  return new VaultKeyring(keys);
}

async function keyFrom(text: string, world: World): Promise<VaultKey> {
  const { id, source } = parseVaultId(text);
  if (source !== 'prompt') {
    const file = resolve(world.cwd, source.file);
    return readPasswordFile(file, id, nodeFiles, programRunner(world.environment));
  }
  const label = id === 'default' ? 'Vault password: ' : `Vault password (${id}): `;
  return { id, password: new Secret((await world.prompt(label, { echo: false })) ?? '') };
}
