/** `rancher_host`: a registered host in the state and with the labels that are asked for. Hosts register by their agent. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Target } from '../../target/target.ts';
import { type ApplyContext, defineResource, type ObserveContext } from '../module.ts';
import { boolean, dict, seconds, text } from '../params.ts';
import { apiParams, projectParam } from './apiParams.ts';
import { askOrPredict, RancherApi, type Resource } from './client.ts';
import {
  hostParams,
  hostState,
  hostText,
  listHosts,
  pickHost,
  shownHost,
  waitForState,
} from './hosts.ts';
import { findProject, inProject } from './project.ts';
import { type Look, POLL_MS, waitFor } from './waiting.ts';

/** Labels that Rancher itself keeps. */
const AUTOMATIC = 'io.rancher.';

const params = z.strictObject({
  ...apiParams,
  ...projectParam,
  ...hostParams,
  state: z
    .enum(['present', 'active', 'inactive', 'absent'])
    .default('present')
    .describe('`present` and `active` are the same: registered, active and with a live agent.'),
  labels: dict(text()).optional().describe('Labels it shall have.'),
  labels_mode: z
    .enum(['merge', 'exact'])
    .default('merge')
    .describe("`exact` takes other labels away, but not Rancher's own."),
  wait: boolean()
    .default(true)
    .describe('Wait for the agent to register it, and for each step to end.'),
  wait_timeout: seconds().default(300_000).describe('Seconds to wait.'),
});
type Params = z.output<typeof params>;

interface Answers {
  readonly host: Resource | undefined;
}

type HostOperation =
  | { readonly type: 'activate' | 'deactivate' | 'remove' | 'register' }
  | { readonly type: 'label'; readonly labels: Readonly<Record<string, string>> };
type HostChange = Change<HostOperation>;

export const rancherHost = defineResource({
  name: 'rancher_host',
  collection: 'drover.rancher',
  summary: 'Wait for a host to be registered, and manage its state and labels',
  params,
  examples: [
    '- rancher_host: { url: "http://rancher:8080", hostname: node1, labels: { tier: web } }',
    '- rancher_host: { url: "http://rancher:8080", hostname: node1, state: absent }',
  ],
  returns: {
    host: 'The host: `id`, `hostname`, `uuid`, `state`, `agent_ip`, `labels`; null when there is none.',
  },
  observe: () => ({}),
  observeWith: (target, input, _state, context) => observe(target, input, context),
  plan: (input, { host }) => planHost(input, host),
  apply: (changes, target, input, context) => apply(changes, target, input, context),
  result: (_input, { host }) => ({ host: shownHost(host) }),
});

/** A host that shall be there is waited for: only its agent can make it. */
async function observe(
  target: Target,
  input: Params,
  { controller, signal, checkMode }: ObserveContext,
): Promise<Answers> {
  const api = new RancherApi(target, input, signal);
  const find = async () =>
    pickHost(await listHosts(api, await findProject(api, input.project)), input);
  const mustExist = input.state !== 'absent' && input.wait && !checkMode;
  if (!mustExist) return { host: await askOrPredict(checkMode, find, undefined) };
  const subject = hostText(input);
  const goal = input.state === 'inactive' ? 'registered' : 'active';
  const look = async (): Promise<Look<Resource>> => {
    const host = await find();
    if (host === undefined) return { isDone: false, seen: 'it is not registered' };
    const state = hostState(host);
    return isSettled(state)
      ? { isDone: true, value: host }
      : { isDone: false, seen: `it is ${state}` };
  };
  const patience = { limitMs: input.wait_timeout, pauseMs: POLL_MS, subject, goal };
  return { host: await waitFor({ controller, signal }, patience, look) };
}

/** States that do not become `active` or `inactive` by themselves. */
function isSettled(state: string): boolean {
  return ['active', 'inactive', 'error', 'updating-active', 'updating-inactive'].includes(state);
}

/** @throws ModuleError when the host is not registered and nobody waits for it, or its agent is gone. */
export function planHost(input: Params, host: Resource | undefined): readonly HostChange[] {
  const what = hostText(input);
  if (host === undefined) {
    if (input.state === 'absent') return [];
    return [
      { what, before: 'not registered', after: input.state, operation: { type: 'register' } },
    ];
  }
  const state = hostState(host);
  if (input.state === 'absent') {
    return [{ what, before: state, after: 'absent', operation: { type: 'remove' } }];
  }
  return [...planState(input, what, state), ...planLabels(input, what, host)];
}

