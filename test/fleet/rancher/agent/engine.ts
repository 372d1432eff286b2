/** The Docker Engine API of the host, over the mounted socket: the few calls the agent needs. */
import { AgentError } from './environment.ts';
import { exchange, type Reply } from './http.ts';

export interface EngineInfo {
  readonly Name: string;
  readonly ServerVersion: string;
  readonly KernelVersion: string;
  readonly OperatingSystem: string;
  readonly NCPU: number;
  /** Bytes. */
  readonly MemTotal: number;
}

export interface Engine {
  /** @throws AgentError when the socket does not answer as an engine does */
  info(): Promise<EngineInfo>;
  /** Stops and removes a container by name; no such container is fine. */
  removeContainer(name: string): Promise<void>;
  /** Creates and starts a container. `config` is the body of the Engine's create call. */
  runContainer(name: string, config: object): Promise<void>;
}

export function engineAt(socketPath: string): Engine {
  const call = (method: string, url: string, body?: unknown) =>
    exchange({ method, url, socketPath, body }).catch((cause: unknown) => {
      throw new AgentError(`Please ensure Host Docker is running: ${socketPath}: ${String(cause)}`);
    });
  return {
    info: async () => JSON.parse(expectStatus(await call('GET', '/info'), [200]).text),
    async removeContainer(name) {
      expectStatus(await call('DELETE', `/containers/${name}?force=true`), [204, 404]);
    },
    async runContainer(name, config) {
      const created = expectStatus(
        await call('POST', `/containers/create?name=${name}`, config),
        [201],
      );
      const { Id } = JSON.parse(created.text);
      expectStatus(await call('POST', `/containers/${Id}/start`), [204]);
    },
  };
}

function expectStatus(reply: Reply, expected: readonly number[]): Reply {
  if (expected.includes(reply.status)) return reply;
  throw new AgentError(`the Docker Engine answered ${reply.status}: ${reply.text}`);
}
