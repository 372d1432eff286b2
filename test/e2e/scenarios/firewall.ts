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
];
