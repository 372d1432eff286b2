/** What identifies a host over time: three small files in the state directory (rancher.md B5). */
import { randomBytes, randomUUID } from 'node:crypto';
import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface HostState {
  /** The key of this host's registration; not the token of the URL. */
  readonly registrationToken: string;
  readonly physicalHostUuid: string;
  readonly dockerUuid: string;
}

/** Reads the identity, making what is missing: a host whose directory was wiped is a new host. */
export async function loadHostState(directory: string): Promise<HostState> {
  await mkdir(directory, { recursive: true });
  return {
    registrationToken: await keptValue(directory, '.registration_token', () =>
      randomBytes(32).toString('hex'),
    ),
    physicalHostUuid: await keptValue(directory, '.physical_host_uuid', randomUUID),
    dockerUuid: await keptValue(directory, '.docker_uuid', randomUUID),
  };
}

async function keptValue(directory: string, name: string, make: () => string): Promise<string> {
  const path = join(directory, name);
  const kept = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (kept !== '') return kept;
  const value = make();
  await writeFile(path, `${value}\n`, { mode: 0o600 });
  return value;
}

export async function isWritable(directory: string): Promise<boolean> {
  return access(directory, constants.W_OK).then(
    () => true,
    () => false,
  );
}
