/** `service_facts`: every service of the host, as facts. */
import * as z from 'zod';
import type { Probe } from '../../target/probe.ts';
import { defineResource } from '../module.ts';
import { script } from '../script.ts';
import { openrcServices, type Service, systemdServices, sysvServices } from './serviceLists.ts';

/** Sections ended by NUL: `units`, `files` and `states` by systemd; `openrc` and `runlevels`; `sysv`, `chkconfig`. */
const ASK = script`
export LC_ALL=C SYSTEMD_COLORS=0 PATH="$PATH:/sbin:/usr/sbin"
has() { command -v "$1" >/dev/null; }
say() { printf '%s\n' "$1"; shift; "$@" 2>/dev/null </dev/null; printf '\0'; }
chkconfig_states() {
  chkconfig --list 2>/dev/null | grep '0:' | while read -r name levels; do
    if service "$name" status >/dev/null 2>&1; then running=running; else running=stopped; fi
    echo "$name $running $levels"
  done
}
openrc_states() { rc-status -a -s -m | grep '^ ' | tr -d '[]'; }
if has chkconfig; then say chkconfig chkconfig_states
elif has rc-status; then
  say openrc openrc_states
  has rc-update && say runlevels rc-update show -v
elif has service; then say sysv service --status-all; fi
if grep -q systemd /proc/1/comm 2>/dev/null && has systemctl; then
  list='--no-pager --plain --no-legend --type service --all'
  say units systemctl list-units $list
  say files systemctl list-unit-files $list
  set -- $(systemctl list-unit-files $list 2>/dev/null | sed 's/ .*//' | grep -v '@\.service$')
  [ $# -eq 0 ] || say states systemctl show --property=ActiveState -- "$@"
fi`;

export const serviceFacts = defineResource({
  name: 'service_facts',
  summary: 'List the services of a host as facts',
  params: z.strictObject({}),
  examples: [
    '- service_facts:\n- debug: { msg: "{{ ansible_facts.services[\'ssh.service\'].state }}" }\n',
  ],
  returns: {
    ansible_facts: 'A dict `services` of name, state, status and source, by the service’s name.',
  },
  observe: () => ({ services: servicesProbe() }),
  plan: () => [],
  apply: () => Promise.resolve(),
  result: (_input, { services }) => ({ ansible_facts: { services } }),
});

function servicesProbe(): Probe<Readonly<Record<string, Service>>> {
  return { script: ASK, args: [], parse: ({ stdout }) => servicesOf(stdout.toString()) };
}

export function servicesOf(output: string): Readonly<Record<string, Service>> {
  const sections = new Map(
    output.split('\0').map((section): [string, string] => {
      const end = section.indexOf('\n');
      return [section.slice(0, end), section.slice(end + 1)];
    }),
  );
  const of = (name: string) => sections.get(name) ?? '';
  const services = [
    ...sysvServices(of('sysv'), of('chkconfig')),
    ...openrcServices(of('openrc'), of('runlevels')),
    ...systemdServices(of('units'), of('files'), of('states')),
  ];
  return Object.fromEntries(services.map((service) => [service.name, service]));
}
