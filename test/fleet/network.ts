// The fleet's own Docker network, with fixed addresses: hosts keep theirs when they restart, as machines in a rack do.
import { networkInterfaces } from 'node:os';
import { CommandError, docker, dockerSays } from './command.ts';
import type { State } from './state.ts';

export interface Network {
  readonly name: string;
  /** The n-th address of the subnet. 1 is the gateway. */
  address(n: number): string;
}

const candidates = Array.from({ length: 40 }, (_, n) => `10.${87 + n}.0`);

/** The fleet's network; made in the first free subnet when it is not there. */
export async function ensureNetwork(state: State): Promise<Network> {
  if (!(await dockerSays(['network', 'inspect', state.id]))) await create(state);
  const subnet = await docker([
    'network',
    'inspect',
    '--format',
    '{{(index .IPAM.Config 0).Subnet}}',
    state.id,
  ]);
  const prefix = subnet.split('.').slice(0, 3).join('.');
  return { name: state.id, address: (n) => `${prefix}.${n}` };
}

async function create(state: State): Promise<void> {
  for (const prefix of candidates.filter((candidate) => !isMachines(candidate))) {
    const subnet = ['--subnet', `${prefix}.0/24`, '--gateway', `${prefix}.1`];
    const argv = ['network', 'create', '--label', `drover.fleet=${state.id}`, ...subnet, state.id];
    const created = await docker(argv).then(
      () => true,
      (error: unknown) => {
        if (error instanceof CommandError && /overlap/i.test(error.output)) return false;
        throw error;
      },
    );
    if (created) return;
  }
  throw new Error(`every subnet from ${candidates[0]}.0/24 to ${candidates.at(-1)}.0/24 is taken`);
}

/** Whether the machine has an address there, on a VPN for example: Docker looks only at its own networks. */
const isMachines = (prefix: string): boolean =>
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .some(({ address }) => address.startsWith(`${prefix}.`));

export const removeNetwork = async (state: State): Promise<void> => {
  if (await dockerSays(['network', 'inspect', state.id])) await docker(['network', 'rm', state.id]);
};
