import { describe, expect, it } from 'vitest';
import {
  firewalld,
  planFirewalld,
  zoneStateOf,
} from '../../../../src/modules/firewall/firewalld.ts';
import type { FirewalldParams } from '../../../../src/modules/firewall/firewalldParams.ts';
import { paramsOf } from '../driver.ts';

type Args = Readonly<Record<string, unknown>>;

const UP = 'running yes\nzone public\n';
const DOWN = 'zone public\n';

function plan(args: Args, output: string, checkMode = false, hasTool = true) {
  const params = paramsOf(firewalld, { state: 'enabled', ...args }) as FirewalldParams;
  return planFirewalld(params, zoneStateOf(output, hasTool), checkMode).map(({ operation }) =>
    [operation.layer, ...operation.args].join(' '),
  );
}

describe('the plan of firewalld', () => {
  it.each<readonly [string, Args, string, readonly string[]]>([
    ['enables now', { service: 'https' }, UP, ['runtime --zone=public --add-service=https']],
    [
      'enables for good',
      { service: 'https', permanent: true },
      UP,
      ['permanent --zone=public --add-service=https'],
    ],
    [
      'enables both',
      { port: '80/tcp', permanent: true, immediate: true },
      UP,
      ['permanent --zone=public --add-port=80/tcp', 'runtime --zone=public --add-port=80/tcp'],
    ],
    [
      'enables what is missing',
      { port: '80/tcp', permanent: true, immediate: true },
      `${UP}permanent yes\n`,
      ['runtime --zone=public --add-port=80/tcp'],
    ],
    ['leaves alone', { service: 'ssh' }, `${UP}runtime yes\n`, []],
    [
      'disables',
      { service: 'ssh', state: 'disabled' },
      `${UP}runtime yes\n`,
      ['runtime --zone=public --remove-service=ssh'],
    ],
    [
      'for a while',
      { service: 'ssh', timeout: 60 },
      UP,
      ['runtime --zone=public --add-service=ssh --timeout=60'],
    ],
    ['masquerades', { masquerade: true }, UP, ['runtime --zone=public --add-masquerade']],
    [
      'does not masquerade',
      { masquerade: false },
      `${UP}runtime yes\n`,
      ['runtime --zone=public --remove-masquerade'],
    ],
    [
      'moves an interface',
      { interface: 'eth1' },
      UP,
      ['runtime --zone=public --change-interface=eth1'],
    ],
    [
      'forwards',
      { port_forward: [{ port: 443, proto: 'tcp', toport: 8443, toaddr: '10.0.0.2' }] },
      UP,
      ['runtime --zone=public --add-forward-port=port=443:proto=tcp:toport=8443:toaddr=10.0.0.2'],
    ],
    [
      'takes rich rules',
      { rich_rule: 'rule family="ipv4" accept' },
      UP,
      ['runtime --zone=public --add-rich-rule=rule family="ipv4" accept'],
    ],
    [
      'works on files',
      { service: 'https', permanent: true, offline: true },
      DOWN,
      ['offline --zone=public --add-service=https'],
    ],
    [
      'sets a target',
      { target: 'DROP', permanent: true },
      `${UP}target default\n`,
      ['permanent --zone=public --set-target=DROP'],
    ],
    [
      'knows the target that firewall-cmd prints in short',
      { target: '%%REJECT%%', permanent: true },
      `${UP}target REJECT\n`,
      [],
    ],
    [
      'resets a target',
      { target: 'DROP', permanent: true, state: 'disabled' },
      `${UP}target DROP\n`,
      ['permanent --zone=public --set-target=default'],
    ],
    [
      'makes a zone',
      { zone: 'app', permanent: true, state: 'present' },
      'running yes\nzone app\n',
      ['permanent --new-zone=app'],
    ],
    [
      'deletes a zone',
      { zone: 'app', permanent: true, state: 'absent' },
      'running yes\nzone app\npermanent yes\n',
      ['permanent --delete-zone=app'],
    ],
  ])('%s', (_name, args, output, commands) => {
    expect(plan(args, output)).toEqual(commands);
  });

  it('needs the firewall, unless an earlier task of a dry run starts it', () => {
    expect(() => plan({ service: 'x' }, '', false, false)).toThrow('this host has no firewall-cmd');
    expect(() => plan({ service: 'x', permanent: true }, DOWN)).toThrow('firewalld does not run');
    expect(plan({ service: 'x' }, DOWN, true)).toHaveLength(1);
  });

  it.each<readonly [Args, string]>([
    [{}, 'say what is to be enabled or disabled'],
    [{ service: 'a', port: '1/tcp' }, 'only one of these at a time: service, port'],
    [{ state: 'present', service: 'a' }, 'present and absent are for zones'],
    [{ state: 'present', permanent: true }, '"zone" is needed'],
    [{ state: 'present', zone: 'a' }, 'zones need permanent=true'],
    [{ target: 'DROP' }, '"target" needs permanent=true'],
  ])('refuses %j', (args, message) => {
    expect(() => plan(args, UP)).toThrow(message);
  });
});
