import type { Scenario } from '../../support/scenarios/scenario.ts';
import { PLAIN_SERVER, UNTRUSTED_SERVER } from './fileServers.ts';

const SHOW_KEYS = `mkdir -p -m 700 /run/gpg; for file in /etc/apt/trusted.gpg /etc/apt/trusted.gpg.d/*.gpg; do [ ! -e $file ] || gpg --homedir /run/gpg --no-default-keyring --keyring $file --list-keys --with-colons ops@example.org 2>/dev/null; done | sed -n 's/^fpr:*//p' | tr -d :`;

/** Ansible has them all in one file, by apt-key, and gpg notes things; here each has its own. */
const OWN_FILE = /trusted\.gpg|^\/root\/\.gnupg/;

/** A key made for this test. */
const KEY = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEawG43RYJKwYBBAHaRw8BAQdACf2cLcod67Tf05YsJ+yDMjiWZH4dquUmQKjX
25ksKUy0FU9wcyA8b3BzQGV4YW1wbGUub3JnPoiQBBMWCAA4FiEEv90A9+98nY9A
5/Ux8hUDxH0g0zcFAmsBuN0CGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQ
8hUDxH0g0zcOJQD/UV3Gp1oiVF1rAuzC7SWz7v5mtweXC1DLDjSvbWqDZmYA/ief
A+5hNZHhuQleKCtGYiZf440aaSDYW7CqYzDno2kL
=gjxC
-----END PGP PUBLIC KEY BLOCK-----`;
const FINGERPRINT = 'BFDD00F7EF7C9D8F40E7F531F21503C47D20D337';

const BY_HAND: readonly Scenario[] = [
  {
    module: 'apt_key',
    setup: 'apt-get update -qq; apt-get install -qy --no-install-recommends gnupg >/dev/null 2>&1',
    args: { data: KEY, id: FINGERPRINT },
    changed: true,
    look: SHOW_KEYS,
    shows: FINGERPRINT,
    otherFiles: OWN_FILE,
  },
  {
    module: 'apt_key',
    args: { id: FINGERPRINT.slice(-8), state: 'absent' },
    changed: true,
    otherFiles: OWN_FILE,
  },
  {
    module: 'apt_key',
    setup: `cat >/srv/key.asc <<'END'\n${KEY}\nEND`,
    args: { file: '/srv/key.asc', keyring: '/etc/apt/trusted.gpg.d/own.gpg' },
    changed: true,
    otherFiles: OWN_FILE,
  },
  {
    module: 'apt_key',
    args: { id: FINGERPRINT, keyring: '/etc/apt/trusted.gpg.d/own.gpg', state: 'absent' },
    changed: true,
    otherFiles: OWN_FILE,
  },
];

/** In, and out again. */
export const keyScenarios = BY_HAND.slice(0, 2);

const gone: Scenario = {
  module: 'apt_key',
  args: { id: FINGERPRINT, state: 'absent' },
  changed: true,
  otherFiles: OWN_FILE,
};

const fetched = (args: Scenario['args'], setup?: string): Scenario => ({
  module: 'apt_key',
  args,
  changed: true,
  look: SHOW_KEYS,
  shows: FINGERPRINT,
  otherFiles: OWN_FILE,
  ...(setup === undefined ? {} : { setup }),
});

const FETCHED: readonly Scenario[] = [
  fetched(
    { url: 'http://127.0.0.1:8000/key.asc' },
    `${PLAIN_SERVER}\ncat >/srv/served/key.asc <<'END'\n${KEY}\nEND`,
  ),
  { ...gone, args: { ...gone.args, id: `0x${FINGERPRINT.slice(-16)}` } },
  fetched(
    { url: 'https://localhost:8443/key.asc', id: FINGERPRINT, validate_certs: false },
    UNTRUSTED_SERVER,
  ),
  gone,
  fetched(
    { keyserver: 'hkp://127.0.0.1:8000', id: FINGERPRINT },
    'apt-get install -qy --no-install-recommends dirmngr >/dev/null 2>&1; mkdir -p /srv/served/pks; cp /srv/served/key.asc /srv/served/pks/lookup',
  ),
  gone,
];

export const keyMatrix: readonly Scenario[] = [...BY_HAND, ...FETCHED];
