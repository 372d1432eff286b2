import type { Scenario } from '../../support/hostScenarios.ts';

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
