/** A host of the fleet as scenarios use it: logged in as `deploy`, root by sudo, and looked at from the inside. */

import { ConnectionPool } from '../../../src/connection/pool.ts';
import { KnownHosts } from '../../../src/connection/ssh/knownHosts.ts';
import { connectSsh } from '../../../src/connection/ssh/ssh.ts';
import { RemoteTarget } from '../../../src/target/remoteTarget.ts';
import type { Target } from '../../../src/target/target.ts';
import type { Fleet, FleetHost } from '../../fleet/fleet.ts';
import { localSettings } from '../fakeTarget.ts';
import { type Alteration, HostState, LOOK, STATE_FOLDER } from './hostState.ts';

const USER = 'deploy';

export interface ScenarioHost {
  readonly target: Target;
  /** Runs a script as root. @returns what it printed. */
  output(script: string): Promise<string>;
  /** What is other than at the last call. */
  alterations(): Promise<readonly Alteration[]>;
  /** Takes in what `look` printed on the host at another time. */
  replay(look: string): readonly Alteration[];
  /** Arguments of `ansible-playbook` that reach the same host as the same user. */
  readonly ansibleOptions: readonly string[];
  close(): Promise<void>;
}

/** The first host of a fleet, its state noted after it ran the script `prepare`. */
export async function scenarioHost(fleet: Fleet, prepare = ''): Promise<ScenarioHost> {
  const [host] = fleet.hosts;
  if (host === undefined) throw new Error('the fleet has no host');
  const pool = new ConnectionPool((settings) =>
    connectSsh(settings, {
      homeDirectory: '/nonexistent',
      userName: USER,
      knownHosts: new KnownHosts(),
    }),
  );
  const target = targetOf(pool, fleet, host);
  const output = async (script: string) => (await target.sh(script)).stdout.toString();
  await output(prepare);
  const state = new HostState();
  state.take(await output(`mkdir -p ${STATE_FOLDER}\n${LOOK}\nlook all`));
  return {
    target,
    output: async (script) => (await output(script)).trim(),
    alterations: async () => state.take(await output(`${LOOK}\nlook`)),
    replay: (look) => state.take(look),
    ansibleOptions: ansibleOptions(fleet, host),
    close: () => pool.close(),
  };
}

function targetOf(pool: ConnectionPool, fleet: Fleet, host: FleetHost): Target {
  const settings = localSettings({
    transport: 'ssh',
    host: 'host',
    address: '127.0.0.1',
    port: host.sshPort,
    user: USER,
    privateKeyFile: fleet.privateKeyFile,
    hostKeyChecking: 'strict',
    knownHostsFiles: [fleet.knownHostsFile],
  });
  const become = { method: 'sudo', user: 'root' } as const;
  return new RemoteTarget({ connection: pool.connection(settings), become });
}

function ansibleOptions(fleet: Fleet, host: FleetHost): string[] {
  const variables = {
    ansible_port: host.sshPort,
    ansible_user: USER,
    ansible_become: true,
    ansible_ssh_private_key_file: fleet.privateKeyFile,
    ansible_ssh_common_args: `-o UserKnownHostsFile=${fleet.knownHostsFile}`,
  };
  return ['-e', JSON.stringify(variables)];
}
