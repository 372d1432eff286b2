// npm run fleet -- up | down | status | reset | restart | inventory
import { Command } from 'commander';
import {
  type FleetHost,
  fleetDown,
  fleetHosts,
  fleetMissing,
  fleetUp,
  resetHost,
  restartHost,
  stateIn,
  writeInventory,
} from './fleet.ts';

interface CommonOptions {
  readonly python?: boolean;
  readonly state?: string;
}

const started = Date.now();
const say = (message: string): void => {
  const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(6);
  process.stdout.write(`${seconds} s  ${message}\n`);
};

const fleetOptions = ({ python = false, state }: CommonOptions) => ({
  python,
  progress: say,
  ...(state === undefined ? {} : { state: stateIn(state) }),
});

const describeHost = ({ name, isRunning, sshPort, containerIp, publishedPorts }: FleetHost) =>
  `${name.padEnd(8)} ${isRunning ? 'up  ' : 'down'} ${containerIp.padEnd(13)} ${Object.entries(
    publishedPorts,
  )
    .map(([port, published]) => `${port} at 127.0.0.1:${published}`)
    .join(', ')}${isRunning ? `   ssh -p ${sshPort} root@127.0.0.1` : ''}`;

const program = new Command('fleet').description('Test hosts for drover, as containers');

const command = (usage: string, summary: string): Command =>
  program
    .command(usage)
    .description(summary)
    .option('--python', 'the hosts that have Python')
    .option('--state <folder>', 'a fleet of its own, which keeps its state there');

command('up', 'bring up hosts and registry, and whatever of them is missing')
  .option('--hosts <number>', 'how many hosts at least', Number, 3)
  .action(async ({ hosts, ...options }: CommonOptions & { hosts: number }) => {
    const fleet = await fleetUp({ ...fleetOptions(options), hosts });
    for (const host of fleet.hosts) say(describeHost(host));
    say(`key ${fleet.privateKeyFile}, host keys ${fleet.knownHostsFile}`);
    say(`registry ${fleet.registry.mirror} for hosts, ${fleet.registry.pushAddress} to push`);
  });

command('down', 'remove hosts, registry and network')
  .option('--all', 'also images, state, and the Docker engine if the fleet started it')
  .action(async ({ all = false, ...options }: CommonOptions & { all?: boolean }) => {
    await fleetDown({ ...fleetOptions(options), all });
    say('down');
  });

command('status', 'show the hosts, and what this machine lacks for them').action(
  async (options: CommonOptions) => {
    for (const missing of fleetMissing()) say(missing);
    const hosts = await fleetHosts(fleetOptions(options));
    for (const host of hosts) say(describeHost(host));
    if (hosts.length === 0) say('no hosts');
  },
);

command('reset <host>', 'replace a host by a fresh one').action(
  async (host: string, options: CommonOptions) => {
    await resetHost(host, fleetOptions(options));
    say(`${host} is fresh`);
  },
);

command('restart <host>', 'reboot a host').action(async (host: string, options: CommonOptions) => {
  await restartHost(host, fleetOptions(options));
  say(`${host} is back`);
});

command('inventory <file>', 'write an inventory of the hosts, brought up if they are not').action(
  async (file: string, options: CommonOptions) => {
    await writeInventory(await fleetUp(fleetOptions(options)), file);
    say(`wrote ${file}`);
  },
);

await program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
