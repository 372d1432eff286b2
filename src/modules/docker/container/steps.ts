/** The calls that change a container: one function for each thing that the Engine can do with it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ModuleError } from '../../../core/errors.ts';
import { hostJson } from '../../hostJson.ts';
import { bytesOf, type Engine } from '../client.ts';
import { EngineRefusal } from '../engineErrors.ts';
import { type ContainerInspect, inspectContainer } from './inspect.ts';
import { endpointSettings, type NetworkDifference } from './networks.ts';
import type { Params } from './params.ts';

const REMOVAL_POLL_MS = 200;
/** What the Engine itself waits between the stop signal and KILL. */
const USUAL_STOP_SECONDS = 10;

function post(engine: Engine, { name }: Params, action: string, query: object = {}, extraMs = 0) {
  return engine.call({
    method: 'POST',
    path: `/containers/${encodeURIComponent(name)}/${action}`,
    query: { ...query },
    extraMs,
    doing: `${action} container ${name}`,
  });
}

export function start(engine: Engine, params: Params): Promise<unknown> {
  return post(engine, params, 'start');
}

export function pause(
  engine: Engine,
  params: Params,
  action: 'pause' | 'unpause',
): Promise<unknown> {
  return post(engine, params, action);
}

export function restart(engine: Engine, params: Params): Promise<unknown> {
  const seconds = params.stop_timeout ?? USUAL_STOP_SECONDS;
  return post(engine, params, 'restart', { t: params.stop_timeout }, seconds * 1000);
}

export async function stop(engine: Engine, params: Params): Promise<void> {
  const { force_kill, kill_signal, stop_timeout } = params;
  if (force_kill) {
    await post(engine, params, 'kill', { signal: kill_signal });
    return;
  }
  const seconds = stop_timeout ?? USUAL_STOP_SECONDS;
  await post(engine, params, 'stop', { t: stop_timeout }, seconds * 1000);
}

/** Stops it if it runs, removes it, and waits until its name is free. */
export async function remove(engine: Engine, params: Params): Promise<void> {
  const container = await inspectContainer(engine, params.name);
  if (container === undefined) return;
  if (container.State.Running) await stop(engine, params);
  await deleteContainer(engine, params, container.Id);
  await waitUntilGone(engine, params, container.Id);
}

async function deleteContainer(engine: Engine, { name, keep_volumes }: Params, id: string) {
  const path = `/containers/${id}`;
  const query = { v: !keep_volumes };
  try {
    await engine.call({ method: 'DELETE', path, query, doing: `remove container ${name}` });
  } catch (error) {
    // `auto_remove` may be faster: gone already, or just being removed.
    const isGoing = error instanceof EngineRefusal && [404, 409].includes(error.status);
    if (!isGoing || (error.status === 409 && !/removal .* in progress/.test(error.message)))
      throw error;
  }
}

export async function waitUntilGone(
  engine: Engine,
  { name, removal_wait_timeout: limitMs }: Params,
  id: string,
): Promise<void> {
  const until = limitMs === undefined ? Infinity : Date.now() + limitMs;
  while ((await inspectContainer(engine, id)) !== undefined) {
    if (Date.now() > until) {
      throw new ModuleError(
        `container ${name} is still being removed after ${(limitMs ?? 0) / 1000} s`,
      );
    }
    await sleep(REMOVAL_POLL_MS);
  }
}

export async function update(
  engine: Engine,
  { name }: Params,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  const path = `/containers/${encodeURIComponent(name)}/update`;
  await engine.call({ method: 'POST', path, body: settings, doing: `update container ${name}` });
}

/** Connects, disconnects, or both where it is connected otherwise than asked. */
export async function connect(
  engine: Engine,
  { name }: Params,
  { name: network, desired, actual }: NetworkDifference,
): Promise<void> {
  const call = (action: 'connect' | 'disconnect', body: object) =>
    engine.call({
      method: 'POST',
      path: `/networks/${encodeURIComponent(network)}/${action}`,
      body: { Container: name, ...body },
      doing: `${action} container ${name} and network ${network}`,
    });
  if (actual !== undefined) await call('disconnect', { Force: true });
  if (desired !== undefined) await call('connect', { EndpointConfig: endpointSettings(desired) });
}

export interface Ending {
  readonly status: number;
  readonly output: string;
}

/** Starts it and waits for its end; `output` is what it wrote, both streams in order. */
export async function runToEnd(engine: Engine, params: Params): Promise<Ending> {
  const { name, auto_remove } = params;
  const path = `/containers/${encodeURIComponent(name)}/wait`;
  const doing = `wait for container ${name}`;
  const query = { condition: 'next-exit' };
  const waiting = await engine.open({ method: 'POST', path, query, doing, unlimited: true });
  await start(engine, params);
  const answer: unknown = hostJson((await bytesOf(waiting)).toString(), 'the Docker Engine');
  const { StatusCode: status } = answer as { readonly StatusCode: number };
  const output = auto_remove === true ? '' : await logs(engine, name);
  return { status, output };
}

/** @param tail number of lines, from the end; all without it. */
export async function logs(engine: Engine, name: string, tail?: number): Promise<string> {
  const container = await inspectContainer(engine, name);
  if (container === undefined) return '';
  const path = `/containers/${container.Id}/logs`;
  const query = { stdout: true, stderr: true, tail };
  const doing = `read the logs of container ${name}`;
  const raw = await bytesOf(await engine.open({ method: 'GET', path, query, doing }));
  return logText(raw, isTerminal(container));
}

function isTerminal({ Config }: ContainerInspect): boolean {
  return Config['Tty'] === true;
}

/** A log without a terminal comes in frames: stream (1 byte), 3 zeros, length (4 bytes, big-endian), text. */
export function logText(raw: Buffer, isFromTerminal: boolean): string {
  if (isFromTerminal) return raw.toString('utf8');
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= raw.length; ) {
    const length = raw.readUInt32BE(at + 4);
    parts.push(raw.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(parts).toString('utf8');
}