function planState(input: Params, what: string, state: string): readonly HostChange[] {
  const isActive = state === 'active' || state === 'updating-active';
  if (input.state === 'inactive') {
    if (!isActive) return [];
    return [
      {
        what: `${what}: state`,
        before: state,
        after: 'inactive',
        operation: { type: 'deactivate' },
      },
    ];
  }
  if (isActive) return [];
  if (state === 'inactive') {
    return [
      { what: `${what}: state`, before: state, after: 'active', operation: { type: 'activate' } },
    ];
  }
  throw new ModuleError(`${what} is ${state}`, {
    hint: 'look at the log of the container rancher-agent on that host',
    data: { last_seen: state },
  });
}

function planLabels(
  { labels, labels_mode }: Params,
  what: string,
  host: Resource,
): readonly HostChange[] {
  if (labels === undefined) return [];
  const before = labelsOf(host);
  const own = Object.entries(before).filter(([name]) => name.startsWith(AUTOMATIC));
  const kept = labels_mode === 'merge' ? before : Object.fromEntries(own);
  const after = { ...kept, ...labels };
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  if ([...names].every((name) => before[name] === after[name])) return [];
  return [{ what: `${what}: labels`, before, after, operation: { type: 'label', labels: after } }];
}

function labelsOf(host: Resource): Readonly<Record<string, string>> {
  const { labels } = host;
  if (typeof labels !== 'object' || labels === null) return {};
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]));
}

async function apply(
  changes: readonly HostChange[],
  target: Target,
  input: Params,
  context: ApplyContext,
) {
  const api = new RancherApi(target, input, context.signal);
  const project = await findProject(api, input.project);
  const host = pickHost(await listHosts(api, project), input);
  if (host === undefined) throw notRegistered(input);
  const steps = new HostSteps(api, project, host.id, input, context);
  for (const { operation } of changes) await steps.run(operation);
  if (input.state === 'absent') return { host: null };
  return { host: shownHost(await steps.read()) };
}

function notRegistered(input: Params): ModuleError {
  return new ModuleError(`${hostText(input)} is not registered`, {
    hint: 'run the agent on it first, and set "wait: true" to wait for it',
  });
}

/** The calls that move one host from state to state. */
class HostSteps {
  readonly #api: RancherApi;
  readonly #project: Resource;
  readonly #id: string;
  readonly #input: Params;
  readonly #context: ApplyContext;

  constructor(
    api: RancherApi,
    project: Resource,
    id: string,
    input: Params,
    context: ApplyContext,
  ) {
    this.#api = api;
    this.#project = project;
    this.#id = id;
    this.#input = input;
    this.#context = context;
  }

  get #path(): string {
    return inProject(this.#project, `/hosts/${this.#id}`);
  }

  read(): Promise<Resource> {
    return this.#api.get(this.#path, `read host ${this.#id}`);
  }

  async run(operation: HostOperation): Promise<void> {
    switch (operation.type) {
      case 'activate':
        await this.#act('activate');
        return this.#wait('active');
      case 'deactivate':
        await this.#act('deactivate');
        return this.#wait('inactive');
      case 'label':
        await this.#api.put(this.#path, { labels: operation.labels }, `label host ${this.#id}`);
        return this.#input.state === 'inactive' ? this.#wait('inactive') : this.#wait('active');
      case 'remove':
        return this.#remove();
      case 'register':
        throw notRegistered(this.#input);
      default:
        return operation satisfies never;
    }
  }

  /** An active host cannot be removed; a removed one is purged, so that its name is free. */
  async #remove(): Promise<void> {
    const host = await this.read();
    if (host.state === 'active') {
      await this.#act('deactivate');
      await waitForState(
        this.#api,
        this.#context,
        this.#project,
        this.#id,
        'inactive',
        this.#limitMs,
      );
    }
    await this.#api.delete(this.#path, `remove host ${this.#id}`);
    if (!this.#input.wait) return;
    const removed = await waitForState(
      this.#api,
      this.#context,
      this.#project,
      this.#id,
      'removed',
      this.#limitMs,
    );
    if (removed.actions?.['purge'] !== undefined) await this.#act('purge');
  }

  get #limitMs(): number {
    return this.#input.wait_timeout;
  }

  async #act(action: string): Promise<void> {
    await this.#api.post(`${this.#path}/?action=${action}`, {}, `${action} host ${this.#id}`);
  }

  async #wait(goal: 'active' | 'inactive'): Promise<void> {
    if (!this.#input.wait) return;
    await waitForState(this.#api, this.#context, this.#project, this.#id, goal, this.#limitMs);
  }
}
