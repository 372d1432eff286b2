import type { Scenario } from '../../support/scenarios/scenario.ts';

const WEB = {
  chain: 'INPUT',
  protocol: 'tcp',
  destination_ports: ['80', '443'],
  ctstate: ['NEW'],
  jump: 'ACCEPT',
  comment: 'the web',
};
const APP = { chain: 'APP', chain_management: true };

const FORWARDED = { table: 'nat', chain: 'PREROUTING', protocol: 'tcp', in_interface: 'eth0' };
const LEAVING = { table: 'nat', chain: 'POSTROUTING', out_interface: 'eth0' };
const MARKED = { table: 'mangle', chain: 'PREROUTING' };

const DSCP = { ...MARKED, jump: 'DSCP' };
const TCP = { chain: 'INPUT', protocol: 'tcp', jump: 'ACCEPT' };
const SENT = { chain: 'OUTPUT', uid_owner: 'deploy', jump: 'ACCEPT' };

/** Rules that are there once they were asked for; what each comes to is compared as iptables-save prints it. */
const RULES_BY_PARAMETER = [
  { ...FORWARDED, destination_port: '80', jump: 'DNAT', to_destination: '10.9.0.9:8080' },
  { ...FORWARDED, destination_port: '81:82', jump: 'REDIRECT', to_ports: '8081' },
  { ...LEAVING, source: '10.9.0.0/16', jump: 'SNAT', to_source: '10.9.0.1' },
  { ...LEAVING, protocol: 'udp', jump: 'MASQUERADE', to_ports: '1024-2048' },
  { ...DSCP, protocol: 'tcp', source_port: '5000:5010', set_dscp_mark: '8' },
  { ...DSCP, destination: '10.9.0.7/32', set_dscp_mark_class: 'CS1' },
  { ...MARKED, jump: 'TEE', gateway: '10.9.0.2', destination: '10.9.0.8/32' },
  { table: 'raw', chain: 'OUTPUT', protocol: 'udp', source_port: '9', jump: 'NOTRACK' },
  { table: 'security', chain: 'INPUT', in_interface: '!eth0', jump: 'ACCEPT' },
  { chain: 'INPUT', limit: '5/minute', limit_burst: '10', log_prefix: 'seen: ', log_level: 'info' },
  { ...TCP, syn: 'match', match: ['tcp'], destination_port: '90' },
  { ...TCP, syn: 'negate', destination_port: '91' },
  { ...TCP, tcp_flags: { flags: ['ALL'], flags_set: ['ACK', 'FIN'] } },
  { ...TCP, match: ['state'], ctstate: ['NEW'] },
  { ...TCP, match: ['conntrack'], ctstate: ['ESTABLISHED', 'RELATED'] },
  { chain: 'INPUT', protocol: 'icmp', icmp_type: 'echo-request', jump: 'ACCEPT' },
  { ip_version: 'ipv6', chain: 'INPUT', protocol: 'icmpv6', icmp_type: '129', jump: 'ACCEPT' },
  {
    chain: 'INPUT',
    src_range: '10.9.0.1-10.9.0.5',
    dst_range: '10.9.1.1-10.9.1.5',
    jump: 'ACCEPT',
  },
  { chain: 'INPUT', match_set: 'known', match_set_flags: 'src', jump: 'ACCEPT' },
  { chain: 'FORWARD', protocol: 'tcp', reject_with: 'tcp-reset', ip_version: 'ipv6' },
  { chain: 'FORWARD', action: 'insert', rule_num: '1', jump: 'RETURN', wait: '5' },
  { ...SENT, gid_owner: 'deploy' },
  { chain: 'OUTPUT', goto: 'AFTER', chain_management: true, protocol: 'sctp' },
];

/** Rules that Ansible asks for in words that iptables does not take. */
const RULES_OF_OURS = [
  { rule: { ...MARKED, protocol: 'udp', set_dscp_mark: '8' }, why: 'it needs `jump: DSCP` beside' },
  { rule: { chain: 'FORWARD', fragment: 'yes', jump: 'DROP' }, why: 'it gives -f a value' },
  {
    rule: { ...SENT, protocol: 'udp', set_counters: '1 2' },
    why: 'it gives -c both counters as one word, and finds no rule that has counted since',
  },
  { rule: { ...TCP, destination_port: '92', numeric: true }, why: 'it has `numeric` since 2.15' },
];

