/** `hostname`: what a host is called, now and after a reboot. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { defineResource } from '../module.ts';
import { text } from '../params.ts';
import { script } from '../script.ts';

const WAYS = ['systemd', 'debian', 'alpine', 'openrc', 'redhat', 'sles', 'generic'] as const;
type Way = (typeof WAYS)[number];

const params = z.strictObject({
  name: text()
    .refine((name) => /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(name), {
      error: 'a host name has letters, digits, "-" and "." only',
    })
    .refine((name) => name.length <= 64, { error: 'a host name has at most 64 characters' })
    .describe('The name, short or with its domain.'),
  use: z
    .enum(WAYS)
    .optional()
    .describe('How the host keeps its name. Default: what its distribution does.'),
});
type Params = z.output<typeof params>;

export interface HostNames {
  readonly way: Way;
  /** Of the running kernel. */
  readonly current: string;
  /** After a reboot; empty when nothing is set. */
  readonly permanent: string;
  readonly fqdn: string;
}

type NameChange = Change<{ readonly way: Way; readonly step: 'permanent' | 'current' }>;

/** The functions `find_way`, `kept_name` and `keep_name NAME`, for the way in `$way`. */
const NAME_SHELL = script`
export LC_ALL=C PATH="$PATH:/sbin:/usr/sbin"
find_way() {
  if [ -d /run/systemd/system ] && command -v hostnamectl >/dev/null; then echo systemd
  elif [ -e /etc/alpine-release ]; then echo alpine
  elif [ -e /etc/conf.d/hostname ]; then echo openrc
  elif [ -e /etc/HOSTNAME ]; then echo sles
  elif [ -e /etc/redhat-release ] && [ -e /etc/sysconfig/network ] && [ ! -e /etc/hostname ]; then echo redhat
  else echo debian; fi
}
setting() { sed -n "s/^$2=[\"']*\([^\"']*\).*/\1/p" "$1" 2>/dev/null | sed -n '$p'; }
kept_name() {
  case $way in
    systemd | debian | alpine) grep -v '^#' /etc/hostname 2>/dev/null | sed -n '1p' ;;
    openrc) setting /etc/conf.d/hostname hostname ;;
    redhat) setting /etc/sysconfig/network HOSTNAME ;;
    sles) sed -n '1p' /etc/HOSTNAME 2>/dev/null ;;
    *) uname -n ;;
  esac
}
replace() { # FILE KEY LINE
  if grep -q "^$2=" "$1" 2>/dev/null; then sed -i "s/^$2=.*/$3/" "$1"; else echo "$3" >>"$1"; fi
}
keep_name() {
  case $way in
    systemd) hostnamectl --pretty set-hostname "$1" && hostnamectl --static set-hostname "$1" ;;
    debian | alpine) echo "$1" >/etc/hostname ;;
    openrc) replace /etc/conf.d/hostname hostname "hostname=\"$1\"" ;;
    redhat) replace /etc/sysconfig/network HOSTNAME "HOSTNAME=$1" ;;
    sles) echo "$1" >/etc/HOSTNAME ;;
  esac
}
`;

const OBSERVE = script`
way=$1
${NAME_SHELL}
[ -n "$way" ] || way=$(find_way)
printf '%s\n%s\n%s\n%s\n' "$way" "$(uname -n)" "$(kept_name)" "$(hostname -f 2>/dev/null)"`;

const APPLY = script`
way=$1 name=$2
shift 2
${NAME_SHELL}
for step; do
  case $step in
    permanent) keep_name "$name" || exit ;;
    *) if [ "$way" = systemd ]; then hostnamectl --transient set-hostname "$name"
       elif command -v hostname >/dev/null; then hostname "$name"
       else printf %s "$name" >/proc/sys/kernel/hostname; fi || exit ;;
  esac
done`;

export const hostname = defineResource({
  name: 'hostname',
  summary: 'Set the name of a host',
  params,
  examples: ['- hostname: { name: web01 }', '- hostname: { name: web01.example.org, use: debian }'],
  returns: {
    name: 'The name.',
    ansible_facts: 'The facts that follow from it: ansible_hostname, _nodename, _fqdn, _domain.',
  },
  observe: ({ use }: Params) => ({ names: hostNames(use) }),
  plan: ({ name }, { names }) => planHostname(name, names),
  apply: (changes, target, { name }) => applyHostname(changes, target, name),
  result: ({ name }, { names }) => ({ name, ansible_facts: nameFacts(name, names.fqdn) }),
});

function hostNames(use: Way | undefined): Probe<HostNames> {
  return {
    script: OBSERVE,
    args: [use ?? ''],
    parse({ stdout }) {
      const [found = '', current = '', permanent = '', fqdn = ''] = stdout.toString().split('\n');
      return { way: WAYS.find((way) => way === found) ?? 'generic', current, permanent, fqdn };
    },
  };
}

export function planHostname(
  name: string,
  { way, current, permanent }: HostNames,
): readonly NameChange[] {
  const change = (step: 'permanent' | 'current', before: string): NameChange[] =>
    before === name
      ? []
      : [{ what: `${step} host name`, before, after: name, operation: { way, step } }];
  return [...change('permanent', permanent), ...change('current', current)];
}

/** The domain of a short name is the one the host had, as far as that name goes with it. */
export function nameFacts(name: string, fqdn: string): Readonly<Record<string, string>> {
  const whole = name.includes('.') || !fqdn.startsWith(`${name}.`) ? name : fqdn;
  const [short = name, ...domain] = whole.split('.');
  return {
    ansible_hostname: short,
    ansible_nodename: name,
    ansible_fqdn: whole,
    ansible_domain: domain.join('.'),
  };
}

async function applyHostname(changes: readonly NameChange[], target: Target, name: string) {
  const [first] = changes;
  if (first === undefined) return;
  const steps = changes.map(({ operation }) => operation.step);
  const args = [first.operation.way, name, ...steps];
  const { rc, stderr } = await target.sh(APPLY, { args });
  if (rc === 0) return;
  throw new ModuleError(`the host name was not set: ${stderr.toString().trim()}`, {
    data: { rc, stderr: stderr.toString() },
  });
}
