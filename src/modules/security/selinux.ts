/** `selinux`: the mode and the policy of SELinux, now and after a reboot. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import {
  applyText,
  joinLines,
  type KeptText,
  keptText,
  type TextOperation,
  textChanges,
  textLines,
} from '../files/keptText.ts';
import { defineResource } from '../module.ts';
import { boolean, path, text } from '../params.ts';
import { script } from '../script.ts';

const params = z
  .strictObject({
    state: z.enum(['disabled', 'enforcing', 'permissive']).describe('The mode.'),
    policy: text().optional().describe('The policy, as in `targeted`; needed unless disabled.'),
    configfile: path()
      .default('/etc/selinux/config')
      .describe('The file of settings.')
      .meta({ aliases: ['conf', 'file'] }),
    update_kernel_param: boolean()
      .default(false)
      .describe('Also switch it on or off in the arguments of the kernel, with grubby.'),
  })
  .refine(({ state, policy }) => state === 'disabled' || (policy ?? '') !== '', {
    error: '"policy" is needed unless the state is disabled',
  });
type Params = z.output<typeof params>;

type Mode = Params['state'];

export interface Runtime {
  readonly mode: Mode;
  /** Whether every kernel boots with SELinux; undefined when they differ, or nobody asked. */
  readonly kernel: boolean | undefined;
  readonly hasGrubby: boolean;
}

type SelinuxOperation =
  | TextOperation
  | { readonly type: 'enforce'; readonly mode: Mode }
  | { readonly type: 'kernel'; readonly isEnabled: boolean };

/** `KERNEL`: the mode, then `args` lines of grubby when asked. */
const OBSERVE = script`
PATH=$PATH:/usr/sbin:/sbin
if [ ! -e /sys/fs/selinux/enforce ]; then echo disabled
elif [ "$(cat /sys/fs/selinux/enforce)" = 1 ]; then echo enforcing
else echo permissive; fi
[ "$1" = yes ] || exit 0
command -v grubby >/dev/null || { echo 'no grubby'; exit 0; }
grubby --info=ALL | grep '^args='`;

export const selinux = defineResource({
  name: 'selinux',
  collection: 'ansible.posix',
  aliases: ['ansible.builtin.selinux'],
  summary: 'Set the mode and the policy of SELinux',
  params,
  examples: ['- selinux: { policy: targeted, state: enforcing }', '- selinux: { state: disabled }'],
  returns: {
    msg: 'What was done, in words.',
    configfile: 'The file.',
    policy: 'The policy.',
    state: 'The mode.',
    reboot_required: 'Whether the mode takes a reboot.',
  },
  observe: ({ configfile, update_kernel_param: mindsKernel }: Params) => ({
    runtime: runtimeProbe(mindsKernel),
    config: keptText(configfile),
  }),
  plan: (input, { runtime, config }) => planSelinux(input, runtime, config),
  apply: (changes, target) => applySelinux(changes, target),
  result: ({ state, policy, configfile }, { runtime, config }, changes) => ({
    msg: changes.map(({ what, after }) => `${what}: ${after ?? 'changed'}`).join(', '),
    configfile,
    policy: policy ?? setting(config.text, 'SELINUXTYPE') ?? null,
    state,
    reboot_required: needsReboot(state, runtime.mode),
  }),
});

function runtimeProbe(mindsKernel: boolean): Probe<Runtime> {
  return {
    script: OBSERVE,
    args: [mindsKernel ? 'yes' : 'no'],
    parse({ stdout }) {
      const [mode, ...lines] = stdout.toString().trim().split('\n');
      const disabled = lines.map((line) => /\bselinux=0\b/.test(line));
      const areAlike = disabled.length > 0 && new Set(disabled).size === 1;
      return {
        mode: mode === 'enforcing' || mode === 'permissive' ? mode : 'disabled',
        kernel: areAlike ? disabled[0] === false : undefined,
        hasGrubby: !lines.includes('no grubby'),
      };
    },
  };
}

/** SELinux is switched on and off at boot only. */
function needsReboot(wanted: Mode, now: Mode): boolean {
  return wanted !== now && (wanted === 'disabled' || now === 'disabled');
}

/** @throws ModuleError when the host has no SELinux to configure. */
export function planSelinux(
  input: Params,
  runtime: Runtime,
  config: KeptText,
): readonly Change<SelinuxOperation>[] {
  if (config.text === undefined) {
    throw new ModuleError(`there is no file ${config.path}`, {
      hint: 'install the SELinux policy: selinux-policy-targeted (RHEL), selinux-policy-default (Debian)',
    });
  }
  const { state, policy } = input;
  const typed =
    policy === undefined ? config.text : withSetting(config.text, 'SELINUXTYPE', policy);
  const wanted = withSetting(typed, 'SELINUX', state);
  return [
    ...modeChanges(state, runtime),
    ...textChanges(config, wanted),
    ...kernelChanges(input, runtime),
  ];
}

/** What is to be disabled is permissive until the reboot. */
function modeChanges(state: Mode, { mode: before }: Runtime): Change<SelinuxOperation>[] {
  const now = state === 'disabled' ? 'permissive' : state;
  if (before === 'disabled' || before === now) return [];
  const operation = { type: 'enforce', mode: now } as const;
  return [{ what: 'SELinux mode', before, after: now, operation }];
}

function kernelChanges(
  { state, update_kernel_param: isMinded }: Params,
  { kernel, hasGrubby }: Runtime,
): Change<SelinuxOperation>[] {
  const isEnabled = state !== 'disabled';
  if (!isMinded || kernel === isEnabled) return [];
  if (!hasGrubby)
    throw new ModuleError('this host has no grubby', { hint: 'install the package grubby' });
  const word = (on: boolean | undefined) =>
    on === undefined ? 'mixed' : on ? 'enabled' : 'disabled';
  const operation = { type: 'kernel', isEnabled } as const;
  return [
    { what: 'SELinux in the kernel', before: word(kernel), after: word(isEnabled), operation },
  ];
}

function setting(text: string | undefined, key: string): string | undefined {
  const prefix = `${key}=`;
  const line = textLines(text).find((each) => each.startsWith(prefix));
  return line?.slice(prefix.length).trim();
}

function withSetting(text: string, key: string, value: string): string {
  if (setting(text, key) === value) return text;
  const lines = textLines(text);
  const line = `${key}=${value}`;
  const isKey = (each: string) => each.startsWith(`${key}=`);
  if (!lines.some(isKey)) return joinLines([...lines, line]);
  return joinLines(lines.map((each) => (isKey(each) ? line : each)));
}

async function applySelinux(changes: readonly Change<SelinuxOperation>[], target: Target) {
  for (const { operation } of changes) {
    switch (operation.type) {
      case 'write':
        await applyText(operation, target);
        break;
      case 'enforce':
        await call(target, ['setenforce', operation.mode === 'enforcing' ? '1' : '0']);
        break;
      case 'kernel':
        await call(target, [
          'grubby',
          '--update-kernel=ALL',
          operation.isEnabled ? '--remove-args=selinux' : '--args=selinux=0',
        ]);
        break;
      default:
        operation satisfies never;
    }
  }
}

async function call(target: Target, args: readonly string[]): Promise<void> {
  const { rc, stderr } = await target.sh('PATH=$PATH:/usr/sbin:/sbin; "$@"', { args });
  if (rc === 0) return;
  throw new ModuleError(`${args.join(' ')}: ${stderr.toString().trim()}`, {
    hint:
      rc === 127
        ? 'install the package libselinux-utils (RHEL) or selinux-utils (Debian)'
        : undefined,
    data: { rc, stderr: stderr.toString() },
  });
}
