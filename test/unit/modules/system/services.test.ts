import { describe, expect, it } from 'vitest';
import { managerOf, service } from '../../../../src/modules/system/service.ts';
import {
  planService,
  type ServiceState,
  type ServiceWish,
} from '../../../../src/modules/system/servicePlan.ts';
import { unitStateOf } from '../../../../src/modules/system/systemctl.ts';
import { checkUnit, serviceStateOf, systemd } from '../../../../src/modules/system/systemd.ts';
import { paramsOf } from '../driver.ts';

const RUNNING: ServiceState = {
  isRunning: true,
  isStopping: false,
  isEnabled: true,
  isMasked: false,
};
const DOWN: ServiceState = {
  isRunning: false,
  isStopping: false,
  isEnabled: false,
  isMasked: false,
};

describe('the plan of a service', () => {
  it.each<[ServiceWish, ServiceState, string[]]>([
    [{ state: 'started', enabled: true }, RUNNING, []],
    [{ state: 'started', enabled: true }, DOWN, ['enable', 'start']],
    [{ state: 'stopped', enabled: false }, RUNNING, ['disable', 'stop']],
    [{ state: 'stopped' }, { ...DOWN, isStopping: true }, ['stop']],
    [{ state: 'restarted' }, RUNNING, ['restart']],
    [{ state: 'restarted' }, DOWN, ['start']],
    [{ state: 'reloaded' }, RUNNING, ['reload']],
    [{ state: 'reloaded' }, DOWN, ['start']],
    [{ enabled: false }, { ...RUNNING, isEnabled: undefined }, []],
    [
      { masked: false, enabled: true, state: 'started' },
      { ...DOWN, isMasked: true },
      ['unmask', 'enable', 'start'],
    ],
    [{ masked: true, state: 'stopped' }, RUNNING, ['mask', 'stop']],
  ])('%j', (wish, state, actions) => {
    expect(planService('x', wish, state).map(({ operation }) => operation)).toEqual(actions);
  });
});

/** systemd 252: `systemctl is-enabled` and `systemctl show`, shortened. */
const NGINX = `enablement enabled
problem 
Type=forking
ExecStart={ path=/usr/sbin/nginx ; argv[]=/usr/sbin/nginx -g daemon on; ; pid=1 }
ActiveState=active
LoadState=loaded
`;

describe('what systemd says', () => {
  it('becomes properties and a state', () => {
    const unit = unitStateOf(NGINX);
    expect(unit.properties['ExecStart']).toBe(
      '{ path=/usr/sbin/nginx ; argv[]=/usr/sbin/nginx -g daemon on; ; pid=1 }',
    );
    expect(serviceStateOf(unit)).toEqual(RUNNING);
  });

  it.each([
    ['static', undefined],
    ['generated', undefined],
    ['disabled', false],
    ['indirect', false],
    ['enabled-runtime', true],
  ])('%s', (word, isEnabled) => {
    expect(
      serviceStateOf(unitStateOf(`enablement ${word}\nproblem \nLoadState=loaded\n`)).isEnabled,
    ).toBe(isEnabled);
  });

  it('is an error when there is no such unit, but not in check mode', () => {
    const unit = unitStateOf('enablement \nproblem \nLoadState=not-found\nActiveState=inactive\n');
    expect(() => checkUnit('nginx', unit, false)).toThrow('there is no unit "nginx" on this host');
    expect(() => checkUnit('nginx', unit, true)).not.toThrow();
  });

  it('is an error when nobody answers', () => {
    const unit = unitStateOf(
      'enablement \nproblem Failed to connect to bus: No such file or directory\n',
    );
    expect(() => checkUnit('x', unit, true)).toThrow(
      'systemd does not answer: Failed to connect to bus',
    );
  });

  it('needs a name for a state', () => {
    expect(() => paramsOf(systemd, { state: 'started' })).toThrow('"name" is needed');
    expect(paramsOf(systemd, { daemon_reload: true })).toMatchObject({ daemon_reload: true });
  });
});

it('plans a unit for all users by what is-enabled says alone', () => {
  const unit = unitStateOf('enablement disabled\nproblem \n');
  expect(() => checkUnit('dream', unit, false)).not.toThrow();
  expect(planService('dream', { enabled: true }, serviceStateOf(unit))).toMatchObject([
    { before: 'disabled', after: 'enabled' },
  ]);
});

describe('service with one thing to do', () => {
  it.each([
    { name: 'cron', enabled: false },
    { name: 'cron', masked: false },
    { name: 'cron', state: 'stopped' },
    { daemon_reload: true },
  ])('%j is enough', (args) => {
    expect(paramsOf(service, args)).toMatchObject(args);
  });

  it('refuses a name alone', () => {
    const args = { name: 'cron', daemon_reload: false };
    expect(() => paramsOf(service, args)).toThrow('one of "state" and "enabled" is needed');
  });
});

describe('service without a name', () => {
  const { params, plan } = service;
  const reload = { ...params.parse({ daemon_reload: true }), checkMode: false };
  const context = { checkMode: false, facts: new Map() };

  it('reloads systemd and changes nothing', () => {
    const host = { manager: 'systemd', unit: unitStateOf('') } as const;
    expect(plan(reload, { host }, context)).toEqual([]);
  });

  it('is an error for other managers', () => {
    const host = { manager: 'openrc', exists: false, service: DOWN } as const;
    expect(() => plan(reload, { host }, context)).toThrow(
      '"name" is needed: this host has no systemd (openrc)',
    );
  });

  it('has no state', () => {
    expect(() => paramsOf(service, { state: 'started' })).toThrow('"name" is needed with "state"');
  });
});

describe('what other managers say', () => {
  it.each([
    ['openrc\nexists\nrunning\nenabled\n', 'openrc', true, RUNNING],
    ['sysvinit\nexists\n', 'sysvinit', true, DOWN],
    ['sysvinit\n', 'sysvinit', false, DOWN],
  ])('%j', (output, manager, exists, service) => {
    expect(managerOf(output)).toEqual({ manager, exists, service });
  });
});
