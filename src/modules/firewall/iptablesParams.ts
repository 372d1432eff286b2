/** The parameters of `iptables`, and the words of the rule that they ask for. */
import * as z from 'zod';
import { boolean, list, object, text } from '../params.ts';

const LEVELS = [
  '0',
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  'emerg',
  'alert',
  'crit',
  'error',
  'warning',
  'notice',
  'info',
  'debug',
] as const;

export const IptablesParams = z
  .strictObject({
    table: z
      .enum(['filter', 'nat', 'mangle', 'raw', 'security'])
      .default('filter')
      .describe('The table.'),
    state: z
      .enum(['present', 'absent'])
      .default('present')
      .describe('Whether the rule shall be there.'),
    action: z
      .enum(['append', 'insert'])
      .default('append')
      .describe('Whether a new rule goes to the end of the chain or to its top.'),
    rule_num: text().optional().describe('Number that an inserted rule gets.'),
    ip_version: z.enum(['ipv4', 'ipv6']).default('ipv4').describe('iptables or ip6tables.'),
    chain: text().optional().describe('The chain, as in `INPUT`.'),
    chain_management: boolean()
      .default(false)
      .describe('Make the chain for a rule; without a rule, make or delete the chain itself.'),
    protocol: text().optional().describe('Protocol; `!` before it inverts the test, as elsewhere.'),
    source: text().optional().describe('Source address or network.'),
    destination: text().optional().describe('Destination address or network.'),
    tcp_flags: object({
      flags: list(text()).optional().describe('Flags to look at.'),
      flags_set: list(text()).optional().describe('Of these, the ones that must be set.'),
    })
      .optional()
      .describe('TCP flags.'),
    match: list(text()).default([]).describe('Extensions to load.'),
    jump: text().optional().describe('The target, as in `ACCEPT`.'),
    gateway: text().optional().describe('Host that copies go to, with jump TEE.'),
    log_prefix: text().optional().describe('Text for the log; means jump LOG.'),
    log_level: z.enum(LEVELS).optional().describe('Level for the log; means jump LOG.'),
    goto: text().optional().describe('Chain to go on in, without coming back.'),
    in_interface: text().optional().describe('Interface that it came in by.'),
    out_interface: text().optional().describe('Interface that it leaves by.'),
    fragment: text().optional().describe('Second and further fragments only.'),
    set_counters: text().optional().describe('Packet and byte counters of a new rule.'),
    source_port: text().optional().describe('Source port or `first:last`.'),
    destination_port: text().optional().describe('Destination port or `first:last`.'),
    destination_ports: list(text()).default([]).describe('Several destination ports (multiport).'),
    to_ports: text().optional().describe('Port that REDIRECT and MASQUERADE use.'),
    to_destination: text().optional().describe('Address for DNAT.'),
    to_source: text().optional().describe('Address for SNAT.'),
    syn: z
      .enum(['ignore', 'match', 'negate'])
      .default('ignore')
      .describe('Packets that open a connection, or all others.'),
    set_dscp_mark: text().optional().describe('DSCP mark; means jump DSCP.'),
    set_dscp_mark_class: text().optional().describe('DSCP class; means jump DSCP.'),
    comment: text().optional().describe('Comment of the rule.'),
    ctstate: list(text()).default([]).describe('Connection states, as in `ESTABLISHED`.'),
    src_range: text().optional().describe('Range of source addresses.'),
    dst_range: text().optional().describe('Range of destination addresses.'),
    match_set: text().optional().describe('Name of an ipset.'),
    match_set_flags: z
      .enum(['src', 'dst', 'src,dst', 'dst,src', 'src,src', 'dst,dst'])
      .optional()
      .describe('What of a packet is looked up in the set.'),
    limit: text().optional().describe('Rate, as in `5/minute`.'),
    limit_burst: text().optional().describe('Burst before the limit counts.'),
    uid_owner: text().optional().describe('User that sends.'),
    gid_owner: text().optional().describe('Group that sends.'),
    reject_with: text().optional().describe('Answer of a rejection; means jump REJECT.'),
    icmp_type: text().optional().describe('ICMP type.'),
    flush: boolean().default(false).describe('Remove all rules of the chain, or of the table.'),
    policy: z
      .enum(['ACCEPT', 'DROP', 'QUEUE', 'RETURN'])
      .optional()
      .describe('What happens to packets that no rule takes.'),
    wait: text().optional().describe('Seconds to wait for the lock of the tables.'),
    numeric: boolean().default(false).describe('Look at chains without asking for names.'),
  })
  .superRefine((params, context) => {
    for (const [isBroken, message] of rules(params)) if (isBroken) context.addIssue(message);
  });

export type IptablesParams = z.output<typeof IptablesParams>;

