import { describe, expect, it } from 'vitest';
import { modprobe, moduleStateOf, planModprobe } from '../../../../src/modules/kernel/modprobe.ts';
import { paramsOf } from '../driver.ts';

type Args = Readonly<Record<string, unknown>>;
type Params = Parameters<typeof planModprobe>[0];

function plan(args: Args, state: string, checkMode = false) {
  const params = paramsOf(modprobe, { name: 'dummy', ...args }) as Params;
  return planModprobe(params, moduleStateOf(state.replaceAll('|', '\0')), checkMode);
}

function seen(args: Args, state: string) {
  return plan(args, state).map(({ operation }) =>
    operation.type === 'write' ? [operation.path, operation.content.toString()] : operation.type,
  );
}

const LOAD = '/etc/modules-load.d/dummy.conf';
const OPTIONS = '/etc/modprobe.d/dummy.conf';

describe('the plan of modprobe', () => {
  it.each<readonly [string, Args, string, readonly unknown[]]>([
    ['loads', { params: 'numdummies=2' }, 'tool|', ['load']],
    ['leaves a loaded module alone', {}, 'loaded|tool|', []],
    ['unloads', { state: 'absent' }, 'loaded|tool|', ['unload']],
    ['has nothing to unload', { state: 'absent' }, 'tool|', []],
    [
      'loads at boot',
      { persistent: 'present', params: 'a=1 b=2' },
      'loaded|tool|',
      [
        [LOAD, 'dummy\n'],
        [OPTIONS, 'options dummy a=1\noptions dummy b=2\n'],
      ],
    ],
    [
      'leaves alone what is loaded at boot',
      { persistent: 'present', params: 'a=1' },
      `loaded|tool|file /etc/modules-load.d/all.conf|x\ndummy # yes\n|file ${OPTIONS}|options dummy a=1\n|`,
      [],
    ],
    [
      'replaces parameters',
      { persistent: 'present', params: 'a=2' },
      `loaded|tool|file ${LOAD}|dummy\n|file /etc/modprobe.d/old.conf|options dummy a=1\noptions x b=1\n|`,
      [
        ['/etc/modprobe.d/old.conf', '#options dummy a=1\noptions x b=1\n'],
        [OPTIONS, 'options dummy a=2\n'],
      ],
    ],
    [
      'no longer loads at boot',
      { state: 'absent', persistent: 'absent' },
      `tool|file ${LOAD}|dummy\n|file ${OPTIONS}|options dummy a=1\n|`,
      [
        [LOAD, '#dummy\n'],
        [OPTIONS, '#options dummy a=1\n'],
      ],
    ],
    ['leaves boot alone', {}, `loaded|tool|file ${LOAD}|other\n|`, []],
  ])('%s', (_name, args, state, changes) => {
    expect(seen(args, state)).toEqual(changes);
  });

  it('says why a module cannot be loaded', () => {
    expect(() => plan({}, 'problem modprobe: FATAL: Module dummy not found|tool|')).toThrow(
      'modprobe dummy: modprobe: FATAL: Module dummy not found',
    );
  });

  it('needs modprobe, unless an earlier task of a dry run brings it', () => {
    expect(() => plan({}, '')).toThrow('this host has no modprobe');
    expect(plan({}, '', true)).toHaveLength(1);
  });
});
