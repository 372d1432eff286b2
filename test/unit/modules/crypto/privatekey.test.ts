import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  keyStateOf,
  opensslPrivatekey,
  planKey,
} from '../../../../src/modules/crypto/opensslPrivatekey.ts';
import {
  fingerprints,
  type PrivateKeyState,
  publicKeyFacts,
} from '../../../../src/modules/crypto/privateKeyState.ts';
import { reasonToGenerate } from '../../../../src/modules/crypto/regeneration.ts';
import { paramsOf } from '../driver.ts';

const der = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });
const RSA = der(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey);
const EC = der(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);
const ED = der(generateKeyPairSync('ed25519').publicKey);

const FILE = {
  path: '/k',
  umask: 0o22,
  user: { id: 0, name: 'root' },
  userGroup: { id: 0, name: 'root' },
};
const EXISTING = {
  type: 'file' as const,
  mode: 0o600,
  uid: 0,
  gid: 0,
  owner: 'root',
  group: 'root',
  size: 1,
  inode: 1,
  device: 1,
  links: 1,
  accessed: 0,
  modified: 0,
  statusChanged: 0,
  blocks: 1,
  blockSize: 1,
  deviceType: 0,
};

type Params = Parameters<typeof planKey>[0];

function plan(args: object, key: Partial<PrivateKeyState> | undefined, checkMode = false) {
  const state: PrivateKeyState = {
    hasTool: true,
    exists: key !== undefined,
    publicKey: RSA,
    isEncrypted: false,
    format: 'pkcs1',
    ...key,
  };
  const file = key === undefined ? FILE : { ...FILE, own: EXISTING, followed: EXISTING };
  const params = paramsOf(opensslPrivatekey, { path: '/k', size: 1024, ...args }) as Params;
  return planKey(params, { file, labels: undefined, key: state }, checkMode).map(
    ({ before, after }) => `${JSON.stringify(before)} → ${JSON.stringify(after)}`,
  );
}

const NEW = '{"filename":"/k","size":1024,"type":"RSA"}';

describe('openssl_privatekey plans', () => {
  it.each<[string, object, Partial<PrivateKeyState> | undefined, string[]]>([
    ['a missing key', {}, undefined, [`"absent" → ${NEW}`]],
    ['nothing for the right key', {}, {}, []],
    ['a new key each time', { force: true }, {}, [`{"key":"replaced each time"} → ${NEW}`]],
    ['a new key for another type', {}, { publicKey: ED }, [`{"key":"type Ed25519"} → ${NEW}`]],
    ['nothing for the right curve', { type: 'ECC', curve: 'secp256r1' }, { publicKey: EC }, []],
    ['a new key for another form', { format: 'pkcs8' }, {}, [`{"key":"format pkcs1"} → ${NEW}`]],
    [
      'a conversion for another form',
      { format: 'pkcs8', format_mismatch: 'convert' },
      {},
      ['{"format":"pkcs1"} → {"format":"pkcs8"}'],
    ],
    ['a broken key replaced', {}, { publicKey: undefined }, [`{"key":"is broken"} → ${NEW}`]],
    [
      'another mode',
      { mode: '0640' },
      {},
      ['{"mode":"0600","path":"/k"} → {"mode":"0640","path":"/k"}'],
    ],
    ['a removal', { state: 'absent' }, {}, ['"present" → "absent"']],
  ])('%s', (_name, args, key, expected) => expect(plan(args, key)).toEqual(expected));

  it('refuses what fits no key', () => {
    expect(() => plan({ type: 'ECC' }, {})).toThrow('"curve" is needed');
    expect(() => plan({ format: 'raw' }, {})).toThrow('the format "raw" is for');
  });

  it('needs openssl, but not to remove, nor in check mode', () => {
    const missing = keyStateOf(127, Buffer.alloc(0), Buffer.alloc(0));
    expect(() => plan({}, missing)).toThrow('openssl is not on this host');
    expect(plan({}, missing, true)).toEqual([`"absent" → ${NEW}`]);
    expect(plan({ state: 'absent' }, missing)).toEqual(['"present" → "absent"']);
  });
});

describe('when a key is made anew', () => {
  const found = { exists: true, unreadable: undefined, differences: ['size 1'] };
  const broken = { exists: true, unreadable: 'is broken', differences: [] };

  it.each([
    ['never', undefined, /is broken/],
    ['fail', /is another than asked for: size 1/, /is broken/],
    ['partial_idempotence', 'size 1', /is broken/],
    ['full_idempotence', 'size 1', 'is broken'],
    ['always', 'replaced each time', 'replaced each time'],
  ] as const)('%s', (mode, forDifferent, forBroken) => {
    for (const [findings, expected] of [
      [found, forDifferent],
      [broken, forBroken],
    ] as const) {
      const reason = () => reasonToGenerate('/k', findings, mode);
      if (expected instanceof RegExp) expect(reason).toThrow(expected);
      else expect(reason()).toBe(expected);
    }
    expect(reasonToGenerate('/k', { ...found, exists: false }, mode)).toBe('absent');
  });
});

describe('public keys', () => {
  it('tell type, size and curve', () => {
    expect(publicKeyFacts(RSA)).toEqual({ type: 'RSA', size: 1024, curve: undefined });
    expect(publicKeyFacts(EC)).toEqual({ type: 'ECC', size: undefined, curve: 'prime256v1' });
    expect(publicKeyFacts(ED)).toEqual({ type: 'Ed25519', size: undefined, curve: undefined });
  });

  it('have fingerprints by the names of Python', () => {
    expect(Object.keys(fingerprints(ED))).toContain('blake2b');
    expect(fingerprints(ED)['md5']).toMatch(/^(?:[0-9a-f]{2}:){15}[0-9a-f]{2}$/);
  });
});
