/** `htpasswd` on real files, beside Ansible's; hashes have random salts, so names and schemes are compared. */
import { htpasswd } from '../../../src/modules/files/htpasswd/htpasswd.ts';
import { hasPrograms } from '../../support/onThisMachine.ts';
import { type LocalScenario, testLocalScenarios } from './localScenarios.ts';

/** Written by htpasswd of Apache 2.4.67: passwords are `pw`. */
const FILE = `printf '# users\\nbob:%s\\nal:%s\\n' '$apr1$hrBNpWVn$6jks7tg8TzV3TbYmKeVS1/' '{SHA}GpHWL3ymc5liWkNopqtdSjuqYHM=' >h; chmod 640 h`;

function user(
  title: string,
  args: LocalScenario['args'],
  changed: boolean,
  more: Partial<LocalScenario> = {},
): LocalScenario {
  const asked = { path: '@/h', name: 'bob', password: 'pw', ...args };
  const snapshot = `[ ! -e h ] || { sed 's/\\$[^$]*\\$[^$]*$/$/' h; stat -c '%a %U' h; }`;
  return { title, setup: FILE, args: asked, changed, sameKeys: ['msg'], snapshot, ...more };
}

const checked = (password: string) => ({
  look: `htpasswd -vb h bob '${password}' 2>&1`,
  shows: 'Password for user bob correct.',
});

const scenarios = [
  user('makes a file', {}, true, { setup: ':', ...checked('pw') }),
  user('leaves a password', {}, false),
  user('leaves a password in another scheme', { name: 'al' }, false),
  user('changes a password', { password: 'new' }, true, checked('new')),
  user('adds a user', { name: 'eve', mode: '0600' }, true),
  user('gives the file away', { name: 'eve', owner: 'daemon', group: 'daemon' }, true),
  user('makes no file', { create: false }, false, {
    setup: ':',
    fails: 'h',
    sameKeys: [],
  }),
  user('removes a user', { state: 'absent' }, true),
  user('removes no user', { name: 'eve', state: 'absent' }, false),
  user('has nothing to remove from', { state: 'absent' }, false, { setup: ':' }),
  user('hashes with bcrypt', { crypt_scheme: 'bcrypt' }, true, {
    setup: ':',
    ...checked('pw'),
    unlikeAnsible: 'it needs another Python library',
  }),
  user('hashes with SHA-1', { crypt_scheme: 'ldap_sha1' }, true, { setup: ':', ...checked('pw') }),
  user('hashes with SHA-512', { hash_scheme: 'sha512_crypt' }, true, {
    setup: ':',
    ...checked('pw'),
    unlikeAnsible: 'it takes more rounds',
  }),
  user('hashes with MD5', { crypt_scheme: 'md5_crypt' }, true, { setup: ':', ...checked('pw') }),
];

if (hasPrograms('htpasswd')) {
  testLocalScenarios({ module: htpasswd, scenarios, pythonLibrary: 'passlib' });
}
