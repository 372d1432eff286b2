/** The state machines of rancher.md E3, as data. */
export interface Machine {
  readonly initial: string;
  /** Where each passing state leads by itself. */
  readonly steps: Readonly<Record<string, string>>;
  /** Action → { state it may start from → state it enters }. `update` and `remove` also serve PUT and DELETE. */
  readonly actions: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The same target from each of `states`. */
function from(states: string, target: string): Record<string, string> {
  return Object.fromEntries(states.split(' ').map((state) => [state, target]));
}

const leaving = { removing: 'removed', purging: 'purged' };
const updating = { 'updating-active': 'active', 'updating-inactive': 'inactive' };
const update = { active: 'updating-active', inactive: 'updating-inactive' };

/** Credentials, registries, certificates' siblings: most of the API. */
export const defaultMachine: Machine = {
  initial: 'registering',
  steps: {
    registering: 'activating',
    activating: 'active',
    deactivating: 'inactive',
    ...updating,
    ...leaving,
  },
  actions: {
    activate: { inactive: 'activating' },
    deactivate: { active: 'deactivating' },
    update,
    remove: { inactive: 'removing' },
    purge: { removed: 'purging' },
  },
};

/** A project may also be removed while active: the server deactivates it first. */
export const projectMachine: Machine = {
  ...defaultMachine,
  actions: {
    ...defaultMachine.actions,
    remove: { inactive: 'removing', active: 'removing' },
    upgrade: { active: 'updating-active' },
  },
};

export const registerMachine: Machine = {
  initial: 'activating',
  steps: { activating: 'active', ...leaving },
  actions: { remove: { active: 'removing' } },
};

export const certificateMachine: Machine = {
  initial: 'activating',
  steps: { activating: 'active', ...updating, ...leaving },
  actions: { update: { active: 'updating-active' }, remove: { active: 'removing' } },
};

export const hostMachine: Machine = {
  ...defaultMachine,
  actions: { ...defaultMachine.actions, error: { erroring: 'error' } },
};

export const containerMachine: Machine = {
  initial: 'creating',
  steps: {
    creating: 'starting',
    starting: 'running',
    stopping: 'stopped',
    restarting: 'running',
    'updating-running': 'running',
    'updating-stopped': 'stopped',
    erroring: 'error',
    ...leaving,
  },
  actions: {
    start: { stopped: 'starting' },
    stop: { running: 'stopping', starting: 'stopping' },
    restart: { running: 'restarting' },
    update: { running: 'updating-running', stopped: 'updating-stopped' },
    remove: { stopped: 'removing', error: 'removing' },
    purge: { removed: 'purging' },
  },
};

export const stackMachine: Machine = {
  initial: 'activating',
  steps: {
    activating: 'active',
    'updating-active': 'active',
    upgrading: 'upgraded',
    'finishing-upgrade': 'active',
    'canceling-upgrade': 'canceled-upgrade',
    'rolling-back': 'active',
    erroring: 'error',
    ...leaving,
  },
  actions: {
    update: { active: 'updating-active' },
    upgrade: { active: 'upgrading' },
    finishupgrade: { upgraded: 'finishing-upgrade' },
    cancelupgrade: { upgrading: 'canceling-upgrade' },
    rollback: from('upgraded canceled-upgrade upgrading', 'rolling-back'),
    error: { erroring: 'error' },
    remove: from('active error activating upgraded canceled-upgrade', 'removing'),
  },
};

export const serviceMachine: Machine = {
  initial: 'registering',
  steps: {
    registering: 'inactive',
    activating: 'active',
    deactivating: 'inactive',
    restarting: 'active',
    upgrading: 'upgraded',
    'finishing-upgrade': 'active',
    'canceling-upgrade': 'canceled-upgrade',
    'rolling-back': 'active',
    ...updating,
    ...leaving,
  },
  actions: {
    activate: { inactive: 'activating' },
    deactivate: from('active updating-active', 'deactivating'),
    update,
    upgrade: from('active inactive activating updating-active', 'upgrading'),
    finishupgrade: { upgraded: 'finishing-upgrade' },
    rollback: from('upgrading upgraded canceled-upgrade', 'rolling-back'),
    cancelupgrade: from('upgrading finishing-upgrade', 'canceling-upgrade'),
    continueupgrade: { 'canceled-upgrade': 'upgrading' },
    restart: { active: 'restarting' },
    remove: from('active inactive upgraded canceled-upgrade', 'removing'),
  },
};

/** What is active as soon as it exists and has no life: catalog templates, membership rows. */
export const restingMachine: Machine = { initial: 'active', steps: {}, actions: {} };
