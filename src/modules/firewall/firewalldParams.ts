/** The parameters of `firewalld`, and the option of firewall-cmd that each thing has. */
import * as z from 'zod';
import { boolean, integer, list, object, text } from '../params.ts';

const Forward = object({
  port: text().describe('Port that packets come to.'),
  proto: z.enum(['udp', 'tcp']).describe('Protocol.'),
  toport: text().describe('Port that they go on to.'),
  toaddr: text().optional().describe('Address that they go on to.'),
});

const THINGS = [
  'icmp_block',
  'icmp_block_inversion',
  'service',
  'protocol',
  'port',
  'port_forward',
  'rich_rule',
  'source',
  'interface',
  'masquerade',
  'forward',
  'target',
] as const;
type Thing = (typeof THINGS)[number];

export const FirewalldParams = z
  .strictObject({
    state: z
      .enum(['enabled', 'disabled', 'present', 'absent'])
      .describe('Whether it shall be there; `present` and `absent` are for zones themselves.'),
    zone: text().optional().describe('The zone. Default: the default zone of the host.'),
    service: text().optional().describe('A service, as in `https`.'),
    protocol: text().optional().describe('A protocol, as in `gre`.'),
    port: text().optional().describe('Port or range with its protocol, as in `8080/tcp`.'),
    port_forward: list(Forward).optional().describe('A port to forward.'),
    rich_rule: text().optional().describe('A rule in the rich language.'),
    source: text().optional().describe('A network whose packets belong to the zone.'),
    interface: text().optional().describe('An interface that belongs to the zone.'),
    icmp_block: text().optional().describe('A kind of ICMP to block.'),
    icmp_block_inversion: boolean().optional().describe('Block every kind of ICMP but these.'),
    masquerade: boolean()
      .optional()
      .describe('Masquerade what leaves; no means the opposite of `state`.'),
    forward: boolean()
      .optional()
      .describe('Forward between the interfaces of the zone; no means the opposite of `state`.'),
    target: z
      .enum(['default', 'ACCEPT', 'DROP', '%%REJECT%%'])
      .optional()
      .describe('What the zone does with packets that no rule takes.'),
    permanent: boolean()
      .optional()
      .describe('Write it to the configuration. Default: no; yes when `immediate` is no.'),
    immediate: boolean()
      .default(false)
      .describe('Do it in the running firewall; without `permanent` it is done there anyway.'),
    timeout: integer()
      .default(0)
      .describe('Seconds that it holds in the running firewall; 0 for ever.'),
    offline: boolean().optional().describe('Work on the configuration while firewalld is down.'),
  })
  .superRefine((params, context) => {
    for (const [isBroken, message] of problems(params)) if (isBroken) context.addIssue(message);
  });

export type FirewalldParams = z.output<typeof FirewalldParams>;

function problems(params: FirewalldParams): readonly (readonly [boolean, string])[] {
  const { state, zone, permanent, immediate, timeout, target } = params;
  const given = THINGS.filter((thing) => params[thing] !== undefined);
  const isForZone = state === 'present' || state === 'absent';
  return [
    [given.length > 1, `only one of these at a time: ${given.join(', ')}`],
    [given.length === 0 && !isForZone, 'say what is to be enabled or disabled'],
    [
      given.length > 0 && isForZone && target === undefined,
      'present and absent are for zones: use enabled or disabled',
    ],
    [given.length === 0 && zone === undefined, '"zone" is needed'],
    [given.length === 0 && permanent !== true, 'zones need permanent=true'],
    [given.length === 0 && immediate, 'zones cannot be made in the running firewall'],
    [target !== undefined && permanent !== true, '"target" needs permanent=true'],
    [permanent === true && immediate && timeout > 0, '"timeout" does not go with permanent'],
  ];
}

/** Something of a zone as firewall-cmd names it: `--add-service=https`; flags have no value. */
export interface ZoneSetting {
  /** As users name it. */
  readonly what: string;
  readonly option: string;
  readonly value: string | undefined;
  readonly isWanted: boolean;
  readonly isPermanentOnly: boolean;
}

/** Undefined when a zone itself is meant. */
export function zoneSetting(params: FirewalldParams): ZoneSetting | undefined {
  const isWanted = params.state === 'enabled' || params.state === 'present';
  const thing = THINGS.find((each) => params[each] !== undefined);
  if (thing === undefined) return undefined;
  const value = settingValue(params, thing);
  const option = thing === 'port_forward' ? 'forward-port' : thing.replaceAll('_', '-');
  const isFlag = ['masquerade', 'icmp_block_inversion', 'forward'].includes(thing);
  return {
    what: `${thing}${isFlag ? '' : ` ${value}`}`,
    option,
    value: isFlag ? undefined : value,
    isWanted: isFlag ? isWanted === params[thing] : isWanted,
    isPermanentOnly: thing === 'target',
  };
}

function settingValue(params: FirewalldParams, thing: Thing): string {
  const [forward] = params.port_forward ?? [];
  if (thing !== 'port_forward' || forward === undefined) return String(params[thing]);
  const { port, proto, toport, toaddr } = forward;
  const address = toaddr === undefined ? '' : `:toaddr=${toaddr}`;
  return `port=${port}:proto=${proto}:toport=${toport}${address}`;
}
