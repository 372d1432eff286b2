/**
 * A container as the host, through the Engine API: each process is an `exec` whose streams are one connection to the
 * Engine. Which Engine: `DOCKER_HOST` and its companions, as for every Docker tool. Nothing of Docker is needed in the
 * container, and no `docker` command here.
 */
import type { Duplex } from 'node:stream';
import Docker from 'dockerode';
import { UnreachableError } from '../../core/errors.ts';
import { inTime } from '../inTime.ts';
import { relayTcp, relayUnix } from '../relay.ts';
import type { ConnectionSettings, ExecOptions, RemoteProcess, Transport } from '../transport.ts';
import { dockerProcess } from './dockerProcess.ts';

/** @throws UnreachableError when the Engine does not answer, or the container is absent or does not run. */
export async function connectDocker(settings: ConnectionSettings): Promise<Transport> {
  const container = new Docker().getContainer(settings.address);
  const startedAt = await runningSince(container, settings);
  return new DockerConnection(container, settings, startedAt);
}

async function runningSince(
  container: Docker.Container,
  { host, address, connectTimeoutMs }: ConnectionSettings,
): Promise<string> {
  try {
    const abortSignal = AbortSignal.timeout(connectTimeoutMs);
    const { State } = await container.inspect({ abortSignal });
    if (State.Running && !State.Paused) return State.StartedAt;
    throw new UnreachableError(`${host}: container ${address} is ${State.Status}`, {
      code: 'DROVER_DOCKER_NOT_RUNNING',
      hint: State.Paused ? `docker unpause ${address}` : `docker start ${address}`,
    });
  } catch (error) {
    throw error instanceof UnreachableError ? error : inspectError(host, address, error);
  }
}

function inspectError(host: string, address: string, cause: unknown): UnreachableError {
  if (statusOf(cause) === 404) {
    return new UnreachableError(`${host}: there is no container ${address}`, {
      code: 'DROVER_DOCKER_NO_CONTAINER',
      hint: 'ansible_host names the container; docker ps -a lists them',
      cause,
    });
  }
  return new UnreachableError(`${host}: the Docker Engine does not answer: ${textOf(cause)}`, {
    code: 'DROVER_DOCKER_UNREACHABLE',
    hint: 'does it run, and does DOCKER_HOST name it?',
    cause,
  });
}

class DockerConnection implements Transport {
  readonly name = 'docker';
  readonly closed: Promise<Error | undefined>;
  readonly #container: Docker.Container;
  readonly #settings: ConnectionSettings;
  readonly #startedAt: string;
  readonly #end = new AbortController();
  readonly #running = new Set<RemoteProcess>();

  constructor(container: Docker.Container, settings: ConnectionSettings, startedAt: string) {
    this.#container = container;
    this.#settings = settings;
    this.#startedAt = startedAt;
    this.closed = this.#watch();
  }

  async exec(command: string, { pty = false }: ExecOptions = {}): Promise<RemoteProcess> {
    if (this.#end.signal.aborted) throw this.#lost('was closed');
    const { shell, user, connectTimeoutMs } = this.#settings;
    try {
      const starting = dockerProcess(this.#container, { command, pty, shell, user }, () =>
        this.#lossReason(),
      );
      const process = await inTime(starting, connectTimeoutMs, {
        late: () => new Error(`no process starts within ${connectTimeoutMs / 1000} s`),
        drop: (late) => late.kill('SIGHUP'),
      });
      this.#running.add(process);
      const forget = (): void => void this.#running.delete(process);
      process.exit.then(forget, forget);
      return process;
    } catch (error) {
      throw error instanceof UnreachableError ? error : this.#lost(textOf(error));
    }
  }

  openTcp(host: string, port: number): Promise<Duplex> {
    return relayTcp(this, this.#settings, host, port);
  }

  openUnix(path: string): Promise<Duplex> {
    return relayUnix(this, this.#settings, path);
  }

  async close(): Promise<void> {
    this.#end.abort();
    for (const process of this.#running) process.kill('SIGHUP');
    await this.closed;
  }

  /** Why processes ended that were not asked to; undefined when the container is the one that it was. */
  async #lossReason(): Promise<UnreachableError | undefined> {
    try {
      const { State } = await this.#container.inspect();
      const isSame = State.Running && State.StartedAt === this.#startedAt;
      return isSame ? undefined : this.#lost(`container ${this.#settings.address} stopped`);
    } catch (error) {
      return this.#lost(textOf(error));
    }
  }

  /** One waiting request tells when the container stops. */
  async #watch(): Promise<Error | undefined> {
    const { signal } = this.#end;
    try {
      await this.#container.wait({ condition: 'not-running', abortSignal: signal });
      return this.#lost(`container ${this.#settings.address} stopped`);
    } catch (error) {
      return signal.aborted ? undefined : this.#lost(textOf(error));
    }
  }

  #lost(reason: string): UnreachableError {
    return new UnreachableError(
      `${this.#settings.host}: the connection was lost: ${reason}; how far a pending request came is not known`,
      { code: 'DROVER_CONNECTION_LOST' },
    );
  }
}

function statusOf(error: unknown): unknown {
  return error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
