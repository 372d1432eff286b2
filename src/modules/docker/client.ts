/**
 * The one door to dockerode, which is loaded when it is first used: it is slow to load, and most runs do without. `withEngine` opens a client of the Engine as the host sees it, agrees on a version of the
 * API and closes the connection afterwards. Answers are parsed once, in the files that know their shape.
 */
import type { Duplex, Readable } from 'node:stream';
import type Docker from 'dockerode';
import { DroverError, ModuleError } from '../../core/errors.ts';
import type { Target } from '../../target/target.ts';
import { EngineAgent, engineStreams } from './engineAgent.ts';
import { EngineRefusal, UNREACHABLE, unreachable } from './engineErrors.ts';
import type { EngineParams } from './engineParams.ts';

/** The newest API whose answers these modules were written for (Engine 28). */
const NEWEST_API = '1.51';

export type EngineHost = Pick<Target, 'connect' | 'connectUnix' | 'readFile' | 'sh' | 'user'>;

export interface Call {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'PUT' | 'HEAD';
  /** Below the version, without a query: `/containers/json`. */
  readonly path: string;
  /** For messages: `start container web`. */
  readonly doing: string;
  /** Objects are sent as JSON; undefined members are left out. */
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: object;
  readonly auth?: RegistryAuth | undefined;
  /** Logins by registry, for what may pull from several. */
  readonly logins?: Readonly<Record<string, RegistryAuth>> | undefined;
  /** No limit of time, for what takes as long as it takes. */
  readonly unlimited?: boolean;
  /** Milliseconds to wait longer than the usual limit. */
  readonly extraMs?: number;
  /** Milliseconds to wait instead of the usual limit. */
  readonly limitMs?: number | undefined;
}

export interface RegistryAuth {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly serveraddress: string;
}

/** @throws ModuleError (DROVER_DOCKER_UNREACHABLE) when no Engine answers, with the reason that the host gives. */
export async function withEngine<T>(
  target: EngineHost,
  params: EngineParams,
  signal: AbortSignal,
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const agent = new EngineAgent(engineStreams(target, params));
  try {
    const version = await negotiated(await newEngine(agent, params, signal), params, target);
    return await work(await newEngine(agent, params, signal, version));
  } finally {
    agent.destroy();
  }
}

/**
 * The same for questions; in check mode a host without an Engine answers `whenAbsent`: an earlier task of this very run
 * would have installed it.
 */
export async function askEngine<T>(
  target: EngineHost,
  params: EngineParams,
  context: { readonly signal: AbortSignal; readonly checkMode: boolean },
  work: (engine: Engine) => Promise<T>,
  whenAbsent: T,
): Promise<T> {
  try {
    return await withEngine(target, params, context.signal, work);
  } catch (error) {
    const isAbsent = error instanceof ModuleError && error.code === UNREACHABLE;
    if (isAbsent && context.checkMode) return whenAbsent;
    throw error;
  }
}

async function negotiated(engine: Engine, params: EngineParams, target: EngineHost) {
  const { ApiVersion, MinAPIVersion } = await serverVersion(engine, params, target);
  if (params.api_version !== 'auto') return params.api_version.replace(/^v/, '');
  if (isNewer(MinAPIVersion, NEWEST_API)) {
    throw new ModuleError(
      `the Engine speaks API ${MinAPIVersion} and newer, these modules up to ${NEWEST_API}`,
      { hint: 'update drover, or set api_version to try it all the same' },
    );
  }
  return isNewer(ApiVersion, NEWEST_API) ? NEWEST_API : ApiVersion;
}

interface ServerVersion {
  readonly ApiVersion: string;
  readonly MinAPIVersion: string;
}

async function serverVersion(
  engine: Engine,
  params: EngineParams,
  target: EngineHost,
): Promise<ServerVersion> {
  try {
    const answer = await engine.call({ method: 'GET', path: '/version', doing: 'ask its version' });
    const { ApiVersion, MinAPIVersion } = answer as Partial<ServerVersion>;
    return { ApiVersion: ApiVersion ?? '1.24', MinAPIVersion: MinAPIVersion ?? '1.24' };
  } catch (error) {
    const isOurs = error instanceof DroverError && !(error instanceof ModuleError);
    if (isOurs || error instanceof EngineRefusal) throw error;
    throw await unreachable(target, params.docker_host, error);
  }
}

export function isNewer(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [thanMajor = 0, thanMinor = 0] = than.split('.').map(Number);
  return major > thanMajor || (major === thanMajor && minor > thanMinor);
}

