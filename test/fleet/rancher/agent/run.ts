/** The second container: tells the server every few seconds that its host is there, and outlives the server. */
import type { Engine } from './engine.ts';
import { AgentError, type Environment } from './environment.ts';
import { automaticLabels, createLabels } from './labels.ts';
import { ping, type Sleep } from './serverApi.ts';

export interface RunParts {
  readonly environment: Environment;
  readonly engine: Engine;
  readonly sleep: Sleep;
  readonly log: (line: string) => void;
  /** Between two pings. */
  readonly pingMs: number;
  readonly signal: AbortSignal;
}

/** Pings until aborted. @throws AgentError when the server no longer knows the keys */
export async function runAgent(parts: RunParts): Promise<void> {
  const { environment, log } = parts;
  const api = required(environment, 'CATTLE_URL');
  const keys = {
    accessKey: required(environment, 'CATTLE_ACCESS_KEY'),
    secretKey: required(environment, 'CATTLE_SECRET_KEY'),
  };
  let isConnected = false;
  while (!parts.signal.aborted) {
    const failure = await attempt(async () => ping(api, keys, await hostReport(parts)));
    if (failure !== undefined) log(`ERROR: ${failure}`);
    else if (!isConnected) log(`INFO: Connected to ${api}`);
    isConnected = failure === undefined;
    await parts.sleep(parts.pingMs);
  }
}

/** The server being away is a message; refused keys end the agent. */
async function attempt(task: () => Promise<void>): Promise<string | undefined> {
  try {
    await task();
    return undefined;
  } catch (error) {
    if (error instanceof AgentError) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}

async function hostReport({ environment, engine }: RunParts): Promise<object> {
  const info = await engine.info();
  const versions = { kernel: info.KernelVersion, docker: info.ServerVersion };
  return {
    dockerUuid: required(environment, 'CATTLE_DOCKER_UUID'),
    physicalHostUuid: required(environment, 'CATTLE_PHYSICAL_HOST_UUID'),
    agentIpAddress: required(environment, 'CATTLE_AGENT_IP'),
    hostname: info.Name,
    dockerVersion: info.ServerVersion,
    labels: automaticLabels(versions, environment),
    createLabels: createLabels(environment['CATTLE_HOST_LABELS']),
    memory: override(environment, 'CATTLE_MEMORY_OVERRIDE') ?? info.MemTotal,
    milliCpu: override(environment, 'CATTLE_MILLI_CPU_OVERRIDE') ?? info.NCPU * 1000,
    localStorageMb: override(environment, 'CATTLE_LOCAL_STORAGE_MB_OVERRIDE') ?? null,
    info: {
      osInfo: {
        dockerVersion: `Docker version ${info.ServerVersion}`,
        kernelVersion: info.KernelVersion,
        operatingSystem: info.OperatingSystem,
      },
      cpuInfo: { count: info.NCPU },
      memoryInfo: { memTotal: Math.round(info.MemTotal / 1024 / 1024) },
      diskInfo: {},
      iopsInfo: {},
    },
  };
}

function override(environment: Environment, name: string): number | undefined {
  const value = Number(environment[name]);
  return Number.isInteger(value) && value > 0 ? value : undefined;
}

function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') throw new AgentError(`${name} is not set`);
  return value;
}
