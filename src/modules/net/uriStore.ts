/** The file on the host that `uri` puts an answer into (`dest`). */
import { ModuleError } from '../../core/errors.ts';
import type { Change, ResultData } from '../../core/results.ts';
import type { Target } from '../../target/target.ts';
import {
  attributeChanges,
  type Destination,
  destination,
  fileData,
  SET_ATTRIBUTES,
} from './destination.ts';
import type { UriParams } from './uriParams.ts';

interface Stored {
  readonly changes: readonly Change[];
  readonly data: ResultData;
}

/** Puts the answer into the file, and owner and mode right. @param dest the file, or a folder. @throws ModuleError when it cannot be written. */
export async function storeAnswer(
  target: Target,
  params: UriParams,
  dest: string,
  content: Buffer,
): Promise<Stored> {
  const name = new URL(params.url).pathname.split('/').pop() || 'index.html';
  const query = { path: dest, name, mode: params.mode };
  const { file } = await target.observe({ file: destination(query) });
  const isSame = file.exists && content.equals(await target.readFile(file.path));
  const changes = isSame
    ? await setAttributes(target, params, file)
    : await write(target, params, file, content);
  const after =
    changes.length === 0 ? file : (await target.observe({ file: destination(query) })).file;
  return { changes, data: { path: file.path, ...fileData(after) } };
}

async function setAttributes(
  target: Target,
  { owner, group, mode }: UriParams,
  file: Destination,
): Promise<readonly Change[]> {
  const changes = attributeChanges({ owner, group, mode }, file);
  if (changes.length === 0) return [];
  await target.sh(SET_ATTRIBUTES, { args: [file.path, owner ?? '', group ?? '', mode ?? ''] });
  return changes;
}

async function write(
  target: Target,
  { owner, group, mode, unsafe_writes }: UriParams,
  { path, exists, attributes }: Destination,
  content: Buffer,
): Promise<readonly Change[]> {
  try {
    await target.writeFile(path, content, { owner, group, mode, unsafeWrites: unsafe_writes });
  } catch (error) {
    if (!(error instanceof ModuleError)) throw error;
    const { hint, data } = error;
    throw new ModuleError(`Could not replace file: ${error.message}`, { hint, data, cause: error });
  }
  const before = exists ? `${attributes.size} bytes` : 'absent';
  return [{ what: path, before, after: `${content.length} bytes`, operation: 'write' }];
}
