/** The parameters of `ufw`, and the words of the rule that they ask for. */
import * as z from 'zod';
import { boolean, integer, text } from '../params.ts';

const DIRECTIONS = ['in', 'incoming', 'out', 'outgoing', 'routed'] as const;
const PROTOCOLS = ['any', 'tcp', 'udp', 'ipv6', 'esp', 'ah', 'gre', 'igmp', 'vrrp'] as const;
const PLACES = ['first-ipv4', 'first-ipv6', 'last-ipv4', 'last-ipv6', 'zero'] as const;

export const UfwParams = z
  .strictObject({
    state: z
      .enum(['disabled', 'enabled', 'reloaded', 'reset'])
      .optional()
      .describe(
        'Whether the firewall works, now and at boot; `reset` disables it and removes all.',
      ),
    default: z
      .enum(['allow', 'deny', 'reject'])
      .optional()
      .describe('What happens to packets that no rule takes.')
      .meta({ aliases: ['policy'] }),
    direction: z.enum(DIRECTIONS).optional().describe('Direction of the rule, or of the default.'),
    logging: z
      .enum(['on', 'off', 'low', 'medium', 'high', 'full'])
      .optional()
      .describe('How much is logged.'),
    insert: integer().optional().describe('Number that a new rule gets.'),
    insert_relative_to: z.enum(PLACES).default('zero').describe('What `insert` counts from.'),
    rule: z.enum(['allow', 'deny', 'limit', 'reject']).optional().describe('The rule.'),
    log: boolean().default(false).describe('Log new connections that the rule takes.'),
    from_ip: text()
      .default('any')
      .describe('Where packets come from.')
      .meta({ aliases: ['from', 'src'] }),
    from_port: text().optional().describe('Port they come from.'),
    to_ip: text()
      .default('any')
      .describe('Where packets go.')
      .meta({ aliases: ['dest', 'to'] }),
    to_port: text()
      .optional()
      .describe('Port they go to.')
      .meta({ aliases: ['port'] }),
    proto: z
      .enum(PROTOCOLS)
      .optional()
      .describe('Protocol.')
      .meta({ aliases: ['protocol'] }),
    name: text()
      .optional()
      .describe('Application profile in /etc/ufw/applications.d.')
      .meta({ aliases: ['app'] }),
    delete: boolean().default(false).describe('Delete the rule.'),
    interface: text()
      .optional()
      .describe('Interface, in the direction given.')
      .meta({ aliases: ['if'] }),
    interface_in: text()
      .optional()
      .describe('Interface that packets come in by.')
      .meta({ aliases: ['if_in'] }),
    interface_out: text()
      .optional()
      .describe('Interface that they leave by.')
      .meta({ aliases: ['if_out'] }),
    route: boolean().default(false).describe('The rule is for packets that pass through.'),
    comment: text().optional().describe('Comment of the rule.'),
  })
  .superRefine((params, context) => {
    for (const [isBroken, message] of problems(params)) if (isBroken) context.addIssue(message);
  });

export type UfwParams = z.output<typeof UfwParams>;

function problems(params: UfwParams): readonly (readonly [boolean, string])[] {
  const { direction, rule, name, proto, logging, interface_in: incoming, ...more } = params;
  const has = (value: unknown) => value !== undefined;
  const isShort = direction === 'in' || direction === 'out';
  const outgoing = more.interface_out;
  return [
    [
      ![params.state, params.default, rule, logging].some(has),
      'one of "state", "default", "rule" and "logging" is needed',
    ],
    [has(params.default) && isShort, 'the direction of a default is incoming, outgoing or routed'],
    [has(rule) && has(direction) && !isShort, 'the direction of a rule is in or out'],
    [has(name) && has(proto), 'parameters are mutually exclusive: name|proto'],
    [has(params.interface) && !isShort, '"interface" needs the direction in or out'],
    [
      has(params.interface) && (has(incoming) || has(outgoing)),
      '"interface" does not go with interface_in and interface_out',
    ],
    [
      has(direction) && (has(incoming) || has(outgoing)),
      '"direction" does not go with interface_in and interface_out',
    ],
    [
      !params.route && has(incoming) && has(outgoing),
      'only a rule with "route" takes interface_in and interface_out',
    ],
  ];
}

/** `[route] [delete | insert NUM] RULE [in|out [on IF]] [log] from … to … [proto …] [app …] [comment …]`, see ufw(8). */
export function ufwRule(params: UfwParams, insertAt: number | undefined): string[] {
  const option = (words: readonly string[], value: string | undefined) =>
    value === undefined || value === '' ? [] : [...words, value];
  return [
    params.route ? ['route'] : [],
    params.delete ? ['delete'] : [],
    insertAt === undefined || params.delete ? [] : ['insert', String(insertAt)],
    option([], params.rule),
    option([], params.direction),
    option(['on'], params.interface),
    option(['in', 'on'], params.interface_in),
    option(['out', 'on'], params.interface_out),
    params.log ? ['log'] : [],
    option(['from'], params.from_ip),
    option(['port'], params.from_port),
    option(['to'], params.to_ip),
    option(['port'], params.to_port),
    option(['proto'], params.proto),
    option(['app'], params.name),
    option(['comment'], params.comment),
  ].flat();
}
