/** What ssh-keygen says of a key pair, as data. Tried with OpenSSH 9.2. */
import { linesOf, sectionsOf } from '../scriptOutput.ts';

export interface PublicHalf {
  /** `rsa`, `ecdsa`, `ed25519`, … */
  readonly type: string;
  readonly size: number;
  readonly fingerprint: string;
  /** `ssh-ed25519 AAAA…`, without the comment. */
  readonly text: string;
  readonly comment: string;
}

export interface KeypairState {
  readonly exists: boolean;
  /** What the private key holds; undefined when it cannot be read with the passphrase given. */
  readonly key: PublicHalf | undefined;
  /** No passphrase is needed. */
  readonly isOpen: boolean;
  /** It cannot be read because of its passphrase, rather than for being broken. */
  readonly isProtected: boolean;
  readonly format: 'pkcs1' | 'pkcs8' | 'ssh';
  /** The file with the public key. */
  readonly stored: PublicHalf | undefined;
}

/** @param stderr of the try to read the private key. */
export function keypairStateOf(output: string, stderr: string): KeypairState {
  const sections = sectionsOf(output);
  const open = publicHalf(sections.get('open') ?? '');
  const format = (sections.get('format') ?? '').trim();
  return {
    exists: sections.has('format'),
    key: open ?? publicHalf(sections.get('unlocked') ?? ''),
    isOpen: open !== undefined,
    isProtected: /passphrase/i.test(stderr),
    format: format === 'pkcs1' || format === 'pkcs8' ? format : 'ssh',
    stored: publicHalf(sections.get('stored') ?? ''),
  };
}

/** Two lines: the public key, and `ssh-keygen -l` of it: `256 SHA256:… comment (ED25519)`. */
export function publicHalf(text: string): PublicHalf | undefined {
  const [key = '', listing = ''] = linesOf(text);
  const [kind, blob, ...comment] = key.split(' ');
  const [, size, fingerprint, type] = /^(\d+) (\S+) .*\((\S+)\)$/.exec(listing) ?? [];
  if (kind === undefined || blob === undefined || size === undefined || type === undefined) {
    return undefined;
  }
  return {
    type: type.toLowerCase(),
    size: Number(size),
    fingerprint: fingerprint ?? '',
    text: `${kind} ${blob}`,
    comment: comment.join(' '),
  };
}
