/** From what a service is to what it shall be, for every service manager alike. Pure. */
import type { Change } from '../../core/results.ts';

export type RunState = 'started' | 'stopped' | 'restarted' | 'reloaded';

export interface ServiceState {
  readonly isRunning: boolean;
  /** On its way down. */
  readonly isStopping: boolean;
  /** Undefined where the manager cannot switch it. */
  readonly isEnabled: boolean | undefined;
  readonly isMasked: boolean;
}

export interface ServiceWish {
  readonly state?: RunState | undefined;
  readonly enabled?: boolean | undefined;
  readonly masked?: boolean | undefined;
}

export type ServiceAction =
  | 'mask'
  | 'unmask'
  | 'enable'
  | 'disable'
  | 'start'
  | 'stop'
  | 'restart'
  | 'reload';

export type ServiceChange = Change<ServiceAction>;

/** Changes in the order in which they have to be made. */
export function planService(
  name: string,
  wish: ServiceWish,
  state: ServiceState,
): readonly ServiceChange[] {
  return [
    ...maskChanges(name, wish, state),
    ...enableChanges(name, wish, state),
    ...runChanges(name, wish, state),
  ];
}

function maskChanges(
  name: string,
  { masked }: ServiceWish,
  { isMasked }: ServiceState,
): ServiceChange[] {
  if (masked === undefined || masked === isMasked) return [];
  const word = (on: boolean) => (on ? 'masked' : 'not masked');
  return [
    {
      what: `service ${name}`,
      before: word(!masked),
      after: word(masked),
      operation: masked ? 'mask' : 'unmask',
    },
  ];
}

function enableChanges(
  name: string,
  { enabled }: ServiceWish,
  { isEnabled }: ServiceState,
): ServiceChange[] {
  if (enabled === undefined || isEnabled === undefined || enabled === isEnabled) return [];
  const word = (on: boolean) => (on ? 'enabled' : 'disabled');
  return [
    {
      what: `service ${name}`,
      before: word(!enabled),
      after: word(enabled),
      operation: enabled ? 'enable' : 'disable',
    },
  ];
}

function runChanges(name: string, { state }: ServiceWish, service: ServiceState): ServiceChange[] {
  const operation = runAction(state, service);
  if (state === undefined || operation === undefined) return [];
  const before = service.isRunning ? 'running' : 'stopped';
  return [{ what: `service ${name}`, before, after: state, operation }];
}

/** `reloaded` starts a service that is down; `restarted` always acts. */
function runAction(
  state: RunState | undefined,
  { isRunning, isStopping }: ServiceState,
): ServiceAction | undefined {
  switch (state) {
    case 'started':
      return isRunning ? undefined : 'start';
    case 'stopped':
      return isRunning || isStopping ? 'stop' : undefined;
    case 'restarted':
      return isRunning ? 'restart' : 'start';
    case 'reloaded':
      return isRunning ? 'reload' : 'start';
    case undefined:
      return undefined;
  }
}

/** `state` as the result has it: a service that was restarted or reloaded is started. */
export function resultingState(state: RunState | undefined): { state?: 'started' | 'stopped' } {
  if (state === undefined) return {};
  return { state: state === 'stopped' ? 'stopped' : 'started' };
}
