import { describe, expect, it } from 'vitest';
import { planUfw, ufw } from '../../../../src/modules/firewall/ufw.ts';
import { type UfwParams, ufwRule } from '../../../../src/modules/firewall/ufwParams.ts';
import { insertPosition, ufwStateOf } from '../../../../src/modules/firewall/ufwState.ts';
import { paramsOf } from '../driver.ts';

type Args = Readonly<Record<string, unknown>>;

const SSH = '### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in comment=6c6f6720696e';
const WEB = '### tuple ### allow tcp 80 0.0.0.0/0 any 0.0.0.0/0 in';
const SSH6 = '### tuple ### allow tcp 22 ::/0 any ::/0 in';
const SETTINGS = `ENABLED=yes\nLOGLEVEL=medium\nDEFAULT_INPUT_POLICY="DROP"
DEFAULT_OUTPUT_POLICY="ACCEPT"\nDEFAULT_FORWARD_POLICY="REJECT"\n`;
const NUMBERED = '[ 1] 22/tcp  ALLOW IN  Anywhere\n[ 2] 22/tcp (v6)  ALLOW IN  Anywhere (v6)\n';

/** ufw 0.36.1 */
const state = (status = 'Status: active') =>
  ufwStateOf([status, SETTINGS, `${SSH}\n`, `${SSH6}\n`, NUMBERED].join('\0'), true);
const rules = (family: '' | '6', ...tuples: readonly string[]) =>
  `*filter\n:ufw${family}-user-input - [0:0]\n### RULES ###\n${tuples.join('\n')}\n### END RULES ###\nCOMMIT\n`;

const paramsFor = (args: Args) => paramsOf(ufw, args) as UfwParams;
const plan = (args: Args, output?: string, rc = 0, status?: string) =>
  planUfw(paramsFor(args), state(status), output === undefined ? undefined : { rc, output });

describe('the plan of ufw', () => {
  it.each<readonly [Args, string, readonly unknown[]]>([
    [{ state: 'enabled' }, 'Status: inactive', [['disabled', 'enabled', '-f enable']]],
    [{ state: 'enabled' }, 'Status: active', []],
    [{ state: 'disabled' }, 'Status: active', [['enabled', 'disabled', '-f disable']]],
    [{ state: 'reset' }, 'Status: inactive', [['disabled', 'reset', '-f reset']]],
    [{ policy: 'deny' }, 'Status: active', []],
    [
      { default: 'reject', direction: 'outgoing' },
      'Status: active',
      [['allow', 'reject', 'default reject outgoing']],
    ],
    [{ logging: 'on' }, 'Status: active', []],
    [{ logging: 'off' }, 'Status: active', [['medium', 'off', 'logging off']]],
  ])('%j when %s', (args, status, changes) => {
    const found = plan(args, undefined, 0, status);
    expect(
      found.map(({ before, after, operation }) => [before, after, operation.join(' ')]),
    ).toEqual(changes);
  });

  it('compares the rules that a dry run prints with those in the files', () => {
    const [change] = plan(
      { rule: 'allow', port: 80, proto: 'tcp' },
      rules('', SSH, WEB) + rules('6', SSH6),
    );
    expect(change).toEqual({
      what: 'ufw rules',
      before: ['allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in comment="log in"'],
      after: [
        'allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in comment="log in"',
        'allow tcp 80 0.0.0.0/0 any 0.0.0.0/0 in',
      ],
      operation: ['allow', 'from', 'any', 'to', 'any', 'port', '80', 'proto', 'tcp'],
    });
  });

  it.each<readonly [string, string, number]>([
    [
      'a rule that is there',
      'Skipping adding existing rule\nSkipping adding existing rule (v6)\n',
      0,
    ],
    ['a rule that is not there', 'Could not delete non-existent rule\n', 0],
    ['the same rules', rules('', SSH), 0],
  ])('has nothing to do for %s', (_name, output, rc) => {
    expect(plan({ rule: 'allow', port: 22 }, output, rc)).toEqual([]);
  });

  it('says what ufw says', () => {
    expect(() => plan({ rule: 'allow', port: 'x y' }, 'ERROR: Bad port\n', 1)).toThrow(
      'ERROR: Bad port',
    );
  });
});

describe('rules for ufw', () => {
  it.each<readonly [Args, string]>([
    [{ rule: 'limit', name: 'OpenSSH' }, 'limit from any to any app OpenSSH'],
    [
      { rule: 'deny', src: '10.0.0.0/8', if: 'eth0', direction: 'in', log: true, comment: "it's" },
      "deny in on eth0 log from 10.0.0.0/8 to any comment it's",
    ],
    [
      { rule: 'allow', delete: true, insert: 1, to_port: 53 },
      'delete allow from any to any port 53',
    ],
    [
      { rule: 'allow', route: true, if_in: 'a', if_out: 'b' },
      'route allow in on a out on b from any to any',
    ],
  ])('%j', (args, words) => {
    expect(ufwRule(paramsFor(args), undefined).join(' ')).toBe(words);
  });

  it.each<readonly [Args, number | undefined]>([
    [{ insert: 5 }, 5],
    [{ insert: 0, insert_relative_to: 'first-ipv4' }, 1],
    [{ insert: 0, insert_relative_to: 'first-ipv6' }, 2],
    [{ insert: 0, insert_relative_to: 'last-ipv6' }, 2],
    [{ insert: 1, insert_relative_to: 'last-ipv6' }, undefined],
  ])('%j is at %s', (args, position) => {
    expect(insertPosition(paramsFor({ rule: 'allow', ...args }), state())).toBe(position);
  });

  it.each<readonly [Args, string]>([
    [{}, 'one of "state", "default", "rule" and "logging" is needed'],
    [{ rule: 'allow', direction: 'incoming' }, 'the direction of a rule is in or out'],
    [{ default: 'deny', direction: 'in' }, 'the direction of a default is incoming'],
    [{ rule: 'allow', interface: 'eth0' }, '"interface" needs the direction in or out'],
    [{ rule: 'allow', if_in: 'a', if_out: 'b' }, 'only a rule with "route"'],
    [{ rule: 'allow', name: 'a', proto: 'tcp' }, 'mutually exclusive: name|proto'],
  ])('refuses %j', (args, message) => {
    expect(() => paramsFor(args)).toThrow(message);
  });
});
