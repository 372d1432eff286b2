import { describe, expect, it } from 'vitest';
import {
  capabilities,
  capabilityList,
  planCapabilities,
} from '../../../../src/modules/security/capabilities.ts';
import { pamLimits, planLimits } from '../../../../src/modules/security/pamLimits.ts';
import { planSeboolean, seboolean, switchOf } from '../../../../src/modules/security/seboolean.ts';
import { planSelinux, type Runtime, selinux } from '../../../../src/modules/security/selinux.ts';
import { paramsOf } from '../driver.ts';

type Args = Readonly<Record<string, unknown>>;

const fileOf = (text: string | undefined) => ({ path: '/f', text, encoding: 'utf8' as const });

describe('the plan of pam_limits', () => {
  const NOFILE = { domain: 'app', limit_type: 'soft', limit_item: 'nofile', value: '100' };
  const planned = (args: Args, text: string | undefined) => {
    const input = paramsOf(pamLimits, { ...NOFILE, ...args }) as Parameters<typeof planLimits>[0];
    return planLimits(input, fileOf(text))[0]?.operation.content.toString();
  };

  it.each<readonly [string, Args, string | undefined, string | undefined]>([
    ['adds', {}, '# x\n', '# x\napp\tsoft\tnofile\t100\n'],
    ['makes the file', { comment: 'why' }, undefined, 'app\tsoft\tnofile\t100\t#why\n'],
    ['leaves alone', { comment: 'new' }, 'app soft  nofile 100 # old\n', undefined],
    [
      'changes',
      {},
      'app soft nofile 5\napp hard nofile 5\n',
      'app\tsoft\tnofile\t100\napp hard nofile 5\n',
    ],
    ['keeps a comment', {}, 'app soft nofile 5 #old\n', 'app\tsoft\tnofile\t100\t#old\n'],
    ['keeps a larger value', { use_max: true }, 'app soft nofile 500\n', undefined],
    [
      'raises a smaller value',
      { use_max: true },
      'app soft nofile 50\n',
      'app\tsoft\tnofile\t100\n',
    ],
    ['keeps no limit', { use_max: true }, 'app soft nofile unlimited\n', undefined],
    ['lowers no limit', { use_min: true }, 'app soft nofile -1\n', 'app\tsoft\tnofile\t100\n'],
    [
      'keeps a smaller value',
      { use_min: true, value: 'unlimited' },
      'app soft nofile 5\n',
      undefined,
    ],
  ])('%s', (_name, args, before, wanted) => {
    expect(planned(args, before)).toBe(wanted);
  });

  it.each<readonly [Args, string]>([
    [{ value: 'many' }, '"value" is a number, unlimited, infinity or -1'],
    [{ limit_item: 'nice', value: '20' }, '"value" of nice is a number from -20 to 19'],
    [{ use_max: true, use_min: true }, 'mutually exclusive: use_max|use_min'],
  ])('refuses %j', (args, message) => {
    expect(() => planned(args, '')).toThrow(message);
  });
});

describe('the plan of capabilities', () => {
  const plan = (args: Args, list: string, found: Args = {}) => {
    const input = paramsOf(capabilities, { path: '/bin/x', ...args });
    const file = {
      hasTool: true,
      exists: true,
      list: capabilityList(`/bin/x ${list}`, '/bin/x'),
      ...found,
    };
    return planCapabilities(input as Parameters<typeof planCapabilities>[0], file, false)[0]
      ?.operation;
  };

  it.each<readonly [string, Args, string, string | undefined]>([
    ['sets', { capability: 'CAP_NET_RAW+ep' }, '', 'cap_net_raw+ep'],
    ['adds', { capability: 'cap_a=ep' }, 'cap_b,cap_c=p', 'cap_b=p cap_c=p cap_a=ep'],
    ['leaves alone', { capability: 'cap_a+ep' }, 'cap_a,cap_b=pe', undefined],
    ['knows the older output', { capability: 'cap_a+ep' }, '= cap_a+ep', undefined],
    ['changes flags', { capability: 'cap_a+eip' }, 'cap_a=ep', 'cap_a+eip'],
    ['removes', { cap: 'cap_a', state: 'absent' }, 'cap_a,cap_b=ep', 'cap_b=ep'],
    ['removes the last', { cap: 'cap_a', state: 'absent' }, 'cap_a=ep', ''],
    ['has nothing to remove', { cap: 'cap_a', state: 'absent' }, '', undefined],
  ])('%s', (_name, args, list, operation) => {
    expect(plan(args, list)).toBe(operation);
  });

  it('says what is missing', () => {
    expect(() => plan({ cap: 'cap_a' }, '')).toThrow('needs an operator and flags');
    expect(() => plan({ cap: 'cap_a=p' }, '', { exists: false })).toThrow('/bin/x does not exist');
    expect(() => plan({ cap: 'cap_a=p' }, '', { hasTool: false })).toThrow(
      'this host has no getcap',
    );
  });
});

