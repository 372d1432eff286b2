/** `encrypt`, `decrypt`, `rekey`: whole files, or standard input to standard output. */

import { encrypt } from '../../vars/vault/cipher.ts';
import type { VaultKey } from '../../vars/vault/keyring.ts';
import { usageError } from '../usageError.ts';
import { STREAM, type VaultSession } from './session.ts';

interface Converted<T> {
  readonly name: string;
  readonly content: T;
}

/** Reads and converts every file before the first is written: a failure leaves all as they were. */
async function convertAll<T>(
  names: readonly string[],
  session: VaultSession,
  convert: (content: Buffer, name: string) => T,
): Promise<readonly Converted<T>[]> {
  const converted: Converted<T>[] = [];
  for (const name of names) {
    converted.push({ name, content: convert(await session.read(name), name) });
  }
  return converted;
}

/** @param output where to write instead of into the file itself. */
export async function encryptFiles(
  names: readonly string[],
  output: string | undefined,
  session: VaultSession,
): Promise<void> {
  const files = await convertAll(inputs(names, output), session, (clear) => session.encrypt(clear));
  for (const { name, content } of files) session.writeEncrypted(output ?? name, content);
}

export async function decryptFiles(
  names: readonly string[],
  output: string | undefined,
  session: VaultSession,
): Promise<void> {
  const files = await convertAll(inputs(names, output), session, (content, name) =>
    session.decrypt(name, content),
  );
  for (const { name, content } of files) session.writeClear(output ?? name, content.clear);
}

export async function rekeyFiles(
  names: readonly string[],
  { id, password }: VaultKey,
  session: VaultSession,
): Promise<void> {
  const files = await convertAll(inputs(names, undefined), session, (content, name) =>
    encrypt(session.decrypt(name, content).clear, password, id),
  );
  for (const { name, content } of files) session.writeEncrypted(name, content);
}

function inputs(names: readonly string[], output: string | undefined): readonly string[] {
  if (output !== undefined && names.length > 1) {
    throw usageError('--output takes the text of one file, and there are several');
  }
  return names.length === 0 ? [STREAM] : names;
}
