import type { Scenario } from '../../support/hostScenarios.ts';

const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl a@example';
const OTHER =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGaGhnyFDXfEYCzFfV0vYj8nnvhLD5MzZiV1YhJxKYkE b@example';
const FILE = '/home/carol/.ssh/authorized_keys';

export const sshScenarios: readonly Scenario[] = [
  {
    module: 'authorized_key',
    setup: 'id carol >/dev/null 2>&1 || useradd -m carol',
    args: { user: 'carol', key: KEY },
    changed: true,
    look: `cat ${FILE}; stat -c '%U:%G %a' ${FILE} /home/carol/.ssh`,
    shows: `${KEY}\ncarol:carol 600\ncarol:carol 700`,
  },
  {
    module: 'authorized_key',
    args: { user: 'carol', key: `${KEY}\n${OTHER}`, key_options: 'no-pty,from="10.0.0.0/8"' },
    changed: true,
    look: `cat ${FILE}`,
    shows: `no-pty,from="10.0.0.0/8" ${KEY}\nno-pty,from="10.0.0.0/8" ${OTHER}`,
  },
  {
    module: 'authorized_key',
    args: { user: 'carol', key: OTHER, comment: 'new', exclusive: true },
    changed: true,
    look: `cat ${FILE}`,
    shows: OTHER.replace('b@example', 'new'),
  },
  { module: 'authorized_key', args: { user: 'carol', key: KEY, state: 'absent' }, changed: false },
  { module: 'authorized_key', args: { user: 'carol', key: OTHER, state: 'absent' }, changed: true },
  {
    module: 'authorized_key',
    setup: 'mkdir -p /etc/ssh/keys && chmod 755 /etc/ssh/keys',
    args: { user: 'carol', key: KEY, path: '/etc/ssh/keys/carol', manage_dir: false },
    changed: true,
    look: `stat -c '%U %a' /etc/ssh/keys /etc/ssh/keys/carol`,
    shows: 'root 755\ncarol 600',
  },
];
