/** Brings the archive to the host, when it is not there, and tells what kind it is. */
import { ModuleError } from '../../../core/errors.ts';
import type { Target } from '../../../target/target.ts';
import type { ActionContext } from '../../module.ts';
import { discard } from '../../net/fetchedFile.ts';
import { fetchUrl } from '../../net/fetchUrl.ts';
import { script } from '../../script.ts';
import { failed } from '../attributes.ts';
import { localPayload } from '../localPayload.ts';
import { type ArchiveFile, formatOf } from './format.ts';
import { isRemote, type UnarchiveParams } from './params.ts';

export function isUrl(params: UnarchiveParams): boolean {
  return isRemote(params) && params.src.includes('://');
}

const MAKE_DIRECTORY = script`mktemp -d "\${TMPDIR:-/tmp}/.drover-XXXXXX"`;

/** A directory of the host that only we can read; the caller removes it. */
export async function workDirectory(target: Target): Promise<string> {
  const { rc, stdout, stderr } = await target.sh(MAKE_DIRECTORY);
  if (rc !== 0) throw failed('cannot make a temporary directory', rc, stderr);
  return stdout.toString().trimEnd();
}

/** Path of the archive on the host: itself, or a copy in `directory`. */
export async function archiveOnHost(
  params: UnarchiveParams,
  onHost: string | undefined,
  directory: string,
  context: ActionContext,
): Promise<string> {
  if (onHost !== undefined) return onHost;
  const path = `${directory}/archive`;
  await (isUrl(params) ? download(params, path, context) : upload(params, path, context));
  return path;
}

async function upload(
  { src, decrypt }: UnarchiveParams,
  path: string,
  { target, controller }: ActionContext,
): Promise<void> {
  const file = await controller.findFile('files', src);
  const { content, localPath, digest } = await localPayload(file, decrypt, controller);
  const options = { mode: '0600' };
  if (content !== undefined) await target.writeFile(path, content, options);
  else await target.upload(localPath ?? file, path, { ...options, sha1: digest('sha1') });
}

async function download(
  { src, validate_certs: validateCerts }: UnarchiveParams,
  path: string,
  { target, controller, signal }: ActionContext,
): Promise<void> {
  const file = await fetchUrl(target, src, { validateCerts, controller, signal });
  try {
    await target.upload(file.path, path, { mode: '0600' });
  } finally {
    await discard(file);
  }
}

/** Prints the first bytes, `gnu` or nothing, and the programs that are there. */
const IDENTIFY = script`
od -An -N6 -tx1 -- "$1" | tr -d ' \n' || exit
echo
tar --version 2>/dev/null | grep -c 'GNU tar'
for tool in tar unzip gzip bzip2 xz zstd uncompress; do command -v "$tool" >/dev/null && echo "$tool"; done
exit 0`;

/** @throws ModuleError that names the package of a program that is missing */
export async function identified(target: Target, path: string): Promise<ArchiveFile> {
  const { rc, stdout, stderr } = await target.sh(IDENTIFY, { args: [path] });
  if (rc !== 0) throw failed(`cannot read ${path}`, rc, stderr);
  const [magic = '', gnu, ...tools] = stdout.toString().split('\n');
  const format = formatOf(magic);
  for (const [tool, packageName] of Object.entries(format.needs)) {
    if (tools.includes(tool)) continue;
    throw new ModuleError(`this host has no ${tool}, which unpacks ${path}`, {
      hint: `install the package ${packageName} first`,
    });
  }
  return { path, format, hasGnuTar: gnu !== '0' };
}
