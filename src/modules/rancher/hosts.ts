/** Hosts of a project: finding the one that is meant, its state, and the steps between states. */

import type * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import { text } from '../params.ts';
import type { RancherApi, Resource } from './client.ts';
import { inProject } from './project.ts';
import {
  failedTransition,
  type Look,
  POLL_MS,
  stateText,
  type Waiting,
  waitFor,
} from './waiting.ts';

export const hostParams = {
  hostname: text()
    .optional()
    .describe('Host name of the host, as Rancher shows it.')
    .meta({ aliases: ['name'] }),
  agent_ip: text().optional().describe('Address that its agent registered with.'),
  uuid: text().optional().describe('Its uuid.'),
  id: text().optional().describe('Its id, e.g. 1h1.'),
} satisfies z.ZodRawShape;

export interface HostQuery {
  readonly hostname?: string | undefined;
  readonly agent_ip?: string | undefined;
  readonly uuid?: string | undefined;
  readonly id?: string | undefined;
}

/** `host "node1", agent 10.0.0.1`, for messages. */
export function hostText({ hostname, agent_ip, uuid, id }: HostQuery): string {
  const named = [
    hostname && `"${hostname}"`,
    agent_ip && `agent ${agent_ip}`,
    uuid && `uuid ${uuid}`,
    id && `id ${id}`,
  ];
  return `host ${named.filter(Boolean).join(', ')}`;
}

export function listHosts(api: RancherApi, project: Resource): Promise<readonly Resource[]> {
  return api.list(inProject(project, '/hosts'), 'list the hosts');
}

/**
 * The host that all given names fit. Of several with one name (a machine that was installed anew) the active one.
 * @throws ModuleError when nothing is asked for, or several are meant.
 */
export function pickHost(hosts: readonly Resource[], query: HostQuery): Resource | undefined {
  const { hostname, agent_ip, uuid, id } = query;
  if ([hostname, agent_ip, uuid, id].every((name) => name === undefined)) {
    throw new ModuleError('say which host: hostname, agent_ip, uuid or id');
  }
  const fitting = hosts.filter(
    (host) =>
      fits(hostname, host['hostname'], host.name) &&
      fits(agent_ip, host['agentIpAddress']) &&
      fits(uuid, host['uuid']) &&
      fits(id, host.id),
  );
  const active = fitting.filter((host) => hostState(host) === 'active');
  const [only, another] = active.length > 0 ? active : fitting;
  if (another === undefined) return only;
  throw new ModuleError(`${fitting.length} hosts are ${hostText(query)}`, {
    hint: `give an id: ${fitting.map(({ id: each }) => each).join(', ')}`,
  });
}

function fits(asked: string | undefined, ...values: readonly unknown[]): boolean {
  return asked === undefined || values.includes(asked);
}

/** What counts: the agent's state while the host itself is active (a host without a heartbeat is not active). */
export function hostState(host: Resource): string {
  const { state, agentState } = host;
  const isAgentKnown = typeof agentState === 'string' && agentState !== '';
  return state === 'active' && isAgentKnown ? agentState : String(state);
}

/** Waits for a state of one host. `undefined` as the goal: until it is gone from the list. */
export function waitForState(
  api: RancherApi,
  waiting: Waiting,
  project: Resource,
  id: string,
  goal: 'active' | 'inactive' | 'removed',
  limitMs: number,
): Promise<Resource> {
  const subject = `host ${id}`;
  const path = inProject(project, `/hosts/${id}`);
  const look = async (): Promise<Look<Resource>> => {
    const host = await api.get(path, `read ${subject}`);
    const failure = failedTransition(host, subject);
    if (failure !== undefined) throw failure;
    const state = hostState(host);
    const isDone = state === goal || (goal === 'removed' && /^purg/.test(state));
    return isDone ? { isDone, value: host } : { isDone: false, seen: stateText(host) };
  };
  return waitFor(waiting, { limitMs, pauseMs: POLL_MS, subject, goal }, look);
}

/** The return value of modules: what playbooks ask for, in snake_case, and the whole resource. */
export function shownHost(host: Resource | undefined) {
  if (host === undefined) return null;
  return {
    id: host.id,
    hostname: host['hostname'] ?? '',
    uuid: host['uuid'] ?? '',
    state: hostState(host),
    agent_ip: host['agentIpAddress'] ?? '',
    labels: host['labels'] ?? {},
    resource: host,
  };
}
