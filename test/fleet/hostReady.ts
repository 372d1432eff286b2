import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, docker } from './command.ts';
import type { FleetHost } from './hosts.ts';

/** Waits until a host has booted and its sshd answers.
 *  @throws when that takes longer than `timeoutMs`, with the units that failed. */
export async function waitForHost(host: FleetHost, timeoutMs = 60_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await hasBooted(host)) || !(await sshAnswers(host))) {
    if (Date.now() > deadline)
      throw new Error(`${host.name} is not ready after ${timeoutMs} ms:\n${await complaint(host)}`);
    await sleep(100);
  }
}

/** `degraded` is a booted host too: a unit of somebody's playbook may have failed on it. */
async function hasBooted(host: FleetHost): Promise<boolean> {
  const argv = ['exec', host.container, 'systemctl', 'is-system-running', '--wait'];
  const answer = await docker(argv, { timeoutMs: 30_000 }).catch((error: unknown) =>
    error instanceof CommandError ? error.output : Promise.reject(error),
  );
  return /^(running|degraded)$/m.test(answer);
}

/** Whether something at the published port introduces itself as an ssh server within two seconds. */
const sshAnswers = ({ address, sshPort }: FleetHost): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port: sshPort, timeout: 2000 });
    const answer = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('data', (banner) => answer(banner.toString('latin1').startsWith('SSH-2.0-')));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('close', () => answer(false));
  });

const complaint = ({ container }: FleetHost): Promise<string> =>
  docker(['exec', container, 'systemctl', '--failed', '--plain', '--no-legend']).catch(String);

/** The host's lines for a known_hosts file, read inside the host and not from its network. */
export async function knownHostsLines({ container, sshPort }: FleetHost): Promise<string> {
  const script = 'cat /etc/ssh/ssh_host_*_key.pub';
  const keys = await docker(['exec', container, 'sh', '-c', script]);
  return keys.replaceAll(/^(\S+ \S+).*$/gm, `[127.0.0.1]:${sshPort} $1`);
}
