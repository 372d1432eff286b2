/**
 * Facts that outlive a run: a JSON file for each host, in the form of Ansible's `jsonfile` plugin, so that both may
 * share a cache.
 */
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { LoadError } from '../core/errors.ts';
import { fromPlain, toPlain, type Value } from '../core/values.ts';
import type { HostFactCache } from './hostStore.ts';

export interface FactCache {
  ofHost(host: string): HostFactCache;
  /** `--flush-cache`: forgets all hosts. */
  flush(): void;
}

export interface JsonFileCacheOptions {
  readonly folder: string;
  /** Before the name of the host in the name of the file. */
  readonly prefix: string;
  /** Seconds after which a host's facts count no more; 0 keeps them for ever. */
  readonly timeoutSeconds: number;
  readonly now: () => Date;
}

/** @throws LoadError when the folder cannot be made. */
export function jsonFileCache(options: JsonFileCacheOptions): FactCache {
  const { folder, prefix } = options;
  attempt(folder, () => mkdirSync(folder, { recursive: true }));
  return {
    ofHost: (host) => hostFile(join(folder, `${prefix}${host.replaceAll('/', '_')}`), options),
    flush() {
      for (const name of readdirSync(folder)) {
        if (name.startsWith(prefix)) rmSync(join(folder, name), { force: true });
      }
    },
  };
}

function hostFile(file: string, { timeoutSeconds, now }: JsonFileCacheOptions): HostFactCache {
  return {
    read: () => (isFresh(file, timeoutSeconds, now()) ? factsIn(file) : new Map()),
    write(facts) {
      const plain = Object.fromEntries([...facts].map(([name, value]) => [name, toPlain(value)]));
      attempt(file, () => {
        writeFileSync(`${file}.new`, JSON.stringify({ ...plain, [GATHERED]: true }, undefined, 4), {
          mode: 0o600,
        });
        renameSync(`${file}.new`, file);
      });
    },
    forget: () => rmSync(file, { force: true }),
  };
}

/** The mark by which Ansible knows that a cached host was asked for its facts. */
const GATHERED = '_ansible_facts_gathered';

function isFresh(file: string, timeoutSeconds: number, now: Date): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  return timeoutSeconds === 0 || now.getTime() - stat.mtimeMs <= timeoutSeconds * 1000;
}

/** A file that holds something else is as if it were not there: the host is asked again. */
function factsIn(file: string): ReadonlyMap<string, Value> {
  const facts = parsed(readFileSync(file, 'utf8'));
  if (!(facts instanceof Map)) return new Map();
  facts.delete(GATHERED);
  return new Map([...facts].map(([name, value]) => [String(name), value]));
}

function parsed(text: string): Value {
  try {
    return fromPlain(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function attempt(path: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    throw new LoadError(`the facts cache cannot be written at ${path}: ${String(cause)}`, {
      code: 'DROVER_FACT_CACHE',
      cause,
    });
  }
}
