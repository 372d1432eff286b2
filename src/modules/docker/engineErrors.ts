/** What goes wrong between a module and the Engine, said so that a playbook's author knows what to do next. */
import { ModuleError, ParamsError } from '../../core/errors.ts';
import type { Target } from '../../target/target.ts';

/** No Engine answered: not installed, not running, or not for this user. */
export const UNREACHABLE = 'DROVER_DOCKER_UNREACHABLE';
export const ENGINE_REFUSED = 'DROVER_DOCKER_REFUSED';

export function badDockerHost(dockerHost: string): ParamsError {
  return new ParamsError(`docker_host "${dockerHost}" is no address of an Engine`, {
    code: 'DROVER_INVALID_ARGUMENT',
    argument: 'docker_host',
    hint: 'write unix:///var/run/docker.sock or tcp://host:2375',
  });
}

/** An answer of the Engine that is no success: its status, its message and a hint where we know one. */
export class EngineRefusal extends ModuleError {
  readonly status: number;

  constructor(doing: string, status: number, message: string, cause: unknown) {
    super(`cannot ${doing}: ${message.trim()}`, {
      code: ENGINE_REFUSED,
      hint: hintFor(message),
      cause,
      data: { status },
    });
    this.status = status;
  }
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/no such image/i, 'pull it first, or set "pull: missing"'],
  [
    /port is already allocated|address already in use/i,
    'another container or process has that port of the host',
  ],
  [/is already in use by container/i, 'remove that container, or choose another name'],
  [/network .* not found/i, 'create it first with docker_network'],
  [
    /pull access denied|unauthorized|authentication required/i,
    'log in to the registry with docker_login, or check the name',
  ],
  [/manifest unknown|not found: manifest/i, 'the registry has no such tag'],
  [/toomanyrequests/i, 'the registry limits pulls: log in, or use a mirror'],
  [/no space left on device/i, 'free some space: docker system prune'],
  [
    /dial tcp|lookup .* on|i\/o timeout|TLS handshake timeout/i,
    'the Engine cannot reach the registry from its network',
  ],
];

function hintFor(message: string): string | undefined {
  return HINTS.find(([pattern]) => pattern.test(message))?.[1];
}

/** Asks the host why nobody answers on the socket: `missing`, `denied`, `stopped` and whether Docker is installed. */
const DIAGNOSE = `
[ -S "$1" ] && { [ -w "$1" ] && echo stopped || echo denied; exit; }
if command -v dockerd >/dev/null || command -v docker >/dev/null; then echo stopped; else echo missing; fi
`;

const REASONS: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  missing: ['Docker is not installed on the host', 'install it first, e.g. with the role "docker"'],
  stopped: [
    'the Docker Engine is not running',
    'start it: service: { name: docker, state: started }',
  ],
  denied: [
    'the user may not use the Docker socket',
    'use "become: true", or add the user to the group docker and reconnect',
  ],
};

export async function unreachable(
  target: Pick<Target, 'sh' | 'user'>,
  dockerHost: string,
  cause: unknown,
) {
  const socket = /^(?:http\+)?unix:\/\/(.+)$/.exec(dockerHost)?.[1];
  const reason = socket === undefined ? undefined : await diagnose(target, socket);
  const why = cause instanceof Error ? cause.message : String(cause);
  const [message, hint] = reason ?? [why, 'check docker_host and that the Engine listens there'];
  return new ModuleError(`no Docker Engine answers on ${dockerHost}: ${message}`, {
    code: UNREACHABLE,
    hint,
    cause,
  });
}

async function diagnose(target: Pick<Target, 'sh'>, socket: string) {
  const path = `/${socket.replace(/^\/+/, '')}`;
  const { stdout } = await target.sh(DIAGNOSE, { args: [path] });
  return REASONS[stdout.toString().trim()];
}
