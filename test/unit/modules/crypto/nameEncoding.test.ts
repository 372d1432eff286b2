import { expect, it } from 'vitest';
import { encodedName } from '../../../../src/modules/crypto/x509Info.ts';

it.each([
  ['DNS:*.bücher.example', 'DNS:*.xn--bcher-kva.example'],
  ['email:a@bücher.example', 'email:a@xn--bcher-kva.example'],
  ['URI:https://u@bücher.example:8443/ä?b', 'URI:https://u@xn--bcher-kva.example:8443/ä?b'],
  ['IP:192.0.2.1', 'IP:192.0.2.1'],
])('%s is %s in ASCII, and back', (readable, ascii) => {
  expect(encodedName(readable, 'idna')).toBe(ascii);
  expect(encodedName(ascii, 'unicode')).toBe(readable);
  expect(encodedName(readable, 'ignore')).toBe(readable);
});
