/** The boot as an observer sees it: progress lines, the readiness line, and the port that opens before or after it. */
import type { AddressInfo } from 'node:net';
import { type Answer, httpServer } from './api/httpServer.ts';
import { claimDatabase } from './databaseVersion.ts';
import type { Clock } from './model/clock.ts';
import type { ServerOptions } from './options.ts';
import { type Rancher, startRancher } from './rancher.ts';
import type { Store } from './store/store.ts';

export interface Console {
  out(line: string): void;
  err(line: string): void;
}

export interface BootParts {
  readonly options: ServerOptions;
  readonly clock: Clock;
  readonly console: Console;
  /** Opening it is part of the boot, so that a database that cannot be opened fails like one. */
  readonly openStore: () => Promise<Store>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly address: string;
}

export interface BootedServer {
  /** The port the API answers on, once it is open. */
  port(): number | undefined;
  close(): Promise<void>;
}

/** Startup ended with STARTUP FAILED: the process should end with 1. */
export class StartupFailure extends Error {}

const stages = [
  'config',
  'db',
  'defaults',
  'types',
  'events',
  'system-services',
  'api',
  'launcher',
];

/** Resolves when the port is open. @throws StartupFailure after saying so on the console */
export async function boot(parts: BootParts): Promise<BootedServer> {
  const { options, clock, console } = parts;
  const startedAt = clock.now();
  let rancher: Rancher | undefined;
  const door = openableDoor(options, () => rancher?.answer);
  try {
    if (options.opening === 'before') await door.open();
    await showProgress(parts);
    const store = await readyStore(parts);
    rancher = await startRancher({
      ...parts,
      store,
      pace: options.pace,
      version: options.version,
      catalogDirectory: options.catalogDirectory,
      log: console.out,
    });
    const tookMs = clock.now() - startedAt;
    console.out(`[main] [DONE ] [${tookMs}ms] Startup Succeeded, Listening on port 8081`);
    if (options.opening === 'after') {
      await passed(clock, options.pace.openMs);
      await door.open();
    }
    return { port: door.port, close: closer(door, rancher, store) };
  } catch (error) {
    await door.close();
    throw failure(error, clock.now() - startedAt, console);
  }
}

async function showProgress({ options, clock, console }: BootParts): Promise<void> {
  const stageMs = Math.floor(options.pace.bootMs / stages.length);
  for (const [index, name] of stages.entries()) {
    console.out(`[main] [ConsoleStatus] Starting [${index + 1}/${stages.length}]: ${name}`);
    await passed(clock, stageMs);
  }
}

async function readyStore({ options, openStore, clock }: BootParts): Promise<Store> {
  if (options.failsStartup) throw new Error('told to fail by RANCHER_DOUBLE_FAIL_STARTUP');
  const store = await openStore();
  await claimDatabase(store, options.version, clock.now());
  return store;
}

function failure(error: unknown, tookMs: number, console: Console): StartupFailure {
  const message = error instanceof Error ? error.message : String(error);
  console.out(`[main] [ERROR] Startup Failed: ${message}`);
  console.err(`STARTUP FAILED [${tookMs}] ms`);
  return new StartupFailure(message, { cause: error });
}

function passed(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, async () => resolve());
  });
}

interface Door {
  open(): Promise<void>;
  close(): Promise<void>;
  port(): number | undefined;
}

/** Until `open` every connection is refused. */
function openableDoor(options: ServerOptions, answer: () => Answer): Door {
  const server = httpServer(options.version, answer);
  return {
    open: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(options.port, () => resolve());
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    port: () => listeningPort(server.address()),
  };
}

function listeningPort(address: AddressInfo | string | null): number | undefined {
  return typeof address === 'object' ? address?.port : undefined;
}

function closer(door: Door, rancher: Rancher, store: Store): () => Promise<void> {
  return async () => {
    await door.close();
    rancher.stop();
    await store.close();
  };
}
