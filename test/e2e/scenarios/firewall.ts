import type { Scenario } from '../../support/hostScenarios.ts';

const WEB = {
  chain: 'INPUT',
  protocol: 'tcp',
  destination_ports: ['80', '443'],
  ctstate: ['NEW'],
  jump: 'ACCEPT',
  comment: 'the web',
};
const APP = { chain: 'APP', chain_management: true };

const FIREWALLD = `DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends firewalld >/dev/null 2>&1
systemctl restart firewalld`;
const RULES = `cat /etc/ufw/user.rules /etc/ufw/user6.rules | sed -n 's/^### tuple ### //p'`;

export const firewallScenarios: readonly Scenario[] = [
  {
    module: 'iptables',
    args: WEB,
    changed: true,
    look: 'iptables -S INPUT',
    shows:
      '-P INPUT ACCEPT\n-A INPUT -p tcp -m multiport --dports 80,443 -m conntrack --ctstate NEW -m comment --comment "the web" -j ACCEPT',
  },
  {
    module: 'iptables',
    args: { ...APP, source: '!10.0.0.0/8', jump: 'DROP', action: 'insert' },
    changed: true,
    look: 'iptables -S APP',
    shows: '-N APP\n-A APP ! -s 10.0.0.0/8 -j DROP',
  },
  { module: 'iptables', args: { chain: 'FORWARD', policy: 'DROP' }, changed: true },
  { module: 'iptables', args: { ...WEB, state: 'absent' }, changed: true },
  {
    module: 'iptables',
    args: { chain: 'APP', flush: true },
    changed: true,
    actsAlways: true,
    look: 'iptables -S APP',
    shows: '-N APP',
  },
  { module: 'iptables', args: { ...APP, state: 'absent' }, changed: true },
  {
    module: 'iptables',
    args: { chain: 'FORWARD', policy: 'ACCEPT', ip_version: 'ipv6' },
    changed: false,
  },
  {
    module: 'ufw',
    setup:
      'apt-get install -qy --no-install-recommends ufw >/dev/null 2>&1; ufw --force reset >/dev/null',
    args: { rule: 'allow', port: '22', proto: 'tcp', comment: 'log in' },
    changed: true,
    look: RULES,
    shows:
      'allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in comment=6c6f6720696e\nallow tcp 22 ::/0 any ::/0 in comment=6c6f6720696e',
  },
  {
    module: 'ufw',
    args: { state: 'enabled' },
    changed: true,
    look: 'ufw status | head -n 1',
    shows: 'Status: active',
  },
  { module: 'ufw', args: { default: 'reject', direction: 'incoming' }, changed: true },
  { module: 'ufw', args: { logging: 'medium' }, changed: true },
  { module: 'ufw', args: { logging: 'on' }, changed: false },
  {
    module: 'ufw',
    args: {
      rule: 'deny',
      from_ip: '10.9.0.0/16',
      interface: 'eth0',
      direction: 'in',
      log: true,
      insert: 1,
    },
    changed: true,
    look: `${RULES} | head -n 1`,
    shows: 'deny_log any any 0.0.0.0/0 any 10.9.0.0/16 in_eth0',
  },
  {
    module: 'ufw',
    args: { rule: 'allow', route: true, interface_in: 'eth0', interface_out: 'eth1' },
    changed: true,
  },
  {
    module: 'ufw',
    setup: 'ufw allow 25/tcp >/dev/null',
    args: { rule: 'allow', port: '25', proto: 'tcp', delete: true },
    changed: true,
  },
  { module: 'ufw', args: { rule: 'allow', port: '7', delete: true }, changed: false },
  { module: 'ufw', args: { state: 'reloaded' }, changed: true, actsAlways: true },
  { module: 'ufw', args: { state: 'disabled' }, changed: true },
  {
    module: 'firewalld',
    setup: FIREWALLD,
    args: { service: 'https', permanent: true, immediate: true, state: 'enabled' },
    changed: true,
    look: 'firewall-cmd --list-services; firewall-cmd --permanent --list-services',
    shows: 'dhcpv6-client https ssh\ndhcpv6-client https ssh',
  },
  {
    module: 'firewalld',
    args: { port: '8080/tcp', state: 'enabled', zone: 'dmz' },
    changed: true,
    look: 'firewall-cmd --zone=dmz --list-ports; firewall-cmd --permanent --zone=dmz --list-ports',
    shows: '8080/tcp',
  },
  {
    module: 'firewalld',
    args: { zone: 'dmz', masquerade: true, permanent: true, state: 'enabled' },
    changed: true,
  },
  {
    module: 'firewalld',
    args: {
      rich_rule: 'rule family="ipv4" source address="10.9.0.0/16" reject',
      permanent: true,
      state: 'enabled',
    },
    changed: true,
  },
  { module: 'firewalld', args: { zone: 'app', permanent: true, state: 'present' }, changed: true },
  {
    module: 'firewalld',
    args: { zone: 'app', target: 'DROP', permanent: true, state: 'enabled' },
    changed: true,
    look: 'firewall-cmd --permanent --zone=app --get-target',
    shows: 'DROP',
  },
  { module: 'firewalld', args: { zone: 'app', permanent: true, state: 'absent' }, changed: true },
  {
    module: 'firewalld',
    args: { service: 'https', permanent: true, immediate: true, state: 'disabled' },
    changed: true,
  },
  {
    module: 'firewalld',
    setup: 'systemctl stop firewalld',
    args: { service: 'http', permanent: true, offline: true, state: 'enabled' },
    changed: true,
    look: 'firewall-offline-cmd --list-services',
    shows: 'dhcpv6-client http ssh',
  },
];
