import { describe, expect, it } from 'vitest';
import { planSysctl, sysctl } from '../../../../src/modules/kernel/sysctl.ts';
import { sysctlPath } from '../../../../src/modules/kernel/sysctlFile.ts';
import { paramsOf } from '../driver.ts';

type Args = Readonly<Record<string, unknown>>;
type Params = Parameters<typeof planSysctl>[0];

const NAME = 'net.ipv4.ip_forward';

function plan(args: Args, text: string | undefined, value: string | undefined, hasTool = true) {
  const params = paramsOf(sysctl, { name: NAME, ...args }) as Params;
  const file = { path: '/etc/sysctl.conf', text, encoding: 'utf8' as const };
  return planSysctl(params, { value, hasTool }, file, false);
}

/** What is written, then what happens to the kernel. */
function seen(args: Args, text: string | undefined, value: string | undefined) {
  return plan(args, text, value).map(({ operation, before, after }) =>
    operation.type === 'write' ? operation.content.toString() : [operation.type, before, after],
  );
}

describe('the plan of sysctl', () => {
  it.each<readonly [string, Args, string | undefined, string | undefined, readonly unknown[]]>([
    ['writes a new file', { value: '1', reload: false }, undefined, '0', [`${NAME}=1\n`]],
    [
      'adds a line and loads it',
      { value: '1' },
      '# mine\n',
      '0',
      [`# mine\n${NAME}=1\n`, ['reload', '0', '1']],
    ],
    ['leaves all alone', { value: 1, sysctl_set: true }, `${NAME} = 1\n`, '1', []],
    ['knows booleans', { value: true }, `${NAME}=1\n`, '1', []],
    [
      'changes the first line and drops others',
      { value: '1' },
      `a=1\n${NAME} = 0\n${NAME}=2\n`,
      '1',
      [`a=1\n${NAME}=1\n`],
    ],
    ['minds the kernel', { value: '1' }, `${NAME}=1\n`, '0', [['reload', '0', '1']]],
    ['sets the kernel', { value: '1', sysctl_set: true }, `${NAME}=1\n`, '0', [['set', '0', '1']]],
    ['leaves the kernel alone', { value: '1', reload: false }, `${NAME}=1\n`, '0', []],
    [
      'compares words',
      { value: '4096 87380', sysctl_set: true },
      `${NAME}=4096 87380`,
      '4096\t87380',
      [],
    ],
    [
      'says what the kernel does not know',
      { value: '1' },
      `${NAME}=1\n`,
      undefined,
      [['reload', 'unknown to the kernel', '1']],
    ],
    [
      'removes lines',
      { state: 'absent' },
      `a=1\n${NAME}=0\n#${NAME}=2\n`,
      '0',
      [`a=1\n#${NAME}=2\n`],
    ],
    ['has nothing to remove', { state: 'absent' }, undefined, '0', []],
  ])('%s', (_name, args, text, value, changes) => {
    expect(seen(args, text, value)).toEqual(changes);
  });

  it('names the package of a missing tool', () => {
    expect(() => plan({ value: '1' }, '', '0', false)).toThrow(
      expect.objectContaining({
        message: 'this host has no sysctl',
        hint: expect.stringContaining('procps'),
      }),
    );
  });

  it.each<readonly [Args, string]>([
    [{}, '"value" is needed with state=present'],
    [{ value: '' }, '"value" is needed with state=present'],
    [{ name: ' ', value: '1' }, '"name" must not be empty'],
  ])('refuses %j', (args, message) => {
    expect(() => plan(args, '', '0')).toThrow(message);
  });

  it.each([
    ['net.ipv4.ip_forward', '/proc/sys/net/ipv4/ip_forward'],
    ['net.ipv4.conf.eth0/1.forwarding', '/proc/sys/net/ipv4/conf/eth0.1/forwarding'],
    ['net/ipv4/conf/eth0.1/forwarding', '/proc/sys/net/ipv4/conf/eth0.1/forwarding'],
  ])('%s is %s', (key, file) => {
    expect(sysctlPath(key)).toBe(file);
  });
});
