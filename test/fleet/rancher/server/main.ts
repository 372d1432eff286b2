/** The server image's program: `entry` hands it the flags (the words that are not flags it has already exec'ed). */
import { networkInterfaces } from 'node:os';
import { type BootedServer, boot, StartupFailure } from './boot.ts';
import { type EntryFlags, parseEntryFlags, usage } from './flags.ts';
import { systemClock } from './model/clock.ts';
import { serverOptions } from './options.ts';
import { openFileStore } from './store/fileStore.ts';

const console = {
  out: (line: string) => void process.stdout.write(`${new Date().toISOString()} ${line}\n`),
  err: (line: string) => void process.stderr.write(`${line}\n`),
};

async function main(): Promise<void> {
  const flags = parseEntryFlags(process.argv.slice(2), process.env);
  if (flags.wantsHelp) {
    process.stdout.write(usage);
    return;
  }
  refuseCluster(flags);
  const options = serverOptions(process.env);
  let server: BootedServer | undefined;
  onSignal(async () => {
    await server?.close();
  });
  server = await boot({
    options,
    console,
    clock: systemClock((error) => console.err(`ERROR ${String(error)}`)),
    openStore: () => openFileStore(options.dataDirectory),
    environment: process.env,
    address: ownAddress(),
  });
}

/** @throws Error for what one server with its own data cannot be */
function refuseCluster(flags: EntryFlags): void {
  if (flags.database !== undefined) {
    throw new Error(
      `this double does not serve an external database (--db-host ${flags.database.host})`,
    );
  }
  if (flags.advertiseAddress !== undefined) {
    throw new Error(
      `this double does not serve a cluster (--advertise-address ${flags.advertiseAddress})`,
    );
  }
}

function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

/** PID 1 gets no default handling of signals: without this `docker stop` would wait for its timeout. */
function onSignal(close: () => Promise<void>): void {
  const end = () => void close().finally(() => process.exit(0));
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

main().catch((error: unknown) => {
  if (!(error instanceof StartupFailure)) console.err(`rancher/server double: ${String(error)}`);
  process.exit(1);
});
