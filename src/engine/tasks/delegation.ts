/** `delegate_to`: what a task sees of the host that does its work. */
import type { Value } from '../../core/values.ts';
import type { VariableReader } from './connectionSettings.ts';

const CONNECTION_NAMES = ['ansible_host', 'ansible_port', 'ansible_user'];

/**
 * Connection variables of the delegate that the task's own host does not have; the own ones win.
 * Source of the rule: tried beside ansible-core 2.14.
 * @param delegate its name, which is its address where no variable gives one.
 */
export function delegateVariables(
  delegate: string,
  ofDelegate: VariableReader,
  own: VariableReader,
): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const name of CONNECTION_NAMES) {
    if (own(name) !== undefined) continue;
    const value = ofDelegate(name) ?? (name === 'ansible_host' ? delegate : undefined);
    if (value !== undefined) values.set(name, value);
  }
  return values;
}
