/** The names of connections and of ways to become another user, as playbooks, inventories and settings write them. */

/** `ssh` is whichever of `ssh2` (the library) and `openssh` (the system's program) suits the host. */
export type ConnectionName = 'ssh' | 'ssh2' | 'openssh' | 'local' | 'docker';
export type BecomeMethod = 'sudo' | 'su' | 'doas';

const CONNECTIONS: Readonly<Record<string, ConnectionName>> = {
  ssh: 'ssh',
  smart: 'ssh',
  paramiko: 'ssh',
  paramiko_ssh: 'ssh',
  ssh2: 'ssh2',
  openssh: 'openssh',
  local: 'local',
  docker: 'docker',
  docker_api: 'docker',
};
const METHODS: Readonly<Record<string, BecomeMethod>> = { sudo: 'sudo', su: 'su', doas: 'doas' };
const COLLECTIONS = /^(?:ansible\.(?:builtin|legacy)|community\.(?:general|docker))\./;

/** Said where a name is not known. */
export const KNOWN_CONNECTIONS = 'known are ssh, openssh, docker and local';
export const KNOWN_BECOME_METHODS = 'known are sudo, su and doas';

export function connectionNamed(name: string): ConnectionName | undefined {
  return found(CONNECTIONS, name);
}

export function becomeMethodNamed(name: string): BecomeMethod | undefined {
  return found(METHODS, name);
}

function found<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  const short = name.replace(COLLECTIONS, '');
  return Object.hasOwn(table, short) ? table[short] : undefined;
}
