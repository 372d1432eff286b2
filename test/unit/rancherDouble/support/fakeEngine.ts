/** A Docker Engine on a unix socket that only remembers what it was told. */
import { createServer, type IncomingMessage } from 'node:http';

export interface EngineContainer {
  readonly name: string;
  readonly config: Record<string, unknown>;
  isRunning: boolean;
}

export interface FakeEngine {
  readonly socketPath: string;
  readonly containers: Map<string, EngineContainer>;
  /** `METHOD path` of every request. */
  readonly requests: string[];
  /** Called when a container is removed by force: the engine would kill its process here. */
  onRemoved: (name: string) => void;
  close(): Promise<void>;
}

const info = {
  Name: 'node1',
  ServerVersion: '20.10.24+dfsg1',
  KernelVersion: '6.1.0-13-amd64',
  OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  NCPU: 2,
  MemTotal: 4_294_967_296,
};

export async function fakeEngine(socketPath: string): Promise<FakeEngine> {
  const containers = new Map<string, EngineContainer>();
  const requests: string[] = [];
  const engine: FakeEngine = { socketPath, containers, requests, onRemoved: () => {}, close };
  const server = createServer(async (incoming, outgoing) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    const { status, body } = answer(engine, incoming, await bodyOf(incoming));
    outgoing.writeHead(status).end(body === undefined ? undefined : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));

  function close(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
  return engine;
}

function answer(engine: FakeEngine, { method, url = '' }: IncomingMessage, body: string) {
  const { pathname, searchParams } = new URL(url, 'http://engine');
  const [, name = '', verb] = /^\/containers\/([^/]+)(?:\/(\w+))?$/.exec(pathname) ?? [];
  if (pathname === '/info') return { status: 200, body: info };
  if (name === 'create') return created(engine, searchParams.get('name') ?? '', body);
  if (method === 'DELETE') return removed(engine, name);
  const container = engine.containers.get(name);
  if (container === undefined || verb !== 'start') return { status: 404, body: { message: 'no' } };
  container.isRunning = true;
  return { status: 204 };
}

function created(engine: FakeEngine, name: string, body: string) {
  if (engine.containers.has(name)) return { status: 409, body: { message: `${name} is in use` } };
  engine.containers.set(name, { name, config: JSON.parse(body), isRunning: false });
  return { status: 201, body: { Id: name } };
}

function removed(engine: FakeEngine, name: string) {
  const isKnown = engine.containers.delete(name);
  if (isKnown) engine.onRemoved(name);
  return { status: isKnown ? 204 : 404 };
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
