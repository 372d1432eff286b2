import { describe, expect, it } from 'vitest';
import { opensshKeypair, planKeypair } from '../../../../src/modules/crypto/opensshKeypair.ts';
import { keypairStateOf, publicHalf } from '../../../../src/modules/crypto/opensshState.ts';
import { paramsOf } from '../driver.ts';

const KEY = 'ssh-ed25519 AAAAC3 me@here';
const LISTING = '256 SHA256:abc me@here (ED25519)';
const FILE = { path: '/k', umask: 0o22 };

type Params = Parameters<typeof planKeypair>[0];

/** @param sections of the observing script. @param stderr what ssh-keygen said. */
function plan(args: object, sections: Readonly<Record<string, string>>, stderr = '') {
  const output = Object.entries(sections)
    .map(([name, content]) => `\n\x1e${name}\n${content}\n`)
    .join('');
  const params = paramsOf(opensshKeypair, { path: '/k', type: 'ed25519', ...args }) as Params;
  const keypair = keypairStateOf(output, stderr);
  const changes = planKeypair(params, {
    file: FILE,
    publicFile: { ...FILE, path: '/k.pub' },
    labels: undefined,
    keypair,
  });
  return changes.map(
    ({ what, before, after }) => `${what}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`,
  );
}

const there = { format: 'ssh', open: `${KEY}\n${LISTING}`, stored: `${KEY}\n${LISTING}` };
const locked = { format: 'ssh', open: '', unlocked: `${KEY}\n${LISTING}`, stored: there.stored };
const NEW = '{"type":"ed25519","size":256}';

describe('openssh_keypair plans', () => {
  it.each<[string, object, Record<string, string>, string[]]>([
    ['a missing pair', {}, {}, [`/k: "absent" → ${NEW}`]],
    ['nothing for a pair that is right', { comment: 'me@here' }, there, []],
    ['nothing for a locked one', { passphrase: 'p' }, locked, []],
    ['a comment', { comment: 'x' }, there, ['/k.pub: {"comment":"me@here"} → {"comment":"x"}']],
    [
      'a missing public key',
      {},
      { format: 'ssh', open: there.open },
      ['/k.pub: "absent" → {"public_key":"ssh-ed25519 AAAAC3"}'],
    ],
    [
      'a key of another type',
      { type: 'rsa' },
      there,
      ['/k: {"key":"type ed25519"} → {"type":"rsa","size":4096}'],
    ],
    ['a new pair each time', { force: true }, there, [`/k: {"key":"replaced each time"} → ${NEW}`]],
  ])('%s', (_name, args, sections, expected) => expect(plan(args, sections)).toEqual(expected));

  it.each([
    [{}, { format: 'ssh' }, 'incorrect passphrase supplied', 'is protected by a passphrase'],
    [{ passphrase: 'p' }, { format: 'ssh' }, 'incorrect passphrase', 'by another passphrase'],
    [{ passphrase: 'p' }, there, '', 'is not protected'],
    [{}, { format: 'ssh' }, 'error in libcrypto', 'is broken'],
  ])('%j refuses what it cannot read', (args, sections, stderr, message) => {
    expect(() => plan(args, sections, stderr)).toThrow(message);
  });

  it.each([
    [{ type: 'ecdsa', size: 300 }, '256, 384 or 521'],
    [{ type: 'dsa', size: 2048 }, '1024 bits'],
    [{ type: 'rsa', size: 512 }, 'at least 1024'],
    [{ type: 'rsa1' }, 'rsa1 cannot be made'],
  ])('%j is refused', (args, message) => expect(() => plan(args, {})).toThrow(message));
});

describe('what ssh-keygen says', () => {
  it('has a comment of several words, or none', () => {
    expect(publicHalf('ssh-rsa AAAA a b\n3072 SHA256:x a b (RSA)\n')).toEqual({
      type: 'rsa',
      size: 3072,
      fingerprint: 'SHA256:x',
      text: 'ssh-rsa AAAA',
      comment: 'a b',
    });
    expect(publicHalf('ssh-rsa AAAA\n3072 SHA256:x no comment (RSA)\n')?.comment).toBe('');
    expect(publicHalf('nonsense\n')).toBeUndefined();
  });
});
