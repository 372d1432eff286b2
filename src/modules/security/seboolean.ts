/** `seboolean`: switches of the SELinux policy. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { defineResource } from '../module.ts';
import { boolean, text } from '../params.ts';
import { script } from '../script.ts';

const params = z.strictObject({
  name: text().describe('The boolean, as in `httpd_can_network_connect`.'),
  state: boolean().describe('Its value.'),
  persistent: boolean().default(false).describe('Keep the value over a reboot.'),
  ignore_selinux_state: boolean()
    .default(false)
    .describe('Go on where SELinux seems to be off, as in a chroot.'),
});
type Params = z.output<typeof params>;

export interface Switch {
  readonly isEnabled: boolean;
  readonly hasTool: boolean;
  /** Undefined when the policy does not have it. */
  readonly current: boolean | undefined;
  /** As it was kept by `setsebool -P`; undefined when it never was. */
  readonly kept: boolean | undefined;
}

const OBSERVE = script`
PATH=$PATH:/usr/sbin:/sbin
[ ! -e /sys/fs/selinux/enforce ] || echo enabled
command -v setsebool >/dev/null && echo tool
getsebool "$1" 2>/dev/null | sed 's/.* --> /current /'
policy=$(sed -n 's/^SELINUXTYPE=//p' /etc/selinux/config 2>/dev/null)
sed -n "s/^$1 *= */kept /p" "/var/lib/selinux/$policy/active/booleans.local" 2>/dev/null`;

export const seboolean = defineResource({
  name: 'seboolean',
  collection: 'ansible.posix',
  aliases: ['ansible.builtin.seboolean'],
  summary: 'Switch booleans of the SELinux policy',
  params,
  examples: ['- seboolean: { name: httpd_can_network_connect, state: true, persistent: true }'],
  returns: {
    name: 'The boolean.',
    state: 'Its value.',
    persistent: 'Whether the value is kept over a reboot.',
  },
  observe: ({ name }: Params) => ({ boolean: switchProbe(name) }),
  plan: (input, { boolean: state }, { checkMode }) => planSeboolean(input, state, checkMode),
  apply: (changes, target, input) => applySeboolean(changes, target, input),
  result: ({ name, state, persistent }) => ({ name, state, persistent }),
});

function switchProbe(name: string): Probe<Switch> {
  return { script: OBSERVE, args: [name], parse: ({ stdout }) => switchOf(stdout.toString()) };
}

export function switchOf(output: string): Switch {
  const lines = output.trim().split('\n');
  const value = (word: string) => {
    const found = lines.find((line) => line.startsWith(`${word} `));
    return found === undefined ? undefined : /^\w+ (on|1|true)$/.test(found.trim());
  };
  return {
    isEnabled: lines.includes('enabled'),
    hasTool: lines.includes('tool'),
    current: value('current'),
    kept: value('kept'),
  };
}

export function planSeboolean(
  { name, state, persistent, ignore_selinux_state: ignores }: Params,
  { isEnabled, hasTool, current, kept }: Switch,
  checkMode: boolean,
): readonly Change<null>[] {
  if (!isEnabled && !ignores) throw new ModuleError('SELinux is disabled on this host');
  if (!hasTool && !checkMode) {
    throw new ModuleError('this host has no setsebool', {
      hint: 'install the package policycoreutils',
    });
  }
  if (current === undefined && isEnabled && !checkMode) {
    throw new ModuleError(`the policy of this host has no boolean "${name}"`, {
      hint: 'getsebool -a lists them',
    });
  }
  const isKept = !persistent || (kept ?? current) === state;
  if (current === state && isKept) return [];
  const word = (on: boolean | undefined) => (on === undefined ? 'unknown' : on ? 'on' : 'off');
  const before = current === state ? `${word(current)}, not kept` : word(current);
  const after = `${word(state)}${persistent ? ', kept' : ''}`;
  return [{ what: `SELinux boolean ${name}`, before, after, operation: null }];
}

async function applySeboolean(
  _changes: readonly Change<null>[],
  target: Target,
  { name, state, persistent }: Params,
) {
  const args = [...(persistent ? ['-P'] : []), name, state ? 'on' : 'off'];
  const { rc, stderr } = await target.sh('PATH=$PATH:/usr/sbin:/sbin setsebool "$@"', { args });
  if (rc === 0) return;
  throw new ModuleError(`setsebool ${args.join(' ')}: ${stderr.toString().trim()}`, {
    data: { rc, stderr: stderr.toString() },
  });
}
