import { describe, expect, it } from 'vitest';
import { initScriptOf, planSysvinit, sysvinit } from '../../../../src/modules/system/sysvinit.ts';
import { paramsOf } from '../driver.ts';

type Args = Readonly<Record<string, unknown>>;

function plan(args: Args, output: string, checkMode = false) {
  const input = paramsOf(sysvinit, { name: 'nap', ...args }) as Parameters<typeof planSysvinit>[0];
  const state = initScriptOf(output);
  return planSysvinit(input, state, checkMode).map(({ operation }) => operation);
}

describe('the plan of sysvinit', () => {
  it.each<readonly [Args, string, readonly string[]]>([
    [{ state: 'started' }, 'exists\n', ['start']],
    [{ state: 'started' }, 'exists\nrunning\n', []],
    [{ state: 'stopped' }, 'exists\nrunning\n', ['stop']],
    [{ state: 'restarted' }, 'exists\nrunning\n', ['restart']],
    [{ state: 'reloaded' }, 'exists\nrunning\n', ['reload']],
    [{ enabled: true, state: 'started' }, 'exists\n', ['enable', 'start']],
    [{ enabled: true }, 'exists\nlevel 2\n', []],
    [{ enabled: false }, 'exists\nlevel 2\n', ['disable']],
    [{ enabled: true, runlevels: [3, 5] }, 'exists\nlevel 3\n', ['enable']],
    [{ enabled: true, runlevels: [3, 5] }, 'exists\nlevel 3\nlevel 5\n', []],
    [{ enabled: false, runlevels: [3, 5] }, 'exists\nlevel 3\n', ['disable']],
    [{ enabled: false, runlevels: [5] }, 'exists\nlevel 3\n', []],
  ])('%j after %j', (args, output, actions) => {
    expect(plan(args, output)).toEqual(actions);
  });

  it('needs the script, unless an earlier task of a dry run brings it', () => {
    expect(() => plan({ state: 'started' }, '')).toThrow(
      'there is no init script for the service "nap"',
    );
    expect(plan({ state: 'started' }, '', true)).toEqual(['start']);
    expect(() => plan({}, '')).toThrow('one of "state" and "enabled" is needed');
  });
});
