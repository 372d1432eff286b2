// The test hosts and the registry of images that playbooks deploy on them: what tests and the demo call.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { docker, dockerSays, run } from './command.ts';
import { knownHostsLines, waitForHost } from './hostReady.ts';
import {
  choosePorts,
  createHost,
  type FleetHost,
  hostAddress,
  hostNames,
  listHosts,
  removeHost,
  reseedHost,
  writeSeed,
} from './hosts.ts';
import { type Images, images, removeImages } from './images.ts';
import { ensureEngine, fleetMissing, type Progress, stopOwnEngine } from './machine.ts';
import { ensureNetwork, type Network, removeNetwork } from './network.ts';
import { recipes } from './recipes.ts';
import {
  ensureRegistry,
  publish,
  type Registry,
  removePublished,
  removeRegistry,
} from './registry.ts';
import { defaultState, exclusively, type State, type Variant } from './state.ts';

export type { FleetHost } from './hosts.ts';
export { writeInventory } from './inventory.ts';
export { fleetMissing } from './machine.ts';
export { stateIn } from './state.ts';

export interface FleetOptions {
  /** How many hosts there must be at least. Default: 3. */
  readonly hosts?: number;
  /** Hosts with Python. They are hosts of their own, beside those without. */
  readonly python?: boolean;
  /** Default: `.state` beside this file. */
  readonly state?: State;
  readonly progress?: Progress;
}

export interface Fleet {
  readonly variant: Variant;
  readonly hosts: readonly FleetHost[];
  /** Opens `root`, `deploy` and `ops` on every host. */
  readonly privateKeyFile: string;
  readonly knownHostsFile: string;
  readonly registry: Registry;
}

/** Accounts of every host. `deploy` becomes root without a password, `ops` with this one; ssh takes it too. */
export const opsPassword = 'ops-password';

const silent: Progress = () => undefined;

const variantOf = ({ python = false }: FleetOptions): Variant => (python ? 'python' : 'plain');

/** Brings up the hosts and the registry, and whatever of them is missing; changes nothing that is there.
 *  @throws when the machine cannot carry a fleet; `fleetMissing` says why. */
export async function fleetUp(options: FleetOptions = {}): Promise<Fleet> {
  const { state = defaultState(), progress = silent } = options;
  const missing = fleetMissing();
  if (missing.length > 0) throw new Error(missing.join('\n'));
  return exclusively(state, async () => {
    await ensureEngine(state, progress);
    await ensureKey(state);
    const [network, built] = await Promise.all([ensureNetwork(state), images(state, progress)]);
    const [hosts, registry] = await Promise.all([
      hostsUp(state, network, built, options),
      registryUp(state, network, built, progress),
    ]);
    const variant = variantOf(options);
    return describe(state, variant, hosts, registry);
  });
}

const describe = (
  state: State,
  variant: Variant,
  hosts: readonly FleetHost[],
  registry: Registry,
): Fleet => ({
  variant,
  hosts,
  registry,
  privateKeyFile: state.privateKeyFile,
  knownHostsFile: state.knownHostsFile(variant),
});

async function ensureKey({ privateKeyFile }: State): Promise<void> {
  const exists = await readFile(privateKeyFile).then(
    () => true,
    () => false,
  );
  if (exists) return;
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'fleet', '-f', privateKeyFile]);
}

async function registryUp(
  state: State,
  network: Network,
  built: Images,
  progress: Progress,
): Promise<Registry> {
  const starting = built.ready('registry').then((image) => ensureRegistry(state, network, image));
  const published = recipes.filter((recipe) => recipe.published.length > 0);
  await Promise.all(
    published.map(async (recipe) => {
      const tag = await built.ready(recipe.name);
      await publish(await starting, recipe, tag, progress);
    }),
  );
  return starting;
}

async function hostsUp(
  state: State,
  network: Network,
  built: Images,
  options: FleetOptions,
): Promise<FleetHost[]> {
  const { progress = silent } = options;
  const variant = variantOf(options);
  const image = await built.ready(variant === 'plain' ? 'host' : 'hostPython');
  const before = await listHosts(state, variant);
  const names = namesWanted(before, options.hosts ?? 3);
  const isComplete = before.length === names.length && before.every((host) => host.isRunning);
  if (!isComplete) await addHosts(state, network, variant, { names, before, image, progress });
  const hosts = await listHosts(state, variant);
  await Promise.all(hosts.map((host) => waitForHost(host)));
  await writeKnownHosts(state, variant, hosts);
  tellOutdated(hosts, image, progress);
  return hosts;
}

const namesWanted = (before: readonly FleetHost[], count: number): string[] => [
  ...new Set([...hostNames(count), ...before.map(({ name }) => name)]),
];

interface Wanted {
  readonly names: readonly string[];
  readonly before: readonly FleetHost[];
  readonly image: string;
  readonly progress: Progress;
}

