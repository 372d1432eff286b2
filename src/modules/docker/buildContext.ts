/** What the Engine builds of: the folder on the host as a tar stream, without what its `.dockerignore` leaves out. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { Readable } from 'node:stream';
import dockerignore from '@balena/dockerignore';
import { ModuleError } from '../../core/errors.ts';
import type { Target } from '../../target/target.ts';
import { EXPAND_PATH } from '../files/fileState.ts';
import { script } from '../script.ts';
import { tarEntry } from './tarEntry.ts';

type ContextHost = Pick<Target, 'sh' | 'program' | 'readFile'>;

export interface BuildContext {
  readonly archive: Readable;
  /** Of the Dockerfile, inside the archive. */
  readonly dockerfile: string;
}

const NO_FOLDER = 3;
const IGNORE_FILE = '.dockerignore';

/** Prints where the folder is, with `~` expanded, and its `.dockerignore`. */
const IGNORED = script`
${EXPAND_PATH}
[ -d "$path" ] || exit ${String(NO_FOLDER)}
printf '%s\0' "$path"
[ ! -f "$path/.dockerignore" ] || cat "$path/.dockerignore"
`;

const FILES = 'cd "$1" && find . -print0';

const WHOLE = 'exec tar -c -f - -C "$1" .';

/** The names come on stdin, each ended by a NUL. Busybox has no `--null`. */
const SOME = `
cd "$1" || exit
if tar --help 2>&1 | grep -q -e --null -e bsdtar; then exec tar -c -f - --no-recursion --null -T -; fi
tr '\\0' '\\n' | tar -c -f - --no-recursion -T -
`;

/** @throws ModuleError when there is no such folder; the stream errors when it cannot be read to its end. */
export async function buildContext(
  target: ContextHost,
  folder: string,
  dockerfile = 'Dockerfile',
): Promise<BuildContext> {
  const { rc, stdout } = await target.sh(IGNORED, { args: [folder] });
  if (rc === NO_FOLDER) throw noFolder(folder);
  const [path = folder, ignored = ''] = stdout.toString().split('\0');
  const inside = posix.relative(path, posix.resolve(path, dockerfile));
  const isOutside = inside.startsWith('../');
  if (isOutside) return withOutsider(target, path, ignored, posix.resolve(path, dockerfile));
  const isWhole = ignored.trim() === '';
  const archive = isWhole
    ? await wholeFolder(target, path)
    : await someFiles(target, path, ignored, [inside, IGNORE_FILE]);
  return { archive, dockerfile: inside };
}

function noFolder(path: string): ModuleError {
  return new ModuleError(`there is no folder ${path} on the host to build in`, {
    hint: 'build.path is a folder of the host: copy it there first',
  });
}

/**
 * A Dockerfile from elsewhere goes along under a name that the folder does not have, which the `.dockerignore` that is sent
 * names too: the Engine then keeps it out of what COPY sees.
 */
async function withOutsider(
  target: ContextHost,
  path: string,
  ignored: string,
  file: string,
): Promise<BuildContext> {
  const content = await target.readFile(file);
  const dockerfile = `.dockerfile.${createHash('sha256').update(content).digest('hex')}`;
  const hidden = ignored === '' ? [dockerfile, IGNORE_FILE] : [dockerfile];
  const more = [ignored, ...hidden, ''].join('\n');
  const entries = [tarEntry(dockerfile, content), tarEntry(IGNORE_FILE, Buffer.from(more))];
  const others = await someFiles(target, path, `${more}${IGNORE_FILE}\n`, []);
  return { archive: Readable.from(following(entries, others)), dockerfile };
}

async function* following(entries: readonly Buffer[], archive: Readable): AsyncGenerator<Buffer> {
  yield* entries;
  yield* archive;
}

async function wholeFolder(target: ContextHost, path: string): Promise<Readable> {
  const whole = await target.program(WHOLE, [path]);
  whole.end();
  return whole;
}

async function someFiles(
  target: ContextHost,
  path: string,
  ignored: string,
  keep: readonly string[],
): Promise<Readable> {
  const { stdout } = await target.sh(FILES, { args: [path] });
  const some = await target.program(SOME, [path]);
  some.end(keptFiles(stdout.toString(), ignored, keep).map(nulEnded).join(''));
  return some;
}

function nulEnded(name: string): string {
  return `./${name}\0`;
}

/**
 * @param listed `./a\0./a/b\0` as find prints it
 * @param keep names that are sent whatever `.dockerignore` says, as the Engine itself needs them
 * @returns names without `./`
 */
export function keptFiles(listed: string, ignored: string, keep: readonly string[]): string[] {
  const names = listed
    .split('\0')
    .map((name) => name.replace(/^\.\/?/, ''))
    .filter((name) => name !== '');
  // A CommonJS module that is its own `default`, which is what its types tell.
  const isKept = dockerignore.default().add(ignored).createFilter();
  return names.filter((name) => keep.includes(name) || isKept(name));
}
