import type { Scenario } from '../../support/scenarios/scenario.ts';

const NOFILE = { domain: 'app', limit_type: 'soft', limit_item: 'nofile' };
const PROGRAM = { path: '/opt/probe', capability: 'cap_net_raw=ep' };
const CONFIG = `mkdir -p /etc/selinux; printf 'SELINUX=enforcing\\nSELINUXTYPE=default\\n' >/etc/selinux/config`;

export const securityScenarios: readonly Scenario[] = [
  {
    module: 'pam_limits',
    args: { ...NOFILE, value: '64000', comment: 'many' },
    changed: true,
    look: 'grep ^app /etc/security/limits.conf',
    shows: 'app\tsoft\tnofile\t64000\t#many',
  },
  { module: 'pam_limits', args: { ...NOFILE, value: '1000', use_max: true }, changed: false },
  {
    module: 'pam_limits',
    args: { ...NOFILE, value: '1000', use_min: true, backup: true },
    changed: true,
    look: 'grep ^app /etc/security/limits.conf',
    shows: 'app\tsoft\tnofile\t1000\t#many',
    // Ansible writes the lines beside anew.
    otherFiles: /limits\.conf$/,
  },
  {
    module: 'capabilities',
    setup: 'cp /bin/true /opt/probe',
    args: PROGRAM,
    changed: true,
    look: 'getcap /opt/probe',
    shows: '/opt/probe cap_net_raw=ep',
  },
  {
    module: 'capabilities',
    args: { ...PROGRAM, capability: 'cap_net_admin=ep' },
    changed: true,
    look: 'getcap /opt/probe',
    shows: '/opt/probe cap_net_admin,cap_net_raw=ep',
  },
  {
    module: 'capabilities',
    args: { ...PROGRAM, capability: 'cap_net_raw', state: 'absent' },
    changed: true,
  },
  {
    module: 'selinux',
    setup: CONFIG,
    args: { state: 'permissive', policy: 'default' },
    changed: true,
    look: 'cat /etc/selinux/config',
    shows: 'SELINUX=permissive\nSELINUXTYPE=default',
    unlikeAnsible: 'it needs a Python library of SELinux on the host',
  },
  {
    module: 'selinux',
    args: { state: 'disabled' },
    changed: true,
    look: 'head -n 1 /etc/selinux/config',
    shows: 'SELINUX=disabled',
    unlikeAnsible: 'it needs a Python library of SELinux on the host',
  },
];

const OWN_FILE = '/etc/security/limits.d/own.conf';
const limit = (args: Scenario['args'], line: string, more: Partial<Scenario> = {}): Scenario => ({
  module: 'pam_limits',
  args: { dest: OWN_FILE, domain: '@ops', ...args },
  changed: true,
  look: `grep '^[^#]' ${OWN_FILE} | tail -n 1`,
  shows: line,
  sameKeys: ['msg'],
  ...more,
});

export const securityMatrix: readonly Scenario[] = [
  limit({ limit_type: '-', limit_item: 'nice', value: '-5' }, '@ops\t-\tnice\t-5'),
  limit(
    { limit_type: 'hard', limit_item: 'core', value: 'unlimited' },
    '@ops\thard\tcore\tunlimited',
  ),
  limit(
    { limit_type: 'hard', limit_item: 'core', value: '0', use_max: true },
    '@ops\thard\tcore\tunlimited',
    { changed: false },
  ),
  limit(
    { limit_type: 'hard', limit_item: 'core', value: '0', use_min: true, comment: 'none at all' },
    '@ops\thard\tcore\t0\t#none at all',
  ),
  {
    module: 'selinux',
    setup: `mkdir -p /opt/selinux; printf 'SELINUX=enforcing\\nSELINUXTYPE=default\\n' >/opt/selinux/config`,
    args: { state: 'disabled', configfile: '/opt/selinux/config' },
    changed: true,
    look: 'cat /opt/selinux/config',
    shows: 'SELINUX=disabled\nSELINUXTYPE=default',
    unlikeAnsible: 'it needs a Python library of SELinux on the host',
  },
];
