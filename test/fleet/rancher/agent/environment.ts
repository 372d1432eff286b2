/** The agent's environment: the variables it reads, and the checks made before anything else (rancher.md B5, step 2). */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Ends the agent with an error block and exit code 1. */
export class AgentError extends Error {}

/** @throws AgentError when CATTLE_AGENT_IP is given and is not an address others can reach */
export function checkAgentIp(environment: Environment): void {
  const ip = environment['CATTLE_AGENT_IP'];
  if (ip === undefined || ip === '') return;
  if (!isUsableIp(ip)) throw new AgentError(`Invalid CATTLE_AGENT_IP (${ip})`);
}

function isUsableIp(ip: string): boolean {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(ip)?.slice(1).map(Number);
  const isIp = parts?.every((part) => part <= 255) === true;
  return isIp && parts[0] !== 127 && ip !== '0.0.0.0' && ip !== '255.255.255.255';
}

/** @throws AgentError when the server's URL leads back to the host itself */
export function checkServerUrl(url: string): void {
  if (!/^https?:\/\//.test(url)) throw new AgentError(`Invalid URL (${url})`);
  const { hostname } = new URL(url);
  if (hostname !== 'localhost' && !hostname.startsWith('127.')) return;
  throw new AgentError(
    'CATTLE_URL cannot contain localhost or 127.0.0.1: the agent runs in a container and must reach the server by an address of its own',
  );
}

/** What the bootstrap hands on to the final container when it is set. */
const keptVariables = [
  'CATTLE_ACCESS_KEY',
  'CATTLE_SECRET_KEY',
  'CATTLE_URL',
  'CATTLE_AGENT_IP',
  'CATTLE_HOST_LABELS',
  'CATTLE_PHYSICAL_HOST_UUID',
  'CATTLE_DOCKER_UUID',
  'CATTLE_SCHEDULER_IPS',
  'CATTLE_SCHEDULER_REQUIRE_ANY',
  'CATTLE_HOST_API_PROXY',
  'CATTLE_VOLMGR_ENABLED',
  'CATTLE_RUN_FIO',
  'CATTLE_MEMORY_OVERRIDE',
  'CATTLE_MILLI_CPU_OVERRIDE',
  'CATTLE_LOCAL_STORAGE_MB_OVERRIDE',
  'CATTLE_DETECT_CLOUD_PROVIDER',
  'CATTLE_CHECK_NAMESERVER',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
] as const;

/** `NAME=value` entries for the final container. */
export function keptEntries(environment: Environment): string[] {
  return keptVariables.flatMap((name) => {
    const value = environment[name];
    return value === undefined || value === '' ? [] : [`${name}=${value}`];
  });
}

/** `export NAME="value"` lines of the registration script. */
export function exportedVariables(script: string): Record<string, string> {
  const lines = script.matchAll(/^export\s+([A-Za-z_]\w*)="?([^"\n]*)"?\s*$/gm);
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
}

/** `NAME=value` lines of `/var/lib/rancher/etc/agent.conf`: what the host's owner sets for every agent run. */
export function configuredVariables(text: string): Record<string, string> {
  const lines = text.matchAll(/^(?:export\s+)?([A-Za-z_]\w*)=["']?([^"'\n]*)["']?\s*$/gm);
  return Object.fromEntries([...lines].map(([, name = '', value = '']) => [name, value]));
}
