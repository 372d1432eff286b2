/**
 * Writing files on the host: the new content goes into a temporary file beside the old one that has its final owner and
 * mode before it has content, so it is never readable by more people than the result; then it is renamed.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { SessionRequest, SessionResult } from '../connection/shellSession.ts';
import { ModuleError } from '../core/errors.ts';
import type { Run } from './observe.ts';
import type { WriteOptions, WriteResult } from './target.ts';
import { WRITE_FAILURES, WRITE_SCRIPT } from './writeScript.ts';

/** How the names of one write's temporary files begin. A further attempt of it removes what the one before left. */
export function temporaryStem(): string {
  return `.drover-${randomBytes(12).toString('hex')}`;
}

export async function writeContent(
  run: Run,
  path: string,
  content: Uint8Array | string,
  options: WriteOptions,
  stem = temporaryStem(),
): Promise<WriteResult> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const result = await run(writeRequest(path, stem, bytes, bytes.length, options));
  return writeResult(path, result);
}

/**
 * Whether writing twice leaves what writing once does. A backup would be one of the new content, a command that validates may
 * do anything, and a symbolic mode is relative to what is there.
 */
export function mayRewrite({ backup, validate, unsafeWrites, mode }: WriteOptions): boolean {
  const isFixed = mode === undefined || mode === 'preserve' || /^[0-7]+$/.test(mode);
  return isFixed && !backup && !unsafeWrites && (validate ?? '') === '';
}

/** Reads the file twice: once for its checksum, once to send it; a change between the two fails the upload. */
export async function uploadFile(
  run: Run,
  localPath: string,
  path: string,
  options: WriteOptions,
  stem = temporaryStem(),
): Promise<WriteResult> {
  const { size, mode } = await stat(localPath);
  const checksum = await sha256(localPath);
  const effective =
    options.mode === 'preserve' ? { ...options, mode: (mode & 0o7777).toString(8) } : options;
  const stdin = { sizeBytes: size, chunks: createReadStream(localPath) };
  const result = await run(writeRequest(path, stem, stdin, size, effective, checksum));
  return writeResult(path, result);
}

async function sha256(localPath: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(localPath)) hash.update(chunk);
  return hash.digest('hex');
}

function writeRequest(
  path: string,
  stem: string,
  stdin: SessionRequest['stdin'],
  sizeBytes: number,
  options: WriteOptions,
  checksum = '',
): SessionRequest {
  const { owner = '', group = '', createMode = '', validate = '', createParents } = options;
  const mode = options.mode === undefined || options.mode === 'preserve' ? '' : options.mode;
  return {
    // A validation command is the user's own and may leave anything behind.
    kind: validate === '' ? 'probe' : 'script',
    script: WRITE_SCRIPT,
    stdin,
    args: [
      path,
      stem,
      String(sizeBytes),
      checksum,
      owner,
      group,
      mode,
      createMode,
      options.follow === false ? '' : 'follow',
      options.backup ? 'backup' : '',
      options.unsafeWrites ? 'unsafe' : '',
      validationText(validate),
      createParents === undefined ? '' : (createParents.mode ?? 'yes'),
    ],
  };
}

/** `%s` as the script's quoted `$temporary`, also where the playbook put quotes of its own around it. */
function validationText(validate: string): string {
  if (validate === '' || validate.includes('%s')) {
    return validate.replace(/(['"]?)%s\1/g, '"$temporary"');
  }
  throw new ModuleError(`validate must contain %s: ${validate}`, {
    code: 'DROVER_VALIDATE_WITHOUT_FILE',
  });
}

function writeResult(path: string, { rc, stdout, stderr }: SessionResult): WriteResult {
  if (rc === 0) {
    const backup = stdout.toString().match(/^backup (.*)\n$/s)?.[1];
    return backup === undefined ? {} : { backup };
  }
  const said = stderr.toString().trim();
  const { code, reason } = WRITE_FAILURES[rc] ?? { code: 'DROVER_WRITE_FAILED', reason: '' };
  const message = [`cannot write ${path}`, reason, said].filter((part) => part !== '').join(': ');
  throw new ModuleError(message, { code, data: { rc, stdout: stdout.toString(), stderr: said } });
}