function rules(params: IptablesParams): readonly (readonly [boolean, string])[] {
  const { flush, policy, chain, jump, log_prefix: prefix, log_level: level } = params;
  const both = (a: keyof IptablesParams, b: keyof IptablesParams) =>
    [
      params[a] !== undefined && params[b] !== undefined,
      `parameters are mutually exclusive: ${a}|${b}`,
    ] as const;
  return [
    [flush && policy !== undefined, 'parameters are mutually exclusive: flush|policy'],
    both('set_dscp_mark', 'set_dscp_mark_class'),
    [!flush && chain === undefined, 'either "chain" or "flush" is needed'],
    [jump === 'TEE' && params.gateway === undefined, '"gateway" is needed with jump=TEE'],
    [
      (prefix ?? level) !== undefined && jump !== undefined && jump !== 'LOG',
      'log_prefix and log_level need jump=LOG',
    ],
    [
      (params.match_set === undefined) !== (params.match_set_flags === undefined),
      'match_set and match_set_flags go together',
    ],
  ];
}

type Words = readonly string[];

/** The words of the rule, see iptables(8) and iptables-extensions(8). Empty when only a chain is meant. */
export function ruleWords(params: IptablesParams): string[] {
  return [...pathWords(params), ...packetWords(params)].flat();
}

/** Where packets come from and go, and what becomes of them. */
function pathWords(params: IptablesParams): Words[] {
  const ports = params.destination_ports.join(',');
  return [
    option('-p', params.protocol),
    option('-s', params.source),
    option('-d', params.destination),
    params.match.flatMap((each) => ['-m', each]),
    tcpFlags(params),
    option('-j', jumpOf(params)),
    option('--gateway', params.gateway),
    option('--log-prefix', params.log_prefix),
    option('--log-level', params.log_level),
    option('--to-destination', params.to_destination),
    extension('multiport', params.match, option('--dports', ports === '' ? undefined : ports)),
    option('--to-source', params.to_source),
    option('-g', params.goto),
    option('-i', params.in_interface),
    option('-o', params.out_interface),
  ];
}

/** What packets look like, and details of targets and matches. */
function packetWords(params: IptablesParams): Words[] {
  return [
    flag('-f', params.fragment),
    params.set_counters === undefined ? [] : ['-c', ...params.set_counters.trim().split(/[\s,]+/)],
    option('--source-port', params.source_port),
    option('--destination-port', params.destination_port),
    option('--to-ports', params.to_ports),
    option('--set-dscp', params.set_dscp_mark),
    option('--set-dscp-class', params.set_dscp_mark_class),
    { ignore: [], match: ['--syn'], negate: ['!', '--syn'] }[params.syn],
    connectionStates(params),
    extension('iprange', params.match, [
      ...option('--src-range', params.src_range),
      ...option('--dst-range', params.dst_range),
    ]),
    matchSet(params),
    extension('limit', params.match, [
      ...option('--limit', params.limit),
      ...option('--limit-burst', params.limit_burst),
    ]),
    // Each by itself, as Ansible has it: otherwise the rules that it made would be others.
    extension('owner', params.match, option('--uid-owner', params.uid_owner)),
    extension('owner', params.match, option('--gid-owner', params.gid_owner)),
    extension('comment', params.match, option('--comment', params.comment)),
    option('--reject-with', params.reject_with),
    option(params.ip_version === 'ipv6' ? '--icmpv6-type' : '--icmp-type', params.icmp_type),
  ];
}

/** A leading `!` of the value goes before the option. */
function option(name: string, value: string | undefined): Words {
  if (value === undefined || value === '') return [];
  return value.startsWith('!') ? ['!', name, value.slice(1).trim()] : [name, value];
}

function flag(name: string, value: string | undefined): Words {
  if (value === undefined || value === '') return [];
  return value.startsWith('!') ? ['!', name] : [name];
}

/** With `-m` for the extension, unless `match` loads it. */
function extension(name: string, match: Words, words: Words): Words {
  if (words.length === 0 || match.includes(name)) return words;
  return ['-m', name, ...words];
}

function tcpFlags({ tcp_flags: given }: IptablesParams): Words {
  const { flags = [], flags_set: set = [] } = given ?? {};
  return flags.length > 0 && set.length > 0 ? ['--tcp-flags', flags.join(','), set.join(',')] : [];
}

function jumpOf(params: IptablesParams): string | undefined {
  if (params.jump !== undefined) return params.jump;
  if ((params.log_prefix ?? params.log_level) !== undefined) return 'LOG';
  if (params.reject_with !== undefined) return 'REJECT';
  return (params.set_dscp_mark ?? params.set_dscp_mark_class) === undefined ? undefined : 'DSCP';
}

function connectionStates({ ctstate, match }: IptablesParams): Words {
  if (ctstate.length === 0) return [];
  const states = ctstate.join(',');
  if (match.includes('state')) return ['--state', states];
  return extension('conntrack', match, ['--ctstate', states]);
}

function matchSet({ match_set: set, match_set_flags: flags, match }: IptablesParams): Words {
  if (set === undefined || flags === undefined) return [];
  return extension('set', match, [...option('--match-set', set), flags]);
}
