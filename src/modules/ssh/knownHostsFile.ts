/** The text of a known_hosts file, see sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. Pure. */
import { createHash, createHmac } from 'node:crypto';
import { joinLines, textLines } from '../files/keptText.ts';

export interface HostKey {
  /** `@cert-authority` or `@revoked`; empty for most. */
  readonly marker: string;
  /** Names with commas between, or `|1|SALT|HASH`. */
  readonly hosts: string;
  readonly type: string;
  readonly body: string;
}

/** Undefined for comments, blank lines and what is no key. */
export function hostKey(line: string): HostKey | undefined {
  const words = line.trim().split(/\s+/);
  if (line.trim().startsWith('#')) return undefined;
  const marker = words[0]?.startsWith('@') ? (words.shift() ?? '') : '';
  const [hosts, type, body] = words;
  if (hosts === undefined || type === undefined || body === undefined) return undefined;
  return { marker, hosts, type, body };
}

/** Whether the key is for the host: by name, by pattern, or by hash. */
export function isForHost({ hosts }: HostKey, name: string): boolean {
  if (hosts.startsWith('|1|')) {
    const [, , salt = ''] = hosts.split('|');
    return hashedName(name, Buffer.from(salt, 'base64')) === hosts;
  }
  const patterns = hosts.split(',');
  const isRefused = patterns.some((each) => each.startsWith('!') && matches(each.slice(1), name));
  return !isRefused && patterns.some((each) => matches(each, name));
}

function matches(pattern: string, name: string): boolean {
  const expression = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 'i').test(name);
}

function hashedName(name: string, salt: Buffer): string {
  const hash = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${salt.toString('base64')}|${hash}`;
}

/** The line with its name hashed. The salt follows from the key, so that a plan can show the very line. */
export function hashedLine(line: string, name: string): string {
  const key = hostKey(line);
  if (key === undefined || key.hosts.startsWith('|1|')) return line;
  const salt = createHash('sha1').update(`${name} ${key.body}`).digest();
  return line.replace(key.hosts, hashedName(name, salt));
}

/** The text with `line`: in place of a key of the same type for that host, or at the end. */
export function withHostKey(text: string, line: string, name: string): string {
  const lines = textLines(text);
  const wanted = hostKey(line);
  const found = lines.flatMap((each, index) => {
    const key = hostKey(each);
    return key !== undefined && isForHost(key, name) ? [{ key, index }] : [];
  });
  if (found.some(({ key }) => isSameKey(key, wanted))) return text;
  const old = found.find(({ key }) => key.type === wanted?.type);
  const kept = old === undefined ? lines : lines.toSpliced(old.index, 1);
  return joinLines([...kept, line]);
}

/** Without `line`, or without every key of the host. */
export function withoutHostKey(text: string, line: string | undefined, name: string): string {
  const unwanted = line === undefined ? undefined : hostKey(line);
  const lines = textLines(text);
  const kept = lines.filter((each) => {
    const key = hostKey(each);
    if (key === undefined || !isForHost(key, name)) return true;
    return unwanted !== undefined && !holdsSameKey(key, unwanted);
  });
  return kept.length === lines.length ? text : joinLines(kept);
}

function holdsSameKey(found: HostKey, wanted: HostKey): boolean {
  return found.body === wanted.body && found.type === wanted.type && found.marker === wanted.marker;
}

/** The same key under the same name, written the same way. Two hashes of one name are the same name. */
function isSameKey(found: HostKey, wanted: HostKey | undefined): boolean {
  if (wanted === undefined || !holdsSameKey(found, wanted)) return false;
  const areHashed = found.hosts.startsWith('|1|') && wanted.hosts.startsWith('|1|');
  return areHashed || found.hosts === wanted.hosts;
}
