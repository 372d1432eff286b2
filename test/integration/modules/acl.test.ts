/** `acl` on real files, beside Ansible's. */
import { acl } from '../../../src/modules/files/acl/acl.ts';
import { hasPrograms } from '../../support/onThisMachine.ts';
import { type LocalScenario, testLocalScenarios } from './localScenarios.ts';

const START =
  'echo x >f; mkdir -p d/e; echo y >d/e/g; ln -s f l; chmod 640 f d/e/g; chmod 755 d d/e';
const OTHER_LIST = 'ansible.posix 1.5 sets the access list instead of the default one';
const DAEMON = { entity: 'daemon', etype: 'user' };

function list(
  title: string,
  args: LocalScenario['args'],
  changed: boolean,
  more: Partial<LocalScenario> = {},
): LocalScenario {
  const asked = { path: '@/f', ...args };
  const snapshot = 'getfacl -R .';
  return { title, setup: START, args: asked, changed, sameKeys: ['acl', 'msg'], snapshot, ...more };
}

const scenarios = [
  list('reads', {}, false),
  list('adds a user', { ...DAEMON, permissions: 'rw', state: 'present' }, true),
  list(
    'adds a group',
    { etype: 'group', entity: 'daemon', permissions: 'r', state: 'present' },
    true,
  ),
  list(
    'goes through a link',
    { ...DAEMON, path: '@/l', permissions: 'rw', state: 'present' },
    true,
  ),
  list(
    'stays at a link',
    { ...DAEMON, path: '@/l', permissions: 'rw', state: 'present', follow: false },
    false,
  ),
  list('leaves an entry', { ...DAEMON, permissions: 'rw', state: 'present' }, false, {
    setup: `${START}; setfacl -m u:daemon:rw f`,
  }),
  list('changes an entry', { ...DAEMON, permissions: 'r', state: 'present' }, true, {
    setup: `${START}; setfacl -m u:daemon:rw f`,
  }),
  list('removes an entry', { ...DAEMON, state: 'absent' }, true, {
    setup: `${START}; setfacl -m u:daemon:rw f`,
  }),
  list('takes the short form', { entry: 'user:daemon:rw-', state: 'present' }, true),
  list(
    'sets a default',
    { ...DAEMON, path: '@/d', permissions: 'rwx', default: true, state: 'present' },
    true,
    {
      look: 'getfacl d 2>/dev/null | grep -c default:user:daemon:rwx',
      shows: '1',
      unlikeAnsible: OTHER_LIST,
    },
  ),
  list(
    'sets a tree',
    { ...DAEMON, path: '@/d', permissions: 'rwX', recursive: true, state: 'present' },
    true,
  ),
  list(
    'sets no mask',
    { ...DAEMON, permissions: 'rw', recalculate_mask: 'no_mask', state: 'present' },
    true,
    {
      setup: `${START}; setfacl -m u:sys:r f`,
    },
  ),
  list('follows a link', { ...DAEMON, path: '@/l', permissions: 'rw', state: 'present' }, true),
  list(
    'takes a default in the short form',
    { path: '@/d', entry: 'default:group:daemon:rx', state: 'present' },
    true,
    {
      look: 'getfacl d 2>/dev/null | grep -c default:group:daemon:r-x',
      shows: '1',
      unlikeAnsible: OTHER_LIST,
    },
  ),
];

if (hasPrograms('setfacl')) testLocalScenarios({ module: acl, scenarios });
