import type { Scenario } from '../../support/scenarios/scenario.ts';

/** Ansible's library beside openssl where there is Python. */
export const TOOLS = `apt-get install -qy --no-install-recommends openssl $([ ! -e /usr/bin/python3 ] || echo python3-cryptography python3-bcrypt) >/dev/null 2>&1
mkdir -p /srv/tls`;

/** Keys are made of chance: what they are is looked at, content is not compared. */
const FILES = /^\/srv\/tls\//;

type More = Partial<Scenario>;

const made = (module: string, args: Scenario['args'], more: More): Scenario => ({
  module,
  args,
  changed: true,
  otherFiles: FILES,
  ...more,
});

const keypair = (args: Scenario['args'], more: More = {}) =>
  made(
    'openssh_keypair',
    { path: '/srv/tls/id', type: 'ed25519', ...args },
    {
      look: `ssh-keygen -lf /srv/tls/id.pub | cut -d' ' -f1,3-; head -n 1 /srv/tls/id; stat -c '%a %U:%G %n' /srv/tls/id*`,
      sameKeys: ['filename', 'size', 'type', 'comment'],
      ...more,
    },
  );

export const sshKeyMatrix: readonly Scenario[] = [
  keypair({ comment: 'one' }, { setup: TOOLS }),
  keypair({ comment: 'two' }),
  keypair({ comment: 'two', mode: '0640', owner: 'deploy', group: 'deploy' }),
  keypair(
    { comment: 'two' },
    {
      setup: 'echo broken >/srv/tls/id.pub',
      sameKeys: ['filename', 'size', 'type'],
      unlikeAnsible: 'it writes the key first and the comment the next time',
    },
  ),
  keypair(
    { passphrase: 'open sesame', regenerate: 'full_idempotence' },
    { unlikeAnsible: 'it takes an open key for one that the passphrase protects' },
  ),
  keypair({ passphrase: 'sesame', regenerate: 'always' }, { actsAlways: true }),
  keypair({ regenerate: 'partial_idempotence', force: true }, { actsAlways: true }),
  keypair({ type: 'rsa', size: 2048, regenerate: 'partial_idempotence' }),
  keypair({ type: 'rsa', size: 2048, regenerate: 'never' }, { changed: false }),
  keypair({ type: 'rsa', size: 3072, regenerate: 'full_idempotence' }),
  keypair({ type: 'ecdsa', size: 384, private_key_format: 'ssh', backend: 'cryptography' }),
  keypair({ type: 'ecdsa', size: 521, private_key_format: 'pkcs8', backend: 'cryptography' }),
  keypair({ type: 'rsa', size: 1024, private_key_format: 'pkcs1', backend: 'cryptography' }),
  keypair({ type: 'dsa' }),
  keypair({ type: 'dsa', state: 'absent' }, { sameKeys: ['filename', 'size', 'type'] }),
];

/** A pair, and another comment. */
export const sshKeyScenarios = sshKeyMatrix.slice(0, 2);

const KEY = '/srv/tls/a.key';
const privateKey = (args: Scenario['args'], more: More = {}) =>
  made(
    'openssl_privatekey',
    { path: KEY, ...args },
    {
      look: `head -n 1 ${KEY}; openssl pkey -in ${KEY} -passin pass:sesame -noout -text_pub | grep -v '^  '; stat -c '%a %U:%G' ${KEY}`,
      sameKeys: ['filename', 'size', 'type', 'curve'],
      ...more,
    },
  );
const EC = { type: 'ECC', curve: 'secp256r1' };

export const privateKeyMatrix: readonly Scenario[] = [
  privateKey({ size: 2048 }, { setup: TOOLS }),
  privateKey({ size: 3072, backup: true }),
  privateKey({ size: 3072, mode: '0440', owner: 'deploy', group: 'deploy' }),
  privateKey({ size: 2048, regenerate: 'never', mode: '0440' }, { changed: false }),
  privateKey({ size: 3072, regenerate: 'partial_idempotence' }),
  privateKey(
    { size: 2048, force: true, select_crypto_backend: 'cryptography' },
    { actsAlways: true },
  ),
  privateKey({ size: 2048, format: 'pkcs8', format_mismatch: 'convert' }),
  privateKey({ size: 2048, format: 'auto', format_mismatch: 'regenerate' }),
  privateKey({ ...EC, format: 'pkcs8' }),
  privateKey({ ...EC, format: 'auto', format_mismatch: 'convert' }),
  privateKey({ type: 'ECC', curve: 'brainpoolP384r1' }),
  privateKey({ ...EC, passphrase: 'sesame', cipher: 'auto' }),
  privateKey({ ...EC, format: 'pkcs8', passphrase: 'sesame', cipher: 'auto' }),
  privateKey({ type: 'DSA', size: 2048, regenerate: 'full_idempotence' }),
  privateKey({ type: 'Ed25519', format: 'pkcs8' }),
  privateKey({ type: 'X25519', format: 'auto', return_content: true }),
  privateKey({ type: 'Ed448', regenerate: 'always' }, { actsAlways: true }),
  privateKey(
    { type: 'X25519', format: 'raw' },
    { look: `wc -c <${KEY}; stat -c %a ${KEY}`, shows: '32\n600' },
  ),
  privateKey({ type: 'X448' }),
  privateKey(
    { state: 'absent', backup: true },
    { look: 'ls /srv/tls | grep -c a.key', shows: '2' },
  ),
];

const PRIMES = '/srv/tls/dh.pem';
const primes = (args: Scenario['args'], more: More = {}) =>
  made(
    'openssl_dhparam',
    { path: PRIMES, size: 512, ...args },
    {
      look: `openssl dhparam -in ${PRIMES} -noout -text | head -n 1; stat -c '%a %U:%G' ${PRIMES}`,
      sameKeys: ['filename', 'size'],
      ...more,
    },
  );

export const primesMatrix: readonly Scenario[] = [
  primes({}, { setup: TOOLS }),
  primes({ mode: '0600', owner: 'deploy', group: 'deploy', return_content: true }),
  primes({ size: 520, backup: true, select_crypto_backend: 'openssl' }),
  primes({ size: 520, force: true }, { actsAlways: true }),
  primes({ state: 'absent' }, { sameKeys: ['filename'] }),
];
