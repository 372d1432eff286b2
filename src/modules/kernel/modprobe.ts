/** `modprobe`: modules of the kernel, now and at boot. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { applyText, type TextOperation, textChanges } from '../files/keptText.ts';
import { defineResource } from '../module.ts';
import { text } from '../params.ts';
import { script } from '../script.ts';
import { type BootFiles, bootTexts, type ConfigFile } from './bootModules.ts';

const params = z.strictObject({
  name: text().describe('The module.'),
  state: z
    .enum(['present', 'absent'])
    .default('present')
    .describe('Whether it shall be loaded now.'),
  params: text().default('').describe('Its parameters, as in `numdummies=2`.'),
  persistent: z
    .enum(['disabled', 'absent', 'present'])
    .default('disabled')
    .describe('Whether it is loaded at boot; `disabled` leaves that alone.'),
});
type Params = z.output<typeof params>;

interface ModuleState {
  readonly isLoaded: boolean;
  readonly hasTool: boolean;
  /** Why it could not be loaded; empty when it could. */
  readonly problem: string;
  readonly files: BootFiles;
}

type ModprobeOperation = TextOperation | { readonly type: 'load' | 'unload' };

/** `NAME PARAMETER…`: records ended by NUL: `loaded`, `tool`, `problem TEXT`, and `file PATH`, each followed by its text. */
const OBSERVE = script`
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
plain=$(printf '%s' "$1" | tr - _)
if [ -e "/sys/module/$plain/initstate" ] || grep -q "^$plain " /proc/modules 2>/dev/null ||
  tr - _ 2>/dev/null <"/lib/modules/$(uname -r)/modules.builtin" | grep -q "/$plain\.ko$"
then printf 'loaded\0'
elif command -v modprobe >/dev/null; then
  said=$(modprobe -n -- "$@" 2>&1) || case $said in
    *'invalid option'* | *'unrecognized option'*) ;; # busybox cannot only try
    *) printf 'problem %s\0' "\${said:-modprobe -n fails}" ;;
  esac
fi
if command -v modprobe >/dev/null; then printf 'tool\0'; fi
for file in /etc/modules-load.d/* /etc/modprobe.d/*; do
  [ -f "$file" ] || continue
  printf 'file %s\0' "$file"
  cat -- "$file"
  printf '\0'
done`;

export const modprobe = defineResource({
  name: 'modprobe',
  collection: 'community.general',
  aliases: ['ansible.builtin.modprobe'],
  summary: 'Load and unload modules of the kernel',
  params,
  examples: [
    '- modprobe: { name: br_netfilter, persistent: present }',
    '- modprobe: { name: dummy, params: numdummies=2 }',
    '- modprobe: { name: floppy, state: absent }',
  ],
  returns: {
    name: 'The module.',
    params: 'Its parameters as given.',
    state: 'What was asked.',
  },
  observe: (input: Params) => ({ module: moduleState(input) }),
  plan: (input, { module }, { checkMode }) => planModprobe(input, module, checkMode),
  apply: (changes, target, input) => applyModprobe(changes, target, input),
  result: ({ name, params: words, state }) => ({ name, params: words, state }),
});

function moduleState({ name, params: words }: Params): Probe<ModuleState> {
  return {
    script: OBSERVE,
    args: [name, ...parameters(words)],
    parse: ({ stdout }) => moduleStateOf(stdout.toString()),
  };
}

export function moduleStateOf(output: string): ModuleState {
  const records = output.split('\0');
  const files = records.flatMap((record, index): ConfigFile[] =>
    record.startsWith('file ')
      ? [{ path: record.slice('file '.length), text: records[index + 1] ?? '' }]
      : [],
  );
  const within = (folder: string) => files.filter(({ path }) => path.startsWith(folder));
  return {
    isLoaded: records[0] === 'loaded',
    hasTool: records.includes('tool'),
    problem: records.find((each) => each.startsWith('problem '))?.slice('problem '.length) ?? '',
    files: { load: within('/etc/modules-load.d/'), options: within('/etc/modprobe.d/') },
  };
}

function parameters(words: string): string[] {
  return words.split(/\s+/).filter((word) => word !== '');
}

export function planModprobe(
  input: Params,
  module: ModuleState,
  checkMode: boolean,
): readonly Change<ModprobeOperation>[] {
  return [...runningChanges(input, module, checkMode), ...bootChanges(input, module)];
}

function runningChanges(
  { name, state, params: words }: Params,
  { isLoaded, hasTool, problem }: ModuleState,
  checkMode: boolean,
): Change<ModprobeOperation>[] {
  if (isLoaded === (state === 'present')) return [];
  if (!hasTool && !checkMode) throw missingTool();
  const what = `kernel module ${name}`;
  if (isLoaded) {
    return [{ what, before: 'loaded', after: 'absent', operation: { type: 'unload' } }];
  }
  if (problem !== '') throw new ModuleError(`modprobe ${name}: ${problem}`);
  const after = words === '' ? 'loaded' : { params: words };
  return [{ what, before: 'absent', after, operation: { type: 'load' } }];
}

function missingTool(): ModuleError {
  return new ModuleError('this host has no modprobe', { hint: 'install the package kmod' });
}

function bootChanges(
  { name, persistent, params: words }: Params,
  { files }: ModuleState,
): Change<ModprobeOperation>[] {
  if (persistent === 'disabled') return [];
  const wanted = persistent === 'present' ? { parameters: parameters(words) } : undefined;
  return bootTexts(name, files, wanted).flatMap(({ path, before, after }) =>
    textChanges({ path, text: before, encoding: 'utf8' }, after),
  );
}

async function applyModprobe(
  changes: readonly Change<ModprobeOperation>[],
  target: Target,
  { name, params: words }: Params,
) {
  for (const { operation } of changes) {
    if (operation.type === 'write') await applyText(operation, target);
    else if (operation.type === 'load') await call(target, [], [name, ...parameters(words)]);
    else await call(target, ['-r'], [name]);
  }
}

async function call(
  target: Target,
  options: readonly string[],
  words: readonly string[],
): Promise<void> {
  const program = 'PATH=$PATH:/usr/sbin:/sbin modprobe "$@"';
  const { rc, stdout, stderr } = await target.sh(program, { args: [...options, '--', ...words] });
  if (rc === 0) return;
  throw new ModuleError(
    `modprobe ${[...options, ...words].join(' ')}: ${stderr.toString().trim()}`,
    {
      data: { rc, stdout: stdout.toString(), stderr: stderr.toString() },
    },
  );
}
