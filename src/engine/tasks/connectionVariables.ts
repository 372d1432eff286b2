/**
 * What a task sees of how its host is reached where no variable says so: `ansible_host`, `ansible_connection`,
 * `ansible_user`. Like the real one's they are no part of `vars` and `hostvars`.
 */
import type { Value } from '../../core/values.ts';
import { dataNode } from '../../source/node.ts';
import type { Layer } from '../../vars/scope.ts';
import type { ConnectionDefaults } from './connectionSettings.ts';

/** @param keyword a keyword of the task, evaluated. */
export function connectionVariables(
  host: string,
  keyword: (name: 'connection' | 'remoteUser') => string | undefined,
  defaults: Pick<ConnectionDefaults, 'transport' | 'user'>,
): Layer {
  const values: Readonly<Record<string, () => Value | undefined>> = {
    ansible_host: () => host,
    ansible_connection: () => keyword('connection') ?? defaults.transport,
    ansible_user: () => keyword('remoteUser') ?? defaults.user,
  };
  let isReading = false;
  return {
    get(name) {
      const read = Object.hasOwn(values, name) ? values[name] : undefined;
      // `remote_user: "{{ ansible_user }}"` asks for itself: then there is no value here.
      if (read === undefined || isReading) return undefined;
      isReading = true;
      try {
        const value = read();
        return value === undefined ? undefined : dataNode(value, NOWHERE);
      } finally {
        isReading = false;
      }
    },
    names: () => [],
  };
}

const NOWHERE = { file: '<connection>', line: 1, column: 1 };
