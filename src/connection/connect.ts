/** Which transport a host's settings ask for. Those with a library behind them are loaded when a host first needs them. */
import { connectionNamed, KNOWN_CONNECTIONS } from '../core/connectionNames.ts';
import { LoadError } from '../core/errors.ts';
import { localTransport } from './local.ts';
import type { Connect } from './pool.ts';
import type { SshContext } from './ssh/ssh.ts';
import type { ConnectionSettings, Transport } from './transport.ts';

export interface ConnectContext extends SshContext {
  /** Environment of local processes. */
  readonly environment: NodeJS.ProcessEnv;
  /** Told what was decided for a host that its settings do not say. */
  readonly notice?: ((host: string, text: string) => void) | undefined;
}

/** @throws LoadError `DROVER_UNKNOWN_CONNECTION`; else as the transport does. */
export function connector(context: ConnectContext): Connect {
  return async (settings) => {
    switch (connectionNamed(settings.transport)) {
      case 'local':
        return localTransport({ shell: settings.shell, environment: context.environment });
      case 'ssh':
        return connectBySsh(settings, context);
      case 'ssh2':
        return (await import('./ssh/ssh.ts')).connectSsh(settings, context);
      case 'openssh':
        return (await import('./ssh/openssh.ts')).connectOpenSsh(settings, context);
      case 'docker':
        return (await import('./docker/docker.ts')).connectDocker(settings);
      default:
        throw new LoadError(`connection "${settings.transport}" of ${settings.host} is not known`, {
          code: 'DROVER_UNKNOWN_CONNECTION',
          hint: KNOWN_CONNECTIONS,
        });
    }
  };
}

async function connectBySsh(
  settings: ConnectionSettings,
  context: ConnectContext,
): Promise<Transport> {
  const { opensshReason } = await import('./ssh/sshNeeds.ts');
  const reason = opensshReason(settings, context);
  if (reason === undefined) return (await import('./ssh/ssh.ts')).connectSsh(settings, context);
  context.notice?.(settings.host, `connected by the system's ssh: ${reason}`);
  return (await import('./ssh/openssh.ts')).connectOpenSsh(settings, context);
}
