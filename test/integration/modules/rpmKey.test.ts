/** `rpm_key` with the real rpm, beside Ansible's. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { publicKeys } from '../../../src/modules/packages/openpgp.ts';
import { hasPrograms } from '../../support/onThisMachine.ts';
import { sampled, testLocalScenarios } from './localScenarios.ts';
import { rpmKeySuite } from './scenarios/rpmKey.ts';

if (hasPrograms('rpm', 'gpg')) {
  const file = new URL('../../unit/modules/packages/fixtures/key.asc', import.meta.url).pathname;
  const key = readFileSync(file);
  const server = createServer((_request, response) => void response.end(key));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/key.asc`;
  const fingerprint = publicKeys(key)[0]?.fingerprint ?? '';
  const { module, scenarios } = rpmKeySuite({ file, url, fingerprint });
  testLocalScenarios({ module, scenarios: sampled(scenarios, 3) });
}
