/** The first container: registers the host and starts the one that stays (rancher.md B5). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from './engine.ts';
import {
  AgentError,
  checkAgentIp,
  checkServerUrl,
  configuredVariables,
  type Environment,
  exportedVariables,
} from './environment.ts';
import { finalContainer, finalName } from './finalContainer.ts';
import { isWritable, loadHostState } from './hostState.ts';
import {
  findRegistrationUrl,
  loadScript,
  registerHost,
  type Sleep,
  waitUntilReachable,
} from './serverApi.ts';

export interface BootstrapParts {
  readonly environment: Environment;
  readonly engine: Engine;
  /** The host's /var/lib/rancher. */
  readonly directory: string;
  readonly sleep: Sleep;
  readonly log: (line: string) => void;
}

/** Resolves when `rancher-agent` has been started. @throws AgentError */
export async function bootstrap(url: string, parts: BootstrapParts): Promise<void> {
  const { engine, sleep, log } = parts;
  const environment = { ...(await configured(parts.directory)), ...given(parts.environment) };
  checkAgentIp(environment);
  checkServerUrl(url);
  await waitUntilReachable(url, sleep, log);
  const script = exportedVariables(await loadScript(await registrationUrl(url, sleep)));
  log(`INFO: Running Agent Registration Process, CATTLE_URL=${script['CATTLE_URL']}`);
  const hasHostDirectory = await isWritable(parts.directory);
  log(`INFO: Host writable: ${hasHostDirectory}`);
  await engine.info();
  const registered = await registeredEnvironment({ ...script, ...environment }, parts);
  await startFinal({ ...environment, ...registered }, hasHostDirectory, parts);
}

async function configured(directory: string): Promise<Record<string, string>> {
  return configuredVariables(
    await readFile(join(directory, 'etc/agent.conf'), 'utf8').catch(() => ''),
  );
}

/** Variables that have a value: an empty one counts as not set. */
function given(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value));
}

async function registrationUrl(url: string, sleep: Sleep): Promise<string> {
  return url.includes('/scripts/') ? url : findRegistrationUrl(url, sleep);
}

async function registeredEnvironment(known: Environment, parts: BootstrapParts) {
  const state = await loadHostState(join(parts.directory, 'state'));
  const api = known['CATTLE_URL'];
  const token = known['CATTLE_REGISTRATION_SECRET_KEY'];
  if (api === undefined || token === undefined) throw new AgentError('the script names no server');
  checkServerUrl(api);
  parts.log('INFO: Attempting to register the host');
  const keys = await registerHost(api, token, state.registrationToken, parts.sleep);
  return {
    CATTLE_URL: api,
    CATTLE_AGENT_IP: known['CATTLE_AGENT_IP'] ?? known['DETECTED_CATTLE_AGENT_IP'],
    CATTLE_ACCESS_KEY: keys.accessKey,
    CATTLE_SECRET_KEY: keys.secretKey,
    CATTLE_PHYSICAL_HOST_UUID: state.physicalHostUuid,
    CATTLE_DOCKER_UUID: state.dockerUuid,
  };
}

/** Removes whatever has the final name: also this container, when it was given that name. */
async function startFinal(
  environment: Environment,
  hasHostDirectory: boolean,
  parts: BootstrapParts,
) {
  const image = environment['RANCHER_AGENT_IMAGE'];
  if (image === undefined) throw new AgentError('RANCHER_AGENT_IMAGE is not set');
  await parts.engine.removeContainer(finalName);
  await parts.engine.runContainer(
    finalName,
    finalContainer({ environment, image, hasHostDirectory }),
  );
  parts.log(`INFO: Started ${finalName}`);
}
