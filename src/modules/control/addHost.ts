import * as z from 'zod';
import { fromPlain, isDict, toPlain, type Value } from '../../core/values.ts';
import type { Controller } from '../controller.ts';
import { defineAction } from '../module.ts';
import { anyValue, list, text } from '../params.ts';

export const addHost = defineAction({
  name: 'add_host',
  summary: 'Add a host to the inventory of this run',
  params: z
    .object({
      name: text()
        .describe('The name of the host; `name:port` gives its port too.')
        .meta({ aliases: ['host', 'hostname'] }),
      groups: list(text())
        .default([])
        .describe('Groups that it joins; they are made when missing.')
        .meta({ aliases: ['group', 'groupname'] }),
    })
    .catchall(anyValue()),
  examples: [
    '- add_host:\n    name: "{{ new_vm.ip }}"\n    groups: [web]\n    ansible_user: admin\n',
  ],
  returns: { add_host: 'The host as it was added: `host_name`, `groups`, `host_vars`.' },
  runsOn: 'controller',
  oncePerBatch: true,
  checkMode: 'run',

  run({ controller }, { name, groups, ...variables }) {
    const { host, port } = hostAndPort(name);
    const known = new Map(Object.entries(variables));
    if (port !== undefined) known.set('ansible_port', port);
    const hostVars = Object.fromEntries([...known].map(([key, value]) => [key, toPlain(value)]));
    return {
      changed: !isKnown(host, groups, known, controller),
      data: { add_host: { host_name: host, groups, host_vars: hostVars } },
      effects: [{ type: 'addHost', host, groups, variables: known }],
    };
  },
});

function hostAndPort(name: string): { readonly host: string; readonly port?: number } {
  const match = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(name);
  if (match === null) return { host: name };
  return { host: (match[1] ?? '').replace(/^\[|\]$/g, ''), port: Number(match[2]) };
}

/** Whether the inventory has the host already, in all the groups and with the same variables. */
function isKnown(
  host: string,
  groups: readonly string[],
  variables: ReadonlyMap<string, Value>,
  controller: Controller,
): boolean {
  const members = controller.variable('groups') ?? null;
  if (!isDict(members)) return false;
  const isIn = (group: string): boolean => {
    const hosts = members.get(group);
    return Array.isArray(hosts) && hosts.includes(host);
  };
  if (!isIn('all') || !groups.every(isIn)) return false;
  const hostvars = controller.variable('hostvars') ?? null;
  const vars = isDict(hostvars) ? hostvars.get(host) : undefined;
  return [...variables].every(([key, value]) => isDict(vars ?? null) && same(vars, key, value));
}

function same(vars: Value | undefined, key: string, value: Value): boolean {
  const known = vars !== undefined && isDict(vars) ? vars.get(key) : undefined;
  return (
    known !== undefined &&
    JSON.stringify(toPlain(known)) === JSON.stringify(toPlain(fromPlain(value)))
  );
}
