import { describe, expect, it } from 'vitest';
import {
  hashOf,
  isHashOf,
  SCHEMES,
  storedHash,
  withUser,
} from '../../../../../src/modules/files/htpasswd/passwordFile.ts';

const TEXT = '# users\nbob:one\nal:two:rest\n';

describe('withUser', () => {
  it.each([
    ['adds', TEXT, 'eve', 'x', `${TEXT}eve:x\n`],
    ['changes', TEXT, 'bob', 'x', '# users\nbob:x\nal:two:rest\n'],
    ['removes', TEXT, 'bob', undefined, '# users\nal:two:rest\n'],
    ['begins', undefined, 'bob', 'x', 'bob:x\n'],
    ['takes names as they are', 'bobby:1\n', 'bob', 'x', 'bobby:1\nbob:x\n'],
  ])('%s', (_title, text, name, hash, after) => {
    expect(withUser(text, name, hash)).toBe(after);
  });
});

it.each([
  ['bob', 'one'],
  ['al', 'two'],
  ['bo', undefined],
])('storedHash of %s', (name, hash) => {
  expect(storedHash(TEXT, name)).toBe(hash);
});

/** Made with htpasswd of Apache 2.4 and openssl passwd of OpenSSL 3.0, of `pw`. */
it.each([
  '$apr1$hrBNpWVn$6jks7tg8TzV3TbYmKeVS1/',
  '{SHA}GpHWL3ymc5liWkNopqtdSjuqYHM=',
  '$1$abcdefgh$IQtUouv7y7Q9dRWkQEPCc.',
  '$6$abcdefgh$KQeXafAQAaOoKTevphVU215RvJdgzyfASRasIOuh12hO8u0r1bGW92ZnTmC9IjsiQ8VPiTXBiZF49dFL1U4wX/',
  'pw',
])('isHashOf knows %s', (hash) => {
  expect(isHashOf('pw', hash)).toBe(true);
  expect(isHashOf('px', hash)).toBe(false);
});

it.each(SCHEMES.filter((scheme) => scheme !== 'bcrypt'))('%s can be checked', (scheme) => {
  expect(isHashOf('päss', hashOf('päss', scheme))).toBe(true);
});

it('bcrypt is written as Apache reads it', () => {
  const hash = hashOf('pw', 'bcrypt');
  expect(hash).toMatch(/^\$2y\$12\$/);
  expect(isHashOf('pw', hash)).toBe(true);
});
