/** Host keys as `known_hosts` files record them (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
import { createHash, createHmac } from 'node:crypto';
import { appendFileSync, chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { textOf, wildcard } from './sshConfigFile.ts';

export interface KnownHost {
  readonly marker: 'revoked' | 'cert-authority' | undefined;
  /** Comma-separated patterns, or one hashed name. */
  readonly names: string;
  readonly keyType: string;
  /** base64 */
  readonly key: string;
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

export type KeyVerdict =
  | { readonly status: 'known' | 'unknown' }
  | { readonly status: 'changed' | 'revoked'; readonly entry: KnownHost };

/** Parsed files are kept: fifty hosts look into the same file at once. */
export class KnownHosts {
  readonly #parsed = new Map<string, readonly KnownHost[]>();

  verdict(files: readonly string[], name: string, port: number, key: Buffer): KeyVerdict {
    return judgeKey(this.#lookup(files, name, port), key);
  }

  /** Key types that the files hold for a host, so that the server can be asked for one of those. */
  keyTypes(files: readonly string[], name: string, port: number): string[] {
    const entries = this.#lookup(files, name, port).filter(({ marker }) => marker === undefined);
    return [...new Set(entries.map(({ keyType }) => keyType))];
  }

  /** Whether the files say anything of a host: a key of its own, or who speaks for it. */
  knows(files: readonly string[], name: string, port: number): boolean {
    return this.#lookup(files, name, port).some(({ marker }) => marker !== 'revoked');
  }

  /** The line that lets an authority speak for a host of which no key of its own is recorded. */
  authority(files: readonly string[], name: string, port: number): KnownHost | undefined {
    const entries = this.#lookup(files, name, port);
    const hasOwn = entries.some(({ marker }) => marker === undefined);
    return hasOwn ? undefined : entries.find(({ marker }) => marker === 'cert-authority');
  }

  /** Records a key at the end of `file`, which is created if need be (0600 in a 0700 directory). */
  add(file: string, name: string, port: number, key: Buffer): void {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const isNew = !existsSync(file);
    const needsNewline = !isNew && !/(^|\n)$/.test(textOf(file));
    const line = `${lookupName(name, port)} ${keyTypeOf(key)} ${key.toString('base64')}\n`;
    appendFileSync(file, needsNewline ? `\n${line}` : line);
    if (isNew) chmodSync(file, 0o600);
    this.#parsed.delete(file);
  }

  #lookup(files: readonly string[], name: string, port: number): KnownHost[] {
    const entries = files.flatMap((file) => this.#read(file));
    const exact = entries.filter(({ names }) => isNamed(names, lookupName(name, port)));
    // As ssh does: a host on a port of its own may be recorded without the port.
    return exact.length > 0 || port === 22
      ? exact
      : entries.filter(({ names }) => isNamed(names, name));
  }

  #read(file: string): readonly KnownHost[] {
    const known = this.#parsed.get(file) ?? parseKnownHosts(textOf(file), file);
    this.#parsed.set(file, known);
    return known;
  }
}

export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split('\n').flatMap((content, index) => {
    const match = content.match(
      /^\s*(?:@(revoked|cert-authority)\s+)?([^#@\s]\S*)\s+(\S+)\s+(\S+)/,
    );
    if (!match) return [];
    const [, marker, names = '', keyType = '', key = ''] = match;
    const known = marker === 'revoked' || marker === 'cert-authority' ? marker : undefined;
    return [{ marker: known, names, keyType, key, file, line: index + 1 }];
  });
}

/** How a host is written in the file: with its port unless that is 22. */
export function lookupName(name: string, port: number): string {
  return port === 22 ? name.toLowerCase() : `[${name.toLowerCase()}]:${port}`;
}

function isNamed(names: string, wanted: string): boolean {
  if (names.startsWith('|1|')) return isHashOf(names, wanted);
  const patterns = names.split(',');
  const excluded = patterns.filter((pattern) => pattern.startsWith('!'));
  if (excluded.some((pattern) => wildcard(pattern.slice(1)).test(wanted))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && wildcard(pattern).test(wanted));
}

/** `|1|salt|hash`, both base64: HMAC-SHA1 of the name. */
function isHashOf(hashed: string, wanted: string): boolean {
  const [, , salt = '', hash = ''] = hashed.split('|');
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(wanted).digest('base64') === hash;
}

/**
 * A key of another type than those recorded counts as changed too: a host that suddenly shows only another kind of key
 * is what an attacker in between would look like.
 */
export function judgeKey(entries: readonly KnownHost[], key: Buffer): KeyVerdict {
  const text = key.toString('base64');
  const isSame = (entry: KnownHost): boolean => entry.key === text;
  const revoked = entries.find((entry) => entry.marker === 'revoked' && isSame(entry));
  if (revoked) return { status: 'revoked', entry: revoked };
  const plain = entries.filter(({ marker }) => marker === undefined);
  if (plain.some(isSame)) return { status: 'known' };
  const other = plain.find(({ keyType }) => keyType === keyTypeOf(key)) ?? plain[0];
  return other ? { status: 'changed', entry: other } : { status: 'unknown' };
}

/** The key's own name of its type: the first string of its wire form (RFC 4253, 6.6). A server chose it, so only what names are made of stays. */
export function keyTypeOf(key: Buffer): string {
  const name = key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1');
  return name.replace(/[^A-Za-z0-9@.-]/g, '').slice(0, 64);
}

/** As `ssh-keygen -l` prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}
