/** Archives of images on the host, as `docker save` writes them: what is in one, and writing one. */
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Target } from '../../target/target.ts';
import { EXPAND_PATH } from '../files/fileState.ts';
import { jsonIfAny } from '../hostJson.ts';
import { script } from '../script.ts';
import type { Engine } from './client.ts';
import { reference } from './imageName.ts';

export interface ArchivedImage {
  /** As the Engine calls it, `sha256:…`. */
  readonly id: string;
  readonly names: readonly string[];
}

const MANIFEST = script`
${EXPAND_PATH}
[ ! -f "$path" ] || tar -xOf "$path" manifest.json 2>/dev/null || :
`;

/** What the archive holds; nothing where there is none, or where it cannot be read. */
export async function archivedImages(
  target: Pick<Target, 'sh'>,
  path: string,
): Promise<readonly ArchivedImage[]> {
  const { stdout } = await target.sh(MANIFEST, { args: [path] });
  return readManifest(stdout.toString());
}

const Manifest = z.array(
  z.looseObject({ Config: z.string(), RepoTags: z.array(z.string()).nullish() }),
);

/** @param text `[{"Config": "<hash>.json", "RepoTags": [...]}]`, or `blobs/sha256/<hash>` since Engine 25 */
export function readManifest(text: string): readonly ArchivedImage[] {
  const parsed = Manifest.safeParse(jsonIfAny(text));
  return (parsed.data ?? []).flatMap(({ Config, RepoTags }) => {
    const hash = /([\da-f]{64})(?:\.json)?$/.exec(Config)?.[1];
    return hash === undefined ? [] : [{ id: `sha256:${hash}`, names: RepoTags ?? [] }];
  });
}

/** Written beside the place and renamed, with the mode of any new file. */
const WRITE = script`
set -e
${EXPAND_PATH}
new=$(mktemp "$path.XXXXXX")
trap 'rm -f "$new"' EXIT
cat >"$new"
[ "$(wc -c <"$new")" -gt 0 ]
chmod =rw "$new"
mv -f "$new" "$path"
echo written
`;

/** @throws EngineRefusal, or ModuleError when the host cannot keep it. */
export async function saveImage(
  engine: Engine,
  target: Pick<Target, 'program'>,
  name: string,
  path: string,
): Promise<void> {
  const source = `/images/${encodeURI(reference(name))}/get`;
  const image = await engine.open({
    method: 'GET',
    path: source,
    doing: `save image ${name}`,
    unlimited: true,
  });
  const file = await target.program(WRITE, [path]);
  const said = textOf(file);
  await pipeline(image, file, { end: true });
  if ((await said).trim() !== 'written') throw new ModuleError(`cannot write ${path}`);
}

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
