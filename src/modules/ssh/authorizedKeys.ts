/** The text of an authorized_keys file, see sshd(8), AUTHORIZED_KEYS FILE FORMAT. Pure. */
import { ModuleError } from '../../core/errors.ts';
import { joinLines, textLines } from '../files/keptText.ts';

export interface PublicKeyLine {
  /** `no-pty`, `command="…"`, … in the order of the line. */
  readonly options: readonly string[];
  readonly type: string;
  /** The key in base64: what makes it this key. */
  readonly body: string;
  readonly comment: string;
}

const KEY_TYPE =
  /^(ssh-(rsa|dss|ed25519|xmss(-cert-v01)?@openssh\.com|(rsa|dss|ed25519)-cert-v01@openssh\.com)|rsa-sha2-(256|512)(-cert-v01@openssh\.com)?|ecdsa-sha2-nistp(256|384|521)(-cert-v01@openssh\.com)?|(webauthn-)?sk-(ssh-ed25519|ecdsa-sha2-nistp256)(-cert-v01)?@openssh\.com)$/;

/** Undefined for comments, blank lines and whatever else is no key. */
export function publicKeyLine(line: string): PublicKeyLine | undefined {
  if (line.trimStart().startsWith('#')) return undefined;
  const words = [...line.matchAll(/\S+/g)];
  const at = words.findIndex(([word]) => KEY_TYPE.test(word));
  const [type, body, ...comment] = words.slice(Math.max(at, 0)).map(([word]) => word);
  if (at < 0 || type === undefined || body === undefined) return undefined;
  const options = optionList(line.slice(0, words[at]?.index).trim());
  return { options, type, body, comment: comment.join(' ') };
}

/** Split at the commas outside quotes. */
export function optionList(text: string): string[] {
  return (text.match(/(?:[^,"]|"(?:\\.|[^"\\])*")+/g) ?? []).map((option) => option.trim());
}

export function formatKey({ options, type, body, comment }: PublicKeyLine): string {
  const words = [options.join(','), type, body, comment];
  return words.filter((word) => word !== '').join(' ');
}

export interface WantedKeys {
  /** One public key a line; blank lines and comments do not count. */
  readonly keys: string;
  readonly options?: string | undefined;
  readonly comment?: string | undefined;
}

/** @throws ModuleError for a line that is no public key. */
export function wantedKeys({ keys, options, comment }: WantedKeys): PublicKeyLine[] {
  const lines = textLines(keys).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const key = publicKeyLine(line);
    if (key === undefined) {
      throw new ModuleError(`not a public SSH key: ${line}`, {
        hint: 'a key looks like "ssh-ed25519 AAAA… comment"; see the .pub file',
      });
    }
    return {
      ...key,
      ...(options === undefined ? {} : { options: optionList(options) }),
      ...(comment === undefined ? {} : { comment }),
    };
  });
}

/** A key with other options or another comment is written anew at the end. */
export function withKeys(
  text: string,
  wanted: readonly PublicKeyLine[],
  isExclusive: boolean,
): string {
  const bodies = new Set(wanted.map(({ body }) => body));
  const lines = textLines(text);
  const kept = isExclusive
    ? lines.filter((line) => bodies.has(publicKeyLine(line)?.body ?? ''))
    : lines;
  const present = new Map(kept.map((line) => [publicKeyLine(line)?.body, publicKeyLine(line)]));
  const latest = new Map(wanted.map((key) => [key.body, key]));
  const changed = [...latest.values()].filter((key) => !isSameKey(key, present.get(key.body)));
  if (changed.length === 0 && kept.length === lines.length) return text;
  return joinLines([...withoutBodies(kept, changed), ...changed.map(formatKey)]);
}

export function withoutKeys(text: string, unwanted: readonly PublicKeyLine[]): string {
  const lines = textLines(text);
  const kept = withoutBodies(lines, unwanted);
  return kept.length === lines.length ? text : joinLines(kept);
}

function withoutBodies(lines: readonly string[], keys: readonly PublicKeyLine[]): string[] {
  const bodies = new Set<string | undefined>(keys.map(({ body }) => body));
  return lines.filter((line) => {
    const body = publicKeyLine(line)?.body;
    return body === undefined || !bodies.has(body);
  });
}

function isSameKey(a: PublicKeyLine, b: PublicKeyLine | undefined): boolean {
  if (b === undefined || a.type !== b.type || a.comment !== b.comment) return false;
  return [...a.options].sort().join(',') === [...b.options].sort().join(',');
}
