/** The container the bootstrap leaves behind: `rancher-agent` (rancher.md B5). */
import { type Environment, keptEntries } from './environment.ts';

export const finalName = 'rancher-agent';

export interface FinalParts {
  readonly environment: Environment;
  readonly image: string;
  /** Whether the host's /var/lib/rancher can be written; a volume of its own serves otherwise. */
  readonly hasHostDirectory: boolean;
}

/** The body of the Engine's create call. */
export function finalContainer({ environment, image, hasHostDirectory }: FinalParts): object {
  return {
    Image: image,
    Cmd: ['run'],
    Env: keptEntries(environment),
    Labels: { 'io.rancher.container.system': 'rancher-agent' },
    HostConfig: {
      Binds: binds(hasHostDirectory),
      NetworkMode: 'host',
      PidMode: 'host',
      Privileged: true,
      OomScoreAdj: -500,
      RestartPolicy: { Name: 'always' },
    },
  };
}

function binds(hasHostDirectory: boolean): string[] {
  return [
    '/var/run/docker.sock:/var/run/docker.sock',
    '/var/run/rancher/storage:/var/run/rancher/storage',
    '/lib/modules:/lib/modules:ro',
    '/proc:/host/proc',
    '/dev:/host/dev',
    'rancher-cni:/.r',
    'rancher-agent-state:/var/lib/cattle',
    `${hasHostDirectory ? '/var/lib/rancher' : 'rancher-agent-state'}:/var/lib/rancher`,
  ];
}
