/** `~/.ssh/config` as text with its `Include`s in place; `ssh-config` answers what it says about a host. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import SSHConfig from 'ssh-config';

/** Keyword in lower case → its values. */
export type SshKeywords = ReadonlyMap<string, readonly string[]>;

const MAX_INCLUDE_DEPTH = 16;

/**
 * What the file says about `host`; nothing when there is no such file. What `matchBeyondUs` names never matches.
 * @param user the one that is asked for, for `Match user`.
 */
export function readSshConfig(
  file: string,
  host: { readonly name: string; readonly user: string | undefined },
  homeDirectory: string,
): SshKeywords {
  const config = SSHConfig.parse(expandIncludes(file, homeDirectory, 0));
  const found = config.compute(
    { Host: host.name, ...(host.user !== undefined && { User: host.user }) },
    { ignoreCase: true, matchExec: false },
  );
  const entries = Object.entries(found).map(
    ([keyword, value]) => [keyword, Array.isArray(value) ? value : [value]] as const,
  );
  return new Map(entries);
}

/** A `Match` line whose condition only OpenSSH can tell: commands, networks, negations. */
export function matchBeyondUs(file: string, homeDirectory: string): string | undefined {
  const conditions = expandIncludes(file, homeDirectory, 0).matchAll(/^[ \t]*Match[ \t=].*$/gim);
  return [...conditions]
    .map(([line]) => line.trim())
    .find((line) =>
      /\s(exec|localnetwork|canonical|tagged|version|sessiontype|!\w+)\b/i.test(line),
    );
}

function expandIncludes(file: string, homeDirectory: string, depth: number): string {
  if (depth > MAX_INCLUDE_DEPTH) return '';
  return textOf(file).replace(/^[ \t]*Include[ \t=]+(.+)$/gim, (_, patterns: string) =>
    patterns
      .split(/\s+/)
      .flatMap((pattern) => filesOf(pattern.replaceAll('"', ''), homeDirectory))
      .map((included) => expandIncludes(included, homeDirectory, depth + 1))
      .join('\n'),
  );
}

/** Relative names are those of `~/.ssh`; wildcards are understood in the last part of the path. */
function filesOf(pattern: string, homeDirectory: string): string[] {
  const path = expandHome(pattern, homeDirectory);
  const absolute = isAbsolute(path) ? path : join(homeDirectory, '.ssh', path);
  if (!/[*?]/.test(basename(absolute))) return [absolute];
  const wanted = wildcard(basename(absolute));
  return namesIn(dirname(absolute))
    .filter((name) => wanted.test(name))
    .sort()
    .map((name) => join(dirname(absolute), name));
}

export function expandHome(path: string, homeDirectory: string): string {
  return path === '~' || path.startsWith('~/') ? join(homeDirectory, path.slice(1)) : path;
}

/** A pattern of ssh_config(5) and known_hosts: `*` and `?`, case-insensitive. */
export function wildcard(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i');
}

/** The content of a file of the user's; empty when it is absent. */
export function textOf(file: string): string {
  return orElse(() => readFileSync(file, 'utf8'), '');
}

function namesIn(directory: string): string[] {
  return orElse(() => readdirSync(directory), []);
}

function orElse<T>(read: () => T, absent: T): T {
  try {
    return read();
  } catch (error) {
    if (isAbsent(error)) return absent;
    throw error;
  }
}

export function isAbsent(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR')
  );
}
