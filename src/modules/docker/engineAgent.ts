/** An HTTP agent whose connections are streams that the target opens: Docker's Engine as seen from the host. */
import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import type { Target } from '../../target/target.ts';
import { badDockerHost } from './engineErrors.ts';
import type { EngineParams } from './engineParams.ts';

/** Keeps its one connection for the next request; `destroy()` closes it. */
export class EngineAgent extends Agent {
  readonly #open: () => Promise<Duplex>;

  constructor(open: () => Promise<Duplex>) {
    super({ keepAlive: true });
    this.#open = open;
  }

  override createConnection(
    _options: unknown,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const done = callback ?? (() => undefined);
    this.#open().then(
      (stream) => done(null, likeSocket(stream)),
      (error: Error) => (done as (error: Error) => void)(error),
    );
  }
}

/** Node's HTTP client calls these methods of a socket; a stream through SSH has no use for them. */
function likeSocket(stream: Duplex): Duplex {
  const chain = () => stream;
  const methods = {
    setKeepAlive: chain,
    setNoDelay: chain,
    setTimeout: chain,
    ref: chain,
    unref: chain,
  };
  const missing = Object.entries(methods).filter(([name]) => !(name in stream));
  return Object.assign(stream, Object.fromEntries(missing), {
    destroySoon: () => stream.destroy(),
  });
}

export type Network = Pick<Target, 'connect' | 'connectUnix' | 'readFile'>;

/** How to open a stream to the Engine. @throws ParamsError when `docker_host` is none that we know. */
export function engineStreams(target: Network, params: EngineParams): () => Promise<Duplex> {
  const { docker_host: dockerHost } = params;
  const socket = /^(?:http\+)?unix:\/\/(\/?.+)$/.exec(dockerHost)?.[1];
  if (socket !== undefined) return () => target.connectUnix(`/${socket.replace(/^\/+/, '')}`);
  const address = /^(tcp|https?):\/\/(\[[\da-fA-F:]+\]|[^:/]+)(?::(\d+))?\/?$/.exec(dockerHost);
  if (address === null) throw badDockerHost(dockerHost);
  const [, scheme, host = '', port] = address;
  const isSecure = scheme === 'https' || params.tls || params.validate_certs;
  const open = () =>
    target.connect(host.replace(/[[\]]/g, ''), Number(port ?? (isSecure ? 2376 : 2375)));
  return isSecure ? async () => secure(await open(), host, target, params) : open;
}

async function secure(
  socket: Duplex,
  host: string,
  target: Network,
  params: EngineParams,
): Promise<Duplex> {
  const read = (path: string | undefined) =>
    path === undefined ? undefined : target.readFile(path);
  const [ca, cert, key] = await Promise.all([
    read(params.ca_path),
    read(params.client_cert),
    read(params.client_key),
  ]);
  return new Promise((resolve, reject) => {
    const stream = tlsConnect({
      socket,
      servername: params.tls_hostname ?? host,
      rejectUnauthorized: params.validate_certs,
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
    });
    stream.once('secureConnect', () => resolve(stream));
    stream.once('error', reject);
  });
}
