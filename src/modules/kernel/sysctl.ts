/** `sysctl`: kernel parameters, in a file and in the running kernel. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import {
  applyText,
  type KeptText,
  keptText,
  type TextOperation,
  textChanges,
} from '../files/keptText.ts';
import { defineResource } from '../module.ts';
import { boolean, path, text } from '../params.ts';
import { script } from '../script.ts';
import { sysctlPath, sysctlValue, withoutSysctl, withSysctl } from './sysctlFile.ts';

const params = z
  .strictObject({
    name: text()
      .describe('The parameter, as in `net.ipv4.ip_forward`.')
      .meta({ aliases: ['key'] }),
    value: text()
      .optional()
      .describe('Its value.')
      .meta({ aliases: ['val'] }),
    state: z
      .enum(['present', 'absent'])
      .default('present')
      .describe('Whether the file shall have it.'),
    sysctl_file: path().default('/etc/sysctl.conf').describe('The file.'),
    sysctl_set: boolean()
      .default(false)
      .describe('Also set the value in the running kernel when it differs there.'),
    reload: boolean()
      .default(true)
      .describe('Load the file with `sysctl -p` when it changed, or the kernel has other values.'),
    ignoreerrors: boolean().default(false).describe('Let pass what the kernel does not know.'),
  })
  .superRefine(({ name, state, value }, context) => {
    if (name.trim() === '') context.addIssue('"name" must not be empty');
    if (state === 'present' && (value ?? '') === '') {
      context.addIssue('"value" is needed with state=present');
    }
  });
type Params = z.output<typeof params>;

interface Kernel {
  /** Undefined when the kernel does not have the parameter. */
  readonly value: string | undefined;
  readonly hasTool: boolean;
}

type SysctlOperation = TextOperation | { readonly type: 'set' } | { readonly type: 'reload' };

const KERNEL = script`
PATH=$PATH:/usr/sbin:/sbin
command -v sysctl >/dev/null && echo tool || echo none
[ -r "$1" ] && cat -- "$1"`;

/** `SET RELOAD FILE NAME VALUE IGNORE`. sysctl may fail with exit code 0, so its words count too. */
const APPLY = script`
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
set_value=$1 reload=$2 file=$3 name=$4 value=$5 ignore=$6
run() {
  said=$(sysctl "$@" 2>&1) && ! printf '%s' "$said" | grep -q 'Invalid argument\|Read-only file system' && return
  printf '%s\n' "$said" >&2
  exit 1
}
set --
[ "$ignore" = no ] || set -- -e
[ "$set_value" = no ] || run "$@" -w "$name=$value"
[ "$reload" = no ] || run "$@" -p "$file"`;

export const sysctl = defineResource({
  name: 'sysctl',
  collection: 'ansible.posix',
  aliases: ['ansible.builtin.sysctl'],
  summary: 'Manage kernel parameters',
  params,
  examples: [
    "- sysctl: { name: net.ipv4.ip_forward, value: '1', sysctl_set: true }",
    '- sysctl: { name: vm.swappiness, value: "5", sysctl_file: /etc/sysctl.d/90-app.conf }',
    '- sysctl: { name: kernel.panic, state: absent }',
  ],
  observe: ({ name, sysctl_file: file }: Params) => ({
    kernel: kernelValue(name.trim()),
    file: keptText(file),
  }),
  plan: (input, { kernel, file }, { checkMode }) => planSysctl(input, kernel, file, checkMode),
  apply: (changes, target, input) => applySysctl(changes, target, input),
});

function kernelValue(name: string): Probe<Kernel> {
  return {
    script: KERNEL,
    args: [sysctlPath(name)],
    parse({ rc, stdout }) {
      const [tool, ...value] = stdout.toString().split('\n');
      return { hasTool: tool === 'tool', value: rc === 0 ? value.join('\n').trim() : undefined };
    },
  };
}

export function planSysctl(
  input: Params,
  kernel: Kernel,
  file: KeptText,
  checkMode: boolean,
): readonly Change<SysctlOperation>[] {
  const written = textChanges(file, wantedText(input, file.text));
  const running = runtimeChanges(input, kernel);
  const needsTool = input.reload && written.length > 0;
  if ((needsTool || running.length > 0) && !kernel.hasTool && !checkMode) {
    throw new ModuleError('this host has no sysctl', {
      hint: 'install the package procps (Debian, Alpine) or procps-ng (Fedora, RHEL)',
    });
  }
  return [...written, ...running];
}

/** Undefined when the file is right as it is. */
function wantedText(
  { name, value, state }: Params,
  before: string | undefined,
): string | undefined {
  const key = name.trim();
  const current = sysctlValue(before, key);
  const wanted = state === 'absent' ? undefined : kernelSpelling(value);
  if (current === wanted) return undefined;
  return wanted === undefined ? withoutSysctl(before ?? '', key) : withSysctl(before, key, wanted);
}

/** Booleans are numbers in the kernel. */
function kernelSpelling(value: string | undefined): string {
  const text = (value ?? '').trim();
  if (/^(y|yes|on|true|t)$/i.test(text)) return '1';
  return /^(n|no|off|false|f)$/i.test(text) ? '0' : text;
}

function runtimeChanges(
  { name, value, state, reload, sysctl_set: sets }: Params,
  { value: current }: Kernel,
): Change<SysctlOperation>[] {
  const wanted = kernelSpelling(value);
  const minds = sets || reload;
  if (state === 'absent' || !minds || isSameValue(current, wanted)) return [];
  const type = sets && current !== undefined ? 'set' : 'reload';
  const before = current ?? 'unknown to the kernel';
  return [{ what: `kernel parameter ${name.trim()}`, before, after: wanted, operation: { type } }];
}

/** Tabs and spaces between numbers do not count. */
function isSameValue(a: string | undefined, b: string): boolean {
  return a !== undefined && a.trim().split(/\s+/).join(' ') === b.split(/\s+/).join(' ');
}

async function applySysctl(
  changes: readonly Change<SysctlOperation>[],
  target: Target,
  { name, value, sysctl_file: file, reload, ignoreerrors }: Params,
) {
  let sets = false;
  for (const { operation } of changes) {
    if (operation.type === 'set') sets = true;
    if (operation.type === 'write') await applyText(operation, target);
  }
  if (!sets && !reload) return;
  const flags = [sets, reload].map((flag) => (flag ? 'yes' : 'no'));
  const args = [...flags, file, name.trim(), kernelSpelling(value), ignoreerrors ? 'yes' : 'no'];
  const { rc, stderr } = await target.sh(APPLY, { args });
  if (rc === 0) return;
  const said = stderr.toString().trim();
  throw new ModuleError(`sysctl: ${said}`, {
    hint: /cannot stat|No such file/.test(said)
      ? 'the kernel does not have this parameter; load its module first, or set "ignoreerrors: true"'
      : undefined,
    data: { rc, stderr: said },
  });
}
