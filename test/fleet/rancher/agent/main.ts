/** The agent image's program: `run` is the container that stays, a URL is the bootstrap. */
import { setTimeout as sleep } from 'node:timers/promises';
import { bootstrap } from './bootstrap.ts';
import { engineAt } from './engine.ts';
import { AgentError } from './environment.ts';
import { runAgent } from './run.ts';

const socketPath = '/var/run/docker.sock';
const hostDirectory = '/var/lib/rancher';
const defaultPingMs = 5000;

const log = (line: string) => void process.stdout.write(`${new Date().toISOString()} ${line}\n`);

async function main(): Promise<void> {
  const [word = process.env['CATTLE_URL']] = process.argv.slice(2);
  const abort = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(0));
  const shared = { environment: process.env, engine: engineAt(socketPath), sleep, log };
  if (word === undefined) throw new AgentError('usage: rancher/agent <registration URL>');
  if (word !== 'run') return bootstrap(word, { ...shared, directory: hostDirectory });
  const pingMs = Number(process.env['RANCHER_DOUBLE_PING_MS'] ?? defaultPingMs);
  await runAgent({ ...shared, pingMs, signal: abort.signal });
}

main().catch((error: unknown) => {
  const text = error instanceof AgentError ? error.message : String(error);
  for (const line of text.split('\n')) log(`ERROR: ${line}`);
  process.exit(1);
});
