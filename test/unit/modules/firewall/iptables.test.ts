import { describe, expect, it } from 'vitest';
import { type Chain, iptables, planIptables } from '../../../../src/modules/firewall/iptables.ts';
import { type IptablesParams, ruleWords } from '../../../../src/modules/firewall/iptablesParams.ts';
import { paramsOf } from '../driver.ts';

type Args = Readonly<Record<string, unknown>>;

const paramsFor = (args: Args) => paramsOf(iptables, { chain: 'INPUT', ...args }) as IptablesParams;

describe('rules of iptables', () => {
  it.each<readonly [Args, string]>([
    [
      { protocol: 'tcp', destination_port: 22, jump: 'ACCEPT' },
      '-p tcp -j ACCEPT --destination-port 22',
    ],
    [{ source: '!10.0.0.0/8', in_interface: '! eth0' }, '! -s 10.0.0.0/8 ! -i eth0'],
    [{ destination_ports: [80, '8000:8080'] }, '-m multiport --dports 80,8000:8080'],
    [{ ctstate: ['NEW', 'RELATED'] }, '-m conntrack --ctstate NEW,RELATED'],
    [{ ctstate: 'NEW', match: 'state' }, '-m state --state NEW'],
    [{ log_prefix: 'in: ', log_level: 'info' }, '-j LOG --log-prefix in:  --log-level info'],
    [{ reject_with: 'tcp-reset' }, '-j REJECT --reject-with tcp-reset'],
    [{ tcp_flags: { flags: 'ALL', flags_set: ['ACK', 'SYN'] } }, '--tcp-flags ALL ACK,SYN'],
    [{ syn: 'negate', fragment: '!' }, '! -f ! --syn'],
    [{ limit: '5/s', limit_burst: 10 }, '-m limit --limit 5/s --limit-burst 10'],
    [{ uid_owner: '!root', match: ['owner'] }, '-m owner ! --uid-owner root'],
    [{ src_range: '10.0.0.1-10.0.0.9' }, '-m iprange --src-range 10.0.0.1-10.0.0.9'],
    [{ match_set: 'bad', match_set_flags: 'src' }, '-m set --match-set bad src'],
    [{ icmp_type: 'echo-request', ip_version: 'ipv6' }, '--icmpv6-type echo-request'],
    [{ uid_owner: 'a', gid_owner: 'b' }, '-m owner --uid-owner a -m owner --gid-owner b'],
    [{ set_counters: '1 2' }, '-c 1 2'],
    [{ set_counters: '1,2' }, '-c 1 2'],
    [{ set_dscp_mark: '8' }, '-j DSCP --set-dscp 8'],
    [{ jump: 'DNAT', to_destination: '10.0.0.2:80' }, '-j DNAT --to-destination 10.0.0.2:80'],
  ])('%j', (args, rule) => {
    expect(ruleWords(paramsFor(args)).join(' ')).toBe(rule);
  });
});

const ACCEPT: Chain = { hasRule: false, exists: true, policy: 'ACCEPT', problem: '' };
const WITH_RULE: Chain = { ...ACCEPT, hasRule: true };
const NO_CHAIN: Chain = { hasRule: false, exists: false, policy: '', problem: '' };

describe('the plan of iptables', () => {
  it.each<readonly [string, Args, Chain, readonly string[]]>([
    ['appends', { jump: 'DROP' }, ACCEPT, ['-t filter -A INPUT -j DROP']],
    ['leaves a rule alone', { jump: 'DROP' }, WITH_RULE, []],
    [
      'inserts',
      { jump: 'DROP', action: 'insert', rule_num: 3, wait: 5 },
      ACCEPT,
      ['-w 5 -t filter -I INPUT 3 -j DROP'],
    ],
    [
      'removes',
      { jump: 'DROP', state: 'absent', table: 'nat' },
      WITH_RULE,
      ['-t nat -D INPUT -j DROP'],
    ],
    [
      'adds a rule that has counted',
      { jump: 'DROP', set_counters: '1 2' },
      ACCEPT,
      ['-t filter -A INPUT -j DROP -c 1 2'],
    ],
    [
      'removes a rule whatever it has counted',
      { jump: 'DROP', set_counters: '1 2', state: 'absent' },
      WITH_RULE,
      ['-t filter -D INPUT -j DROP'],
    ],
    ['has nothing to remove', { jump: 'DROP', state: 'absent' }, ACCEPT, []],
    ['sets a policy', { policy: 'DROP' }, ACCEPT, ['-t filter -P INPUT DROP']],
    ['leaves a policy alone', { policy: 'ACCEPT' }, ACCEPT, []],
    ['flushes', { flush: true }, ACCEPT, ['-t filter -F INPUT']],
    ['makes a chain', { chain: 'APP', chain_management: true }, NO_CHAIN, ['-t filter -N APP']],
    [
      'makes a chain for a rule',
      { chain: 'APP', chain_management: true, jump: 'RETURN' },
      NO_CHAIN,
      ['-t filter -N APP', '-t filter -A APP -j RETURN'],
    ],
    [
      'deletes a chain',
      { chain_management: true, state: 'absent' },
      ACCEPT,
      ['-t filter -X INPUT'],
    ],
    ['deletes no chain unasked', { state: 'absent' }, ACCEPT, []],
  ])('%s', (_name, args, chain, commands) => {
    const changes = planIptables(paramsFor(args), chain);
    expect(changes.map(({ operation }) => operation.join(' '))).toEqual(commands);
  });

  it.each<readonly [Args, string]>([
    [{ chain: undefined }, 'either "chain" or "flush" is needed'],
    [{ flush: true, policy: 'DROP' }, 'mutually exclusive: flush|policy'],
    [{ jump: 'TEE' }, '"gateway" is needed with jump=TEE'],
    [{ jump: 'DROP', log_prefix: 'x' }, 'log_prefix and log_level need jump=LOG'],
    [{ match_set: 'x' }, 'match_set and match_set_flags go together'],
  ])('refuses %j', (args, message) => {
    const given = Object.fromEntries(
      Object.entries({ chain: 'INPUT', ...args }).filter(([, value]) => value !== undefined),
    );
    expect(() => paramsOf(iptables, given)).toThrow(message);
  });
});
