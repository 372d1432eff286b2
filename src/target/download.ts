/** Bytes of files on the host, whole or as a stream. */
import { PassThrough, type Readable } from 'node:stream';
import type { SessionResult } from '../connection/session/shellSession.ts';
import { ModuleError } from '../core/errors.ts';
import type { Run } from './observe.ts';

const SCRIPT = 'exec cat -- "$1"';

/** @throws ModuleError `DROVER_READ_FAILED` with what `cat` said. */
export async function readWholeFile(run: Run, path: string): Promise<Buffer> {
  const result = await run({ kind: 'probe', script: SCRIPT, args: [path] });
  check(result, path);
  return result.stdout;
}

/** The stream holds the session back when nobody reads; it errors when the host's side ends short. */
export async function downloadFile(run: Run, path: string): Promise<Readable> {
  const stream = new PassThrough();
  const abort = new AbortController();
  stream.once('close', () => abort.abort());
  let hasBegun = false;
  await new Promise<void>((resolve, reject) => {
    const onStdout = (chunk: Buffer): Promise<void> | undefined => {
      hasBegun = true;
      resolve();
      return stream.destroyed || stream.write(chunk) ? undefined : roomIn(stream);
    };
    const request = { kind: 'probe', script: SCRIPT, args: [path], onStdout } as const;
    run({ ...request, signal: abort.signal })
      .then((result) => check(result, path))
      .then(
        () => resolve(void stream.end()),
        // An error before the first byte is the caller's own; later ones are the stream's.
        (error: Error) => (hasBegun ? stream.destroy(error) : reject(error)),
      );
  });
  return stream;
}

/** Resolves when `stream` takes more, or never will. */
function roomIn(stream: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      stream.off('drain', settle).off('close', settle);
      resolve();
    };
    stream.on('drain', settle).on('close', settle);
  });
}

function check({ rc, stderr }: SessionResult, path: string): void {
  if (rc === 0) return;
  const said = stderr.toString().trim();
  throw new ModuleError(`cannot read ${path}: ${said}`, {
    code: 'DROVER_READ_FAILED',
    data: { rc, stderr: said },
  });
}