describe('the plan of selinux', () => {
  const CONFIG = '# SELinux\nSELINUX=enforcing\nSELINUXTYPE=targeted\n';
  const on: Runtime = { mode: 'enforcing', kernel: undefined, hasGrubby: true };
  const off: Runtime = { ...on, mode: 'disabled' };
  const plan = (args: Args, runtime: Runtime, text: string | undefined) => {
    const input = paramsOf(selinux, args) as Parameters<typeof planSelinux>[0];
    return planSelinux(input, runtime, fileOf(text)).map(({ operation }) => {
      if (operation.type === 'write') return operation.content.toString();
      return operation.type === 'enforce' ? operation.mode : operation.isEnabled;
    });
  };

  it.each<readonly [string, Args, Runtime, readonly unknown[]]>([
    ['leaves alone', { state: 'enforcing', policy: 'targeted' }, on, []],
    [
      'is permissive at once',
      { state: 'permissive', policy: 'targeted' },
      on,
      ['permissive', CONFIG.replace('=enforcing', '=permissive')],
    ],
    [
      'is permissive until the reboot',
      { state: 'disabled' },
      on,
      ['permissive', CONFIG.replace('=enforcing', '=disabled')],
    ],
    [
      'waits for the reboot',
      { state: 'enforcing', policy: 'mls' },
      off,
      [CONFIG.replace('targeted', 'mls')],
    ],
    [
      'minds the kernel',
      { state: 'enforcing', policy: 'targeted', update_kernel_param: true },
      { ...on, kernel: false },
      [true],
    ],
  ])('%s', (_name, args, runtime, steps) => {
    expect(plan(args, runtime, CONFIG)).toEqual(steps);
  });

  it('says what is missing', () => {
    expect(() => plan({ state: 'enforcing' }, on, CONFIG)).toThrow('"policy" is needed');
    expect(() => plan({ state: 'disabled' }, on, undefined)).toThrow('there is no file /f');
  });
});

describe('the plan of seboolean', () => {
  const plan = (args: Args, output: string) => {
    const input = paramsOf(seboolean, { name: 'b', state: true, ...args });
    return planSeboolean(input as Parameters<typeof planSeboolean>[0], switchOf(output), false).map(
      ({ before, after }) => [before, after],
    );
  };

  it.each<readonly [Args, string, readonly unknown[]]>([
    [{}, 'enabled\ntool\ncurrent off\n', [['off', 'on']]],
    [{}, 'enabled\ntool\ncurrent on\n', []],
    [{ persistent: true }, 'enabled\ntool\ncurrent on\nkept 0\n', [['on, not kept', 'on, kept']]],
    [{ persistent: true }, 'enabled\ntool\ncurrent on\nkept 1\n', []],
    [{ state: false, persistent: true }, 'enabled\ntool\ncurrent on\n', [['on', 'off, kept']]],
    [{ ignore_selinux_state: true }, 'tool\n', [['unknown', 'on']]],
  ])('%j after %j', (args, output, changes) => {
    expect(plan(args, output)).toEqual(changes);
  });

  it.each([
    ['', 'SELinux is disabled on this host'],
    ['enabled\n', 'this host has no setsebool'],
    ['enabled\ntool\n', 'the policy of this host has no boolean "b"'],
  ])('refuses %j', (output, message) => {
    expect(() => plan({}, output)).toThrow(message);
  });
});