async function newEngine(
  agent: EngineAgent,
  { timeout }: EngineParams,
  signal: AbortSignal,
  version?: string,
): Promise<Engine> {
  const { default: Dockerode } = await import('dockerode');
  const options = {
    host: 'http://docker',
    protocol: 'http' as const,
    agent,
    ...(version !== undefined && { version: `v${version}` }),
  };
  return new Engine(new Dockerode(options), {
    timeoutMs: timeout * 1000,
    signal,
    version: version ?? '',
  });
}

interface EngineOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly version: string;
}

/** A client of one Engine: calls, streams of progress, and the two streams of a container's log. */
export class Engine {
  /** The version of the API that is spoken. */
  readonly version: string;
  readonly #docker: Docker;
  readonly #options: EngineOptions;

  constructor(docker: Docker, options: EngineOptions) {
    this.#docker = docker;
    this.#options = options;
    this.version = options.version;
  }

  /** The parsed answer, or its bytes. @throws EngineRefusal when the Engine refuses. */
  call(call: Call): Promise<unknown> {
    return this.#dial(call, false);
  }

  /** The answer, or undefined where there is no such thing (404). */
  async find(call: Call): Promise<unknown> {
    try {
      return await this.call(call);
    } catch (error) {
      if (error instanceof EngineRefusal && error.status === 404) return undefined;
      throw error;
    }
  }

  /** The answer's bytes, unparsed; settles as soon as the Engine begins to answer. */
  async open(call: Call): Promise<Readable> {
    return (await this.#dial(call, true)) as Readable;
  }

  /** A stream of both directions, as the Engine keeps it open (`Connection: Upgrade`). The caller destroys it. */
  async attach(call: Call): Promise<Duplex> {
    return (await this.#dial({ ...call, unlimited: true }, true, undefined, true)) as Duplex;
  }

  /** Follows an operation that reports as it goes. @throws ModuleError when a message says that it failed. */
  async follow(call: Call, file?: Readable): Promise<readonly Progress[]> {
    const stream = await this.#dial({ ...call, unlimited: call.limitMs === undefined }, true, file);
    const messages = await new Promise<readonly Progress[]>((resolve, reject) => {
      this.#docker.modem.followProgress(stream as NodeJS.ReadableStream, (error, output) =>
        error === null ? resolve(output) : reject(error),
      );
    });
    const failed = messages.find(({ error }) => error !== undefined);
    if (failed?.error === undefined) return messages;
    throw new EngineRefusal(call.doing, 500, failed.error, undefined);
  }

  #dial(call: Call, isStream: boolean, file?: Readable, hijack = false): Promise<unknown> {
    const { method, path, query = {}, body = {}, auth, logins } = call;
    const options = {
      method,
      path: `${path}?`,
      options: { _query: queryText(query), _body: body },
      isStream,
      statusCodes: { 200: true, 201: true, 204: true, 304: true },
      abortSignal: this.#signal(call),
      ...(auth !== undefined && { authconfig: auth }),
      ...(logins !== undefined && { registryconfig: logins }),
      ...(file !== undefined && { file }),
      ...(hijack && { hijack }),
    };
    return new Promise((resolve, reject) => {
      this.#docker.modem.dial(options, (error: unknown, answer: unknown) =>
        error === null || error === undefined
          ? resolve(answer)
          : reject(explained(error, call, this.#limitMs(call))),
      );
    });
  }

  #limitMs({ extraMs = 0, limitMs = this.#options.timeoutMs + extraMs }: Call): number {
    return limitMs;
  }

  #signal(call: Call): AbortSignal {
    const { signal } = this.#options;
    if (call.unlimited === true) return signal;
    return AbortSignal.any([signal, AbortSignal.timeout(this.#limitMs(call))]);
  }
}

/** All that is still to come of an answer. */
export async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** A message of an operation in progress, as the Engine writes them. */
export interface Progress {
  readonly status?: string;
  readonly id?: string;
  readonly stream?: string;
  readonly error?: string;
  readonly aux?: Readonly<Record<string, unknown>>;
}

function queryText(query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}

function explained(error: unknown, { doing }: Call, limitMs: number): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if ('statusCode' in error && typeof error.statusCode === 'number') {
    return new EngineRefusal(doing, error.statusCode, messageOf(error), error);
  }
  if (error.name === 'AbortError' || error.name === 'TimeoutError') {
    return new ModuleError(`cannot ${doing}: no answer within ${limitMs / 1000} s`, {
      code: 'DROVER_TIMEOUT',
      hint: 'raise the parameter "timeout"',
      cause: error,
    });
  }
  return error;
}

function messageOf(error: Error): string {
  const json: unknown = 'json' in error ? error.json : undefined;
  const hasMessage = typeof json === 'object' && json !== null && 'message' in json;
  return hasMessage ? String(json.message) : error.message;
}
