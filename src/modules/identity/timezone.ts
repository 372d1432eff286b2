/** `timezone`: the time zone of a host, and what its hardware clock holds. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { defineResource } from '../module.ts';
import { text } from '../params.ts';
import { script } from '../script.ts';

const params = z
  .strictObject({
    name: text()
      .refine((name) => /^[A-Za-z0-9][\w+-]*(\/[A-Za-z0-9][\w+-]*)*$/.test(name), {
        error: 'a time zone looks like Europe/Berlin',
      })
      .optional()
      .describe('The time zone, as in `Europe/Berlin`.'),
    hwclock: z
      .enum(['UTC', 'local'])
      .optional()
      .describe('Whether the hardware clock holds UTC or the local time.')
      .meta({ aliases: ['rtc'] }),
  })
  .refine(({ name, hwclock }) => (name ?? hwclock) !== undefined, {
    error: 'one of "name" and "hwclock" is needed',
  });
type Params = z.output<typeof params>;

export interface Clock {
  /** Undefined when /etc/localtime leads nowhere, or to what is no zone. */
  readonly zone: string | undefined;
  readonly hwclock: 'UTC' | 'local';
  /** Whether the host knows the zone that is asked for. */
  readonly isKnown: boolean;
}

type ClockChange = Change<{ readonly option: 'name' | 'hwclock'; readonly value: string }>;

/** `ZONE`: the link, the zone of Debian's file, the clock's mode, and whether the zone exists. */
const OBSERVE = script`
managed=no
[ -d /run/systemd/system ] && command -v timedatectl >/dev/null && managed=yes
link=$(readlink /etc/localtime)
case $link in
  */zoneinfo/*) zone=\${link#*/zoneinfo/} ;;
  *) zone=
     if [ ! -e /etc/localtime ]; then zone=UTC
     elif [ -n "$1" ] && cmp -s /etc/localtime "/usr/share/zoneinfo/$1"; then zone=$1; fi ;;
esac
if [ "$managed" = no ] && [ -f /etc/timezone ] && [ "$(sed -n 1p /etc/timezone)" != "$zone" ]; then
  zone=$(sed -n 1p /etc/timezone)
  [ "$zone" != "$1" ] || zone=
fi
echo "$zone"
if grep -qx LOCAL /etc/adjtime 2>/dev/null; then echo local; else echo UTC; fi
[ -z "$1" ] || [ -f "/usr/share/zoneinfo/$1" ] && echo known`;

/** `OPTION VALUE…`: by timedatectl where systemd runs, else by the files that the distribution has. */
const APPLY = script`
export LC_ALL=C PATH="$PATH:/sbin:/usr/sbin"
managed=no
[ -d /run/systemd/system ] && command -v timedatectl >/dev/null && managed=yes
set_zone() {
  if [ "$managed" = yes ]; then timedatectl set-timezone "$1"; return; fi
  ln -sfn "/usr/share/zoneinfo/$1" /etc/localtime || return
  if [ -f /etc/timezone ] || command -v dpkg >/dev/null; then echo "$1" >/etc/timezone || return; fi
  for key in ZONE TIMEZONE; do
    grep -q "^$key=" /etc/sysconfig/clock 2>/dev/null || continue
    sed -i "s|^$key=.*|$key=\"$1\"|" /etc/sysconfig/clock || return
  done
}
set_clock() {
  if [ "$managed" = yes ]; then
    case $1 in local) timedatectl set-local-rtc yes ;; *) timedatectl set-local-rtc no ;; esac
    return
  fi
  case $1 in local) option=--localtime utc=no ;; *) option=--utc utc=yes ;; esac
  for file in /etc/default/rcS /etc/sysconfig/clock /etc/conf.d/hwclock; do
    [ ! -f "$file" ] || sed -i "s/^UTC=.*/UTC=$utc/" "$file" || return
  done
  command -v hwclock >/dev/null || { echo 'this host has no hwclock; install the package util-linux-extra (Debian) or util-linux' >&2; return 127; }
  hwclock --systohc "$option"
}
while [ $# -gt 0 ]; do
  case $1 in name) set_zone "$2" ;; *) set_clock "$2" ;; esac || exit
  shift 2
done`;

export const timezone = defineResource({
  name: 'timezone',
  collection: 'community.general',
  aliases: ['ansible.builtin.timezone'],
  summary: 'Set the time zone of a host',
  params,
  examples: [
    '- timezone: { name: Europe/Berlin }',
    '- community.general.timezone: { name: Etc/UTC, hwclock: UTC }',
  ],
  observe: ({ name }: Params) => ({ clock: clockProbe(name) }),
  plan: (input, { clock }, { checkMode }) => planTimezone(input, clock, checkMode),
  apply: (changes, target) => applyTimezone(changes, target),
});

function clockProbe(name: string | undefined): Probe<Clock> {
  return {
    script: OBSERVE,
    args: [name ?? ''],
    parse({ stdout }) {
      const [zone = '', hwclock, known] = stdout.toString().split('\n');
      return {
        zone: zone === '' ? undefined : zone,
        hwclock: hwclock === 'local' ? 'local' : 'UTC',
        isKnown: known === 'known',
      };
    },
  };
}

export function planTimezone(
  { name, hwclock }: Params,
  clock: Clock,
  checkMode: boolean,
): readonly ClockChange[] {
  if (!clock.isKnown && !checkMode) {
    throw new ModuleError(`this host does not know the time zone "${name}"`, {
      hint: 'the package tzdata has the zones; see /usr/share/zoneinfo',
    });
  }
  const zone = name === undefined || name === clock.zone ? [] : [zoneChange(name, clock)];
  if (hwclock === undefined || hwclock === clock.hwclock) return zone;
  const operation = { option: 'hwclock', value: hwclock } as const;
  return [...zone, { what: 'hardware clock', before: clock.hwclock, after: hwclock, operation }];
}

function zoneChange(name: string, { zone }: Clock): ClockChange {
  const operation = { option: 'name', value: name } as const;
  return { what: 'time zone', before: zone ?? 'n/a', after: name, operation };
}

async function applyTimezone(changes: readonly ClockChange[], target: Target) {
  const args = changes.flatMap(({ operation }) => [operation.option, operation.value]);
  const { rc, stderr } = await target.sh(APPLY, { args });
  if (rc === 0) return;
  throw new ModuleError(`the time zone was not set: ${stderr.toString().trim()}`, {
    data: { rc, stderr: stderr.toString() },
  });
}