async function addHosts(
  state: State,
  network: Network,
  variant: Variant,
  { names, before, image, progress }: Wanted,
): Promise<void> {
  const seed = await seedFor(state, network, variant, names, image);
  const known = new Set(before.map(({ name }) => name));
  const added = names.filter((name) => !known.has(name));
  if (added.length > 0) progress(`starting ${added.join(', ')}`);
  const taken = new Set<number>();
  const ports = new Map<string, Record<number, number>>();
  for (const name of added) ports.set(name, await choosePorts(variant, name, taken));
  await Promise.all([
    ...before.map((host) => revive(host, seed)),
    ...added.map((name) =>
      createHost(state, network, { name, variant, image, seed, ports: ports.get(name) ?? {} }),
    ),
  ]);
}

/** A host that is there: started if it was not, and told of the hosts that are new. */
async function revive(host: FleetHost, seed: string): Promise<void> {
  if (!host.isRunning) await docker(['start', host.container]);
  await waitForHost(host);
  await reseedHost(host, seed);
}

async function seedFor(
  state: State,
  network: Network,
  variant: Variant,
  names: readonly string[],
  image: string,
): Promise<string> {
  const publicKey = await readFile(`${state.privateKeyFile}.pub`, 'utf8');
  const named = names.map((name) => `${hostAddress(network, variant, name)} ${name}\n`);
  return writeSeed(state, variant, { publicKey, hosts: named.join(''), image });
}

async function writeKnownHosts(
  state: State,
  variant: Variant,
  hosts: readonly FleetHost[],
): Promise<void> {
  const entries = await Promise.all(hosts.map(knownHostsLines));
  const text = entries.join('');
  const file = state.knownHostsFile(variant);
  if ((await readFile(file, 'utf8').catch(() => '')) !== text) await writeFile(file, text);
}

function tellOutdated(hosts: readonly FleetHost[], image: string, progress: Progress): void {
  for (const host of hosts.filter((each) => each.image !== image))
    progress(`${host.name} runs an older image: \`npm run fleet -- reset ${host.name}\` renews it`);
}

/** The hosts as they are, without changing anything. Empty where no engine answers. */
export async function fleetHosts({
  python = false,
  state = defaultState(),
}: Pick<FleetOptions, 'python' | 'state'> = {}): Promise<FleetHost[]> {
  if (!(await dockerSays(['version']))) return [];
  return listHosts(state, variantOf({ python }));
}

/** Reboots a host and waits until it is back. Its disk, keys and ports stay. */
export async function restartHost(name: string, options: FleetOptions = {}): Promise<void> {
  const host = await hostNamed(name, options);
  await docker(['restart', '--time', '30', host.container]);
  await waitForHost(host);
}

/** Replaces a host by a fresh one, with neither Docker nor anything else that was put on it. Its name, addresses and
 *  published ports stay; its ssh host keys are new, and known_hosts is written anew. */
export async function resetHost(name: string, options: FleetOptions = {}): Promise<void> {
  const { state = defaultState(), progress = silent } = options;
  await exclusively(state, async () => {
    const old = await hostNamed(name, options);
    const variant = variantOf(options);
    const [network, built] = await Promise.all([ensureNetwork(state), images(state, progress)]);
    const image = await built.ready(variant === 'plain' ? 'host' : 'hostPython');
    const names = (await listHosts(state, variant)).map((host) => host.name);
    const seed = await seedFor(state, network, variant, names, image);
    await removeHost(old);
    await createHost(state, network, { name, variant, image, seed, ports: old.publishedPorts });
    await waitForHost(old);
    await writeKnownHosts(state, variant, await listHosts(state, variant));
  });
}

async function hostNamed(name: string, options: FleetOptions): Promise<FleetHost> {
  const hosts = await fleetHosts(options);
  const found = hosts.find((host) => host.name === name);
  if (found !== undefined) return found;
  const known = hosts.map((host) => host.name).join(', ') || 'none';
  throw new Error(`the fleet has no host "${name}"; its hosts: ${known}`);
}

/** Removes hosts, registry and network. With `all` also the images, everything on disk, and the Docker engine if the fleet
 *  started it. */
export async function fleetDown({
  all = false,
  ...options
}: {
  readonly all?: boolean;
  readonly state?: State;
} = {}): Promise<void> {
  const { state = defaultState() } = options;
  await exclusively(state, async () => {
    if (await dockerSays(['version'])) await removeEverything(state, all);
    if (all) await stopOwnEngine(state);
  });
  if (all) await rm(state.folder, { recursive: true, force: true });
}

async function removeEverything(state: State, all: boolean): Promise<void> {
  const hosts = [...(await listHosts(state, 'plain')), ...(await listHosts(state, 'python'))];
  await Promise.all([...hosts.map(removeHost), removeRegistry(state)]);
  await removeNetwork(state);
  if (!all) return;
  await removePublished(state);
  await removeImages();
}
