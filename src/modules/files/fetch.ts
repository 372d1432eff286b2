import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { ResultData } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { type ActionContext, type ActionOutcome, defineAction } from '../module.ts';
import { boolean, path as pathParam } from '../params.ts';
import { script } from '../script.ts';
import { EXPAND_PATH, type FileState, fileState } from './fileState.ts';

const Params = z.strictObject({
  src: pathParam().describe('The file on the host. Absolute.'),
  dest: pathParam().describe('Directory of the controller; the file goes to <dest>/<host>/<src>.'),
  flat: boolean()
    .default(false)
    .describe('`dest` is the file itself, or with a slash at its end its directory.'),
  fail_on_missing: boolean().default(true).describe('Fail when the file is not there.'),
  validate_checksum: boolean().default(true).describe('Compare the hashes afterwards.'),
});
type Params = z.output<typeof Params>;

export const fetch = defineAction({
  name: 'fetch',
  summary: 'Copy a file from the host to the controller',
  params: Params,
  examples: ['- fetch:\n    src: /var/log/app.log\n    dest: logs/\n'],
  returns: {
    dest: 'The file on the controller.',
    file: 'The file on the host.',
    checksum: 'SHA-1 of the content.',
    md5sum: 'MD5 of the content.',
    remote_checksum: 'SHA-1 as the host had it.',
  },
  checkMode: 'predict',

  async run(context, params) {
    const { target, controller, checkMode } = context;
    const { file, md5 } = await target.observe({
      file: fileState(params.src, { checksum: 'always' }),
      md5: checkMode ? md5Probe(params.src) : NO_HASH,
    });
    const problem = problemOf(file);
    if (problem !== undefined) return notFetched(params, problem);
    const dest = destinationOf(params, file.path, controller.host, controller.playbookDir);
    const local = await hashesOf(dest);
    const { algorithm = '', hex } = file.checksum ?? {};
    const isSame = hex !== undefined && local?.[algorithm] === hex;
    return isSame && local !== undefined
      ? { changed: false, data: { ...resultOf(dest, local), file: file.path } }
      : fetchFile(context, params, { ...file, md5 }, dest);
  },
});

/** The hash that only a prediction asks the host for: what travels is hashed here. */
function md5Probe(src: string): Probe<string | undefined> {
  return {
    script: MD5,
    args: [src],
    parse: ({ stdout }) => /^[\da-f]{32}/.exec(stdout.toString())?.[0],
  };
}

const MD5 = script`
${EXPAND_PATH}
[ ! -f "$path" ] || md5sum <"$path"`;

const NO_HASH: Probe<undefined> = { script: ':', args: [], parse: () => undefined };

async function fetchFile(
  { target, checkMode }: ActionContext,
  { validate_checksum: validates }: Params,
  { path: source, checksum, md5 }: FileState & { readonly md5: string | undefined },
  dest: string,
): Promise<ActionOutcome> {
  const remote = checksum?.algorithm === 'sha1' ? checksum.hex : null;
  const changes = [{ what: dest, before: undefined, after: undefined, operation: undefined }];
  if (checkMode) {
    const data = { dest, checksum: remote, md5sum: md5, remote_checksum: remote };
    return { changed: true, changes, data };
  }
  await download(source, dest, target);
  const local = await hashesOf(dest);
  if (validates && checksum !== undefined && local?.[checksum.algorithm] !== checksum.hex) {
    throw new ModuleError('checksum mismatch', {
      data: { file: source, dest, remote_checksum: remote },
    });
  }
  return {
    changed: true,
    changes,
    data: { ...resultOf(dest, local ?? {}), remote_checksum: remote },
  };
}

function resultOf(dest: string, { sha1, md5 }: Readonly<Record<string, string>>): ResultData {
  return { dest, checksum: sha1, md5sum: md5 };
}

function problemOf({ followed }: FileState): string | undefined {
  if (followed === undefined) return 'the remote file does not exist';
  return followed.type === 'directory'
    ? 'remote file is a directory, fetch cannot work on directories'
    : undefined;
}

function notFetched({ src, fail_on_missing: fails }: Params, problem: string): ActionOutcome {
  if (fails) throw new ModuleError(problem, { data: { file: src } });
  return { changed: false, data: { msg: `${problem}, not transferring, ignored`, file: src } };
}

/**
 * The host's path below `dest` cannot climb out of it, nor can its name, which may come from an inventory program or
 * from another host.
 * @throws ModuleError for a name that is no name of a folder
 */
function destinationOf(
  { dest, flat }: Params,
  source: string,
  host: string,
  playbookDir: string,
): string {
  const base = path.resolve(playbookDir, dest);
  if (!flat) return path.join(base, folderOf(host), path.posix.normalize(`/${source}`));
  return dest.endsWith('/') ? path.join(base, path.posix.basename(source)) : base;
}

function folderOf(host: string): string {
  if (!/[/\0]/.test(host) && host !== '.' && host !== '..') return host;
  throw new ModuleError(`there can be no folder for a host of the name "${host}"`, {
    hint: 'set flat: true and name the file in dest',
  });
}

async function download(source: string, dest: string, target: Target): Promise<void> {
  await mkdir(path.dirname(dest), { recursive: true });
  const temporary = `${dest}.${randomBytes(6).toString('hex')}`;
  try {
    await pipeline(await target.download(source), createWriteStream(temporary));
    await rename(temporary, dest);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Undefined when there is no such file. */
async function hashesOf(file: string): Promise<Readonly<Record<string, string>> | undefined> {
  const hashes = ['sha1', 'sha256', 'md5'].map((name) => ({ name, hash: createHash(name) }));
  try {
    for await (const chunk of createReadStream(file))
      for (const { hash } of hashes) hash.update(chunk);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return Object.fromEntries(hashes.map(({ name, hash }) => [name, hash.digest('hex')]));
}
