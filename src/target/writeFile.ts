/**
 * Writing files on the host: the new content goes into a temporary file beside the old one that has its final owner and
 * mode before it has content, so it is never readable by more people than the result; then it is renamed.
 */
import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { SessionRequest, SessionResult } from '../connection/session/shellSession.ts';
import { ModuleError } from '../core/errors.ts';
import { fileChunks, fileDigests, Hashes } from './localFile.ts';
import type { Run } from './observe.ts';
import type { UploadOptions, UploadResult, WriteOptions, WriteResult } from './target.ts';
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
  const bytes = typeof content === 'string' ? Buffer.from(content) : bufferOf(content);
  const source = isShort(bytes)
    ? { given: bytes.toString() }
    : { stdin: bytes, sizeBytes: bytes.length };
  return writeResult(path, await run(writeRequest(path, stem, source, options)));
}

/** The same bytes. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** What a shell can hold in a variable, and writes in less time than programs take to start that copy from stdin. */
function isShort(bytes: Buffer): boolean {
  return bytes.length <= MAX_GIVEN_BYTES && !bytes.includes(0) && isUtf8(bytes);
}

const MAX_GIVEN_BYTES = 32_768;

/**
 * Whether writing twice leaves what writing once does. A backup would be one of the new content, a command that validates may
 * do anything, and a symbolic mode is relative to what is there.
 */
export function mayRewrite({ backup, validate, unsafeWrites, mode }: WriteOptions): boolean {
  const isFixed = mode === undefined || mode === 'preserve' || /^[0-7]+$/.test(mode);
  return isFixed && !backup && !unsafeWrites && (validate ?? '') === '';
}

/**
 * The host compares what arrives with a checksum from before: a file that changes meanwhile fails the upload. SHA-1, because
 * it takes a host a third of the time of SHA-256; against those who would forge content stands SSH.
 */
export async function uploadFile(
  run: Run,
  localPath: string,
  path: string,
  { sha1, digests = [], ...options }: UploadOptions,
  stem = temporaryStem(),
): Promise<UploadResult> {
  const { size, mode } = await stat(localPath);
  const checksum = sha1 ?? (await fileDigests(localPath, ['sha1']))['sha1'];
  const effective =
    options.mode === 'preserve' ? { ...options, mode: (mode & 0o7777).toString(8) } : options;
  const hashes = new Hashes(digests);
  const chunks = { sizeBytes: size, chunks: hashes.of(fileChunks(localPath)) };
  const source = { stdin: chunks, sizeBytes: size, checksum };
  const result = await run(writeRequest(path, stem, source, effective));
  return { ...writeResult(path, result), digests: hashes.hex() };
}

/** Content as it travels: in the request itself, or on stdin. */
interface Source {
  readonly given?: string;
  readonly stdin?: SessionRequest['stdin'];
  readonly sizeBytes?: number;
  /** SHA-1 in hex. */
  readonly checksum?: string | undefined;
}

function writeRequest(
  path: string,
  stem: string,
  { given, stdin, sizeBytes = 0, checksum = '' }: Source,
  options: WriteOptions,
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
      ...(given === undefined ? [] : ['given', given]),
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