/** What rules refer to. */
const SETS = `apt-get install -qy --no-install-recommends ipset >/dev/null 2>&1
ipset create known hash:ip; iptables -N AFTER 2>/dev/null; true`;

const FIREWALLD = `DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends firewalld >/dev/null 2>&1
systemctl restart firewalld; until firewall-cmd --state >/dev/null 2>&1; do sleep 0.2; done`;
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
    // Ansible loses that the zone forwards.
    otherFiles: /zones\/public\.xml$/,
    look: 'firewall-offline-cmd --list-services',
    shows: 'dhcpv6-client http ssh',
  },
];

/** After `firewallScenarios`. */
export const firewallMatrix: readonly Scenario[] = [
  {
    module: 'iptables',
    args: { chain: 'AFTER', chain_management: true },
    changed: true,
    look: 'iptables -S AFTER',
    shows: '-N AFTER',
    unlikeAnsible: 'before 2.15 it adds a rule that takes every packet',
  },
  ...RULES_BY_PARAMETER.map((args, index) => ({
    module: 'iptables',
    args,
    changed: true,
    ...(index === 0 ? { setup: SETS } : {}),
  })),
  ...RULES_OF_OURS.map(({ rule: args, why: unlikeAnsible }) => ({
    module: 'iptables',
    args,
    changed: true,
    unlikeAnsible,
  })),
  {
    module: 'iptables',
    args: { table: 'nat', flush: true },
    changed: true,
    actsAlways: true,
    look: 'iptables -t nat -S | grep -c ^-A',
    shows: '0',
  },
  {
    module: 'ufw',
    setup: 'ufw --force enable >/dev/null',
    args: {
      rule: 'limit',
      proto: 'udp',
      from_ip: '10.9.0.0/16',
      from_port: '53',
      to_ip: '10.9.1.1',
      to_port: '5300:5310',
    },
    changed: true,
  },
  {
    module: 'ufw',
    setup: `printf '[Probe]\\ntitle=Probe\\ndescription=Probe\\nports=7000/tcp\\n' >/etc/ufw/applications.d/probe`,
    args: { rule: 'allow', name: 'Probe', direction: 'in', interface: 'eth0' },
    changed: true,
  },
  {
    module: 'ufw',
    args: { rule: 'reject', port: '113', insert: 0, insert_relative_to: 'first-ipv6' },
    changed: true,
  },
  {
    module: 'ufw',
    args: { rule: 'reject', port: '114', insert: 0, insert_relative_to: 'last-ipv4' },
    changed: true,
  },
  {
    module: 'ufw',
    args: { rule: 'deny', port: '115', insert: -1, insert_relative_to: 'last-ipv6' },
    changed: true,
  },
  {
    module: 'ufw',
    args: { rule: 'deny', port: '116', insert: 1, insert_relative_to: 'first-ipv4' },
    changed: true,
  },
  {
    module: 'ufw',
    args: { rule: 'allow', proto: 'esp', interface_in: 'eth0', from_ip: '10.9.2.0/24' },
    changed: true,
  },
  {
    module: 'ufw',
    args: { rule: 'deny', port: '25', interface: 'eth0', direction: 'out', comment: 'no mail' },
    changed: true,
  },
  {
    module: 'ufw',
    args: { rule: 'deny', port: '25', interface: 'eth0', direction: 'out', comment: 'none' },
    changed: true,
  },
  { module: 'ufw', args: { rule: 'reject', port: '113' }, changed: false },
  { module: 'ufw', args: { rule: 'deny', port: '113', proto: 'udp' }, changed: true },
  { module: 'ufw', args: { rule: 'reject', port: '113', delete: true }, changed: true },
  { module: 'ufw', args: { default: 'allow', direction: 'routed' }, changed: true },
  { module: 'ufw', args: { default: 'deny', direction: 'outgoing' }, changed: true },
  {
    module: 'ufw',
    args: { policy: 'allow', direction: 'outgoing', logging: 'off' },
    changed: true,
  },
  {
    module: 'ufw',
    args: { state: 'reset' },
    changed: true,
    actsAlways: true,
    otherFiles: /^\/etc\/ufw\/.*\d{8}_\d{6}$/,
  },
  {
    module: 'firewalld',
    setup: FIREWALLD,
    args: { zone: 'trusted', source: '10.9.0.0/16', permanent: true, state: 'enabled' },
    changed: true,
  },
  {
    module: 'firewalld',
    args: { zone: 'dmz', icmp_block: 'echo-request', permanent: true, state: 'enabled' },
    changed: true,
  },
  {
    module: 'firewalld',
    args: {
      zone: 'dmz',
      port_forward: [{ port: 443, proto: 'tcp', toport: 8443 }],
      permanent: true,
      state: 'enabled',
    },
    changed: true,
  },
  {
    module: 'firewalld',
    args: { zone: 'dmz', protocol: 'gre', immediate: true, timeout: 600, state: 'enabled' },
    changed: true,
  },
  {
    module: 'firewalld',
    args: { zone: 'dmz', icmp_block_inversion: true, permanent: true, state: 'enabled' },
    changed: true,
  },
  {
    module: 'firewalld',
    args: { zone: 'dmz', icmp_block_inversion: true, permanent: true, state: 'disabled' },
    changed: true,
  },
  {
    module: 'firewalld',
    args: {
      zone: 'dmz',
      port_forward: [{ port: 443, proto: 'tcp', toport: 8443 }],
      permanent: true,
      state: 'disabled',
    },
    changed: true,
  },
  {
    module: 'firewalld',
    args: {
      zone: 'dmz',
      port_forward: [{ port: '80-81', proto: 'tcp', toport: '8080', toaddr: '10.9.0.7' }],
      permanent: true,
      immediate: true,
      state: 'enabled',
    },
    changed: true,
    look: 'firewall-cmd --zone=dmz --list-forward-ports',
    shows: 'port=80-81:proto=tcp:toport=8080:toaddr=10.9.0.7',
  },
  {
    module: 'firewalld',
    args: { zone: 'internal', interface: 'eth9', permanent: true, state: 'enabled' },
    changed: true,
  },
  {
    module: 'firewalld',
    args: { zone: 'work', interface: 'eth9', permanent: true, immediate: true, state: 'enabled' },
    changed: true,
    look: 'firewall-cmd --get-zone-of-interface=eth9; firewall-cmd --permanent --get-zone-of-interface=eth9',
    shows: 'work\nwork',
  },
  {
    module: 'firewalld',
    args: { zone: 'work', interface: 'eth9', permanent: true, state: 'disabled' },
    changed: true,
  },
  {
    module: 'firewalld',
    args: { zone: 'trusted', source: '10.9.0.0/16', permanent: true, state: 'disabled' },
    changed: true,
  },
  {
    module: 'firewalld',
    args: { zone: 'dmz', masquerade: true, permanent: true, state: 'disabled' },
    changed: true,
  },
  {
    module: 'firewalld',
    args: { zone: 'work', target: '%%REJECT%%', permanent: true, state: 'enabled' },
    changed: true,
  },
  {
    module: 'firewalld',
    args: { zone: 'work', target: '%%REJECT%%', permanent: true, state: 'disabled' },
    changed: true,
    look: 'firewall-cmd --permanent --zone=work --get-target',
    shows: 'default',
  },
  {
    module: 'firewalld',
    args: { zone: 'dmz', forward: false, permanent: true, state: 'disabled' },
    changed: false,
    unlikeAnsible: 'ansible.posix has it since 1.6',
  },
  {
    module: 'firewalld',
    args: { zone: 'dmz', forward: true, permanent: true, state: 'disabled' },
    changed: true,
    look: 'firewall-cmd --permanent --zone=dmz --query-forward',
    shows: 'no',
    unlikeAnsible: 'ansible.posix has it since 1.6',
  },
];
