/**
 * Code that is compiled once and kept in the user's cache folder. V8 then runs it without reading the source: a short run takes a
 * third less time.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import nodeModule from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** What is asked of the process. */
export interface CacheSettings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly userId: number | undefined;
}

/** For the libraries outside the program, where Node can do it by itself (22.1 and later). Called before they are loaded. */
export function keepCompiledCode(folder: string | undefined): void {
  const enable: unknown = Reflect.get(nodeModule, 'enableCompileCache');
  if (folder !== undefined && typeof enable === 'function') {
    Reflect.apply(enable, nodeModule, [folder]);
  }
}

export interface KeptModule {
  readonly exports: unknown;
  /** Writes what is compiled by now, unless it was there. To be called under the flags of V8 that the process began with. */
  keep(): void;
}

/**
 * Runs a CommonJS module. Node's own cache (22.1 and later) could do this, too; this one is for all versions.
 * @param file its name has to change with its content: V8 compares no more of the source than its length
 * @param folder see `safeFolder`
 */
export function loadKept(file: string, folder: string | undefined): KeptModule {
  const place = folder === undefined ? undefined : join(folder, codeName(file));
  const cachedData = place === undefined ? undefined : contentOf(place);
  const source = nodeModule.wrap(readFileSync(file, 'utf8'));
  const script = new Script(source, { filename: file, ...(cachedData && { cachedData }) });
  const module = { exports: {} };
  const run: unknown = script.runInThisContext();
  const given = [module.exports, nodeModule.createRequire(file), module, file, dirname(file)];
  if (typeof run === 'function') Reflect.apply(run, module.exports, given);
  let isThere = cachedData !== undefined && script.cachedDataRejected === false;
  return {
    exports: module.exports,
    keep() {
      if (place !== undefined && !isThere) write(place, script.createCachedData());
      isThere = true;
    },
  };
}

/** Ends in what code is only good for. */
function codeName(file: string): string {
  return `${basename(file, '.cjs')}${ending()}`;
}

const ending = (): string => `-${process.version}-${process.arch}.code`;

/** Before the code stands its SHA-256: V8 does not look whether it is damaged, and damaged code ends the process. */
const DIGEST_BYTES = 32;

function digestOf(code: Buffer): Buffer {
  return createHash('sha256').update(code).digest();
}

/** Undefined where nothing is kept, or nothing whole. */
function contentOf(file: string): Buffer | undefined {
  try {
    const content = readFileSync(file);
    const code = content.subarray(DIGEST_BYTES);
    return digestOf(code).equals(content.subarray(0, DIGEST_BYTES)) ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all, and in the place of what older builds left. A run succeeds without it. */
function write(place: string, code: Buffer): void {
  const folder = dirname(place);
  const unfinished = `${place}.${process.pid}`;
  try {
    for (const name of readdirSync(folder)) {
      const isOld = name.endsWith(ending()) || isUnfinished(name);
      if (name.startsWith('program-') && isOld) rmSync(join(folder, name));
    }
    writeFileSync(unfinished, Buffer.concat([digestOf(code), code]), { mode: 0o600 });
    renameSync(unfinished, place);
  } catch {
    rmSync(unfinished, { force: true });
  }
}

/** By a process that was killed as it wrote. */
function isUnfinished(name: string): boolean {
  const writer = /\.code\.(\d+)$/.exec(name)?.[1];
  if (writer === undefined) return false;
  try {
    return !process.kill(Number(writer), 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/**
 * V8 runs what it finds there without another look. So nobody but the user may write to it: `sudo` with the home of another
 * user must not trust what that user has put there.
 */
export function safeFolder({ environment, home, userId }: CacheSettings): string | undefined {
  if (environment['NODE_DISABLE_COMPILE_CACHE']) return undefined;
  const caches = environment['XDG_CACHE_HOME'] || join(home, '.cache');
  const folder = join(caches, 'drover');
  try {
    for (const each of [caches, folder]) if (!existsSync(each)) mkdirSync(each, { mode: 0o700 });
    const { uid, mode } = statSync(folder);
    return uid === userId && (mode & 0o022) === 0 ? folder : undefined;
  } catch {
    return undefined;
  }
}
