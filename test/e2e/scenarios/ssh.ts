import type { Scenario } from '../../support/scenarios/scenario.ts';
import { PLAIN_SERVER, UNTRUSTED_SERVER } from './fileServers.ts';

const KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl a@example';
const OTHER =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGaGhnyFDXfEYCzFfV0vYj8nnvhLD5MzZiV1YhJxKYkE b@example';
const FILE = '/home/carol/.ssh/authorized_keys';

const KNOWN = { name: 'git.example.org', path: '/etc/ssh/ssh_known_hosts' };
const HOST_KEY = KEY.split(' ', 2).join(' ');

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
  {
    module: 'known_hosts',
    setup: 'rm -f /etc/ssh/ssh_known_hosts; mkdir -p /root/.ssh; chmod 700 /root/.ssh',
    args: { ...KNOWN, key: `${KNOWN.name} ${HOST_KEY}` },
    changed: true,
    look: 'cat /etc/ssh/ssh_known_hosts; stat -c %a /etc/ssh/ssh_known_hosts',
    shows: `${KNOWN.name} ${HOST_KEY}\n644`,
  },
  {
    module: 'known_hosts',
    args: { ...KNOWN, key: `${KNOWN.name} ${HOST_KEY}`, hash_host: true },
    changed: true,
    look: `ssh-keygen -F ${KNOWN.name} -f /etc/ssh/ssh_known_hosts | tail -n 1 | cut -d' ' -f2,3; grep -c ${KNOWN.name} /etc/ssh/ssh_known_hosts`,
    shows: `${HOST_KEY}\n0`,
    // The salt is another each time.
    otherFiles: /ssh_known_hosts$/,
  },
  {
    module: 'known_hosts',
    args: { ...KNOWN, state: 'absent' },
    changed: true,
    // ssh-keygen leaves the old file beside.
    otherFiles: /\.old$/,
  },
  { module: 'known_hosts', args: { ...KNOWN, state: 'absent' }, changed: false },
];

/** After `sshScenarios`. */
export const sshMatrix: readonly Scenario[] = [
  {
    module: 'authorized_key',
    setup:
      'mkdir -p /srv/keys; cp /etc/ssh/keys/carol /srv/keys/real; ln -sf /srv/keys/real /srv/keys/link',
    args: { user: 'carol', key: OTHER, path: '/srv/keys/link', follow: true, manage_dir: false },
    changed: true,
    look: `cat /srv/keys/real; stat -c %F /srv/keys/link`,
    shows: `${KEY}\n${OTHER}\nsymbolic link`,
  },
  {
    module: 'authorized_key',
    setup: 'useradd -m dave',
    args: { user: 'dave', key: [KEY, OTHER].join('\n'), exclusive: true },
    changed: true,
  },
  {
    module: 'authorized_key',
    args: { user: 'dave', key: KEY, key_options: 'command="/bin/true",no-pty', exclusive: true },
    changed: true,
    look: 'cat /home/dave/.ssh/authorized_keys',
    shows: `command="/bin/true",no-pty ${KEY}`,
  },
  { module: 'authorized_key', args: { user: 'dave', key: KEY, comment: 'ops' }, changed: true },
  {
    module: 'authorized_key',
    args: { user: 'dave', key: KEY, state: 'absent', exclusive: true },
    changed: true,
  },
  {
    module: 'authorized_key',
    setup: `${PLAIN_SERVER}\necho '${KEY}' >/srv/served/one`,
    args: { user: 'dave', key: 'http://127.0.0.1:8000/one' },
    changed: true,
    look: 'cat /home/dave/.ssh/authorized_keys',
    shows: KEY,
  },
  {
    module: 'authorized_key',
    setup: `${UNTRUSTED_SERVER}\necho '${OTHER}' >/srv/served/other`,
    args: { user: 'dave', key: 'https://localhost:8443/other', validate_certs: false },
    changed: true,
    look: 'cat /home/dave/.ssh/authorized_keys',
    shows: `${KEY}\n${OTHER}`,
  },
  {
    module: 'known_hosts',
    args: {
      name: '[git.example.org]:2222',
      path: '/etc/ssh/ssh_known_hosts',
      key: `[git.example.org]:2222 ${HOST_KEY}`,
    },
    changed: true,
  },
  {
    module: 'known_hosts',
    setup: `printf '%s\n' '${KNOWN.name},10.0.0.1 ${HOST_KEY}' '# mine' >>/etc/ssh/ssh_known_hosts`,
    args: { ...KNOWN, key: `${KNOWN.name} ${OTHER.split(' ', 2).join(' ')}` },
    changed: true,
  },
  {
    module: 'known_hosts',
    args: { ...KNOWN, key: `${KNOWN.name} ${HOST_KEY}`, state: 'absent' },
    changed: false,
    unlikeAnsible: 'it removes another key of the same kind instead',
  },
  {
    module: 'known_hosts',
    args: { ...KNOWN, key: `${KNOWN.name} ${OTHER.split(' ', 2).join(' ')}`, state: 'absent' },
    changed: true,
  },
];
