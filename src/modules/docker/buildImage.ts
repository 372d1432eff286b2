/** Builds an image through the Engine API (the classic builder). */
import type { Target } from '../../target/target.ts';
import { buildContext } from './buildContext.ts';
import type { BuildParams } from './buildParams.ts';
import type { Engine, Progress } from './client.ts';
import { clientLogins, clientProxies } from './registryAuth.ts';
import { bytes } from './units.ts';

/** @param name with its tag @returns what the build printed. @throws EngineRefusal with the step that failed. */
export async function buildImage(
  engine: Engine,
  target: Target,
  name: string,
  build: BuildParams,
): Promise<string> {
  const proxies = build.use_config_proxy ? await clientProxies(target) : {};
  const logins = await clientLogins(target);
  // The last thing before it is read: a stream that fails is to have its reader.
  const { archive, dockerfile } = await buildContext(target, build.path, build.dockerfile);
  const messages = await engine.follow(
    {
      method: 'POST',
      path: '/build',
      query: { t: name, dockerfile, ...buildQuery(build, proxies) },
      logins,
      limitMs: build.http_timeout,
      doing: `build image ${name}`,
    },
    archive,
  );
  return messages.map(textOf).join('');
}

/** The query of `/build`. Pure. @param proxies arguments that the client's settings add, e.g. `HTTP_PROXY` */
export function buildQuery(
  build: Omit<BuildParams, 'path' | 'dockerfile' | 'http_timeout'>,
  proxies: Readonly<Record<string, string>> = {},
): Readonly<Record<string, unknown>> {
  const { container_limits: limits = {} } = build;
  const size = (given: string | undefined, option: string) =>
    given === undefined ? undefined : bytes(given, `build.${option}`);
  const isUnlimited = ['unlimited', '-1'].includes(limits.memswap ?? '');
  const args = { ...proxies, ...build.args };
  const hosts = Object.entries(build.etc_hosts ?? {});
  return {
    // The client of the Engine sends objects as JSON, and lists as one parameter each.
    ...(Object.keys(args).length > 0 && { buildargs: args }),
    cachefrom: build.cache_from && JSON.stringify(build.cache_from),
    ...(hosts.length > 0 && { extrahosts: hosts.map(([host, address]) => `${host}:${address}`) }),
    labels: build.labels,
    networkmode: build.network,
    nocache: build.nocache,
    platform: build.platform,
    pull: build.pull || undefined,
    rm: build.rm,
    forcerm: build.rm,
    shmsize: size(build.shm_size, 'shm_size'),
    target: build.target,
    memory: size(limits.memory, 'container_limits.memory'),
    memswap: isUnlimited ? -1 : size(limits.memswap, 'container_limits.memswap'),
    cpushares: limits.cpushares,
    cpusetcpus: limits.cpusetcpus,
  };
}

function textOf({ stream, status }: Progress): string {
  return stream ?? (status === undefined ? '' : `${status}\n`);
}
