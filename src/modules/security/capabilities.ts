/** `capabilities`: what a program may do without being root, see capabilities(7). */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { defineResource } from '../module.ts';
import { path, text } from '../params.ts';
import { script } from '../script.ts';

const params = z
  .strictObject({
    path: path()
      .describe('The program.')
      .meta({ aliases: ['key'] }),
    capability: text()
      .describe('The capability, with operator and flags when it is set: `cap_net_raw+ep`.')
      .meta({ aliases: ['cap'] }),
    state: z
      .enum(['present', 'absent'])
      .default('present')
      .describe('Whether the program shall have it.'),
  })
  .refine(({ state, capability }) => state === 'absent' || /[-=+]/.test(capability), {
    error: '"capability" needs an operator and flags, as in cap_net_raw+ep',
  });
type Params = z.output<typeof params>;

export interface Capability {
  readonly name: string;
  readonly operator: string;
  readonly flags: string;
}

export interface FileCapabilities {
  readonly hasTool: boolean;
  readonly exists: boolean;
  readonly list: readonly Capability[];
}

const FIND = 'PATH=$PATH:/usr/sbin:/sbin';

const OBSERVE = script`
${FIND}
[ -e "$1" ] || exit 3
command -v getcap >/dev/null || exit 127
getcap "$1"`;

export const capabilities = defineResource({
  name: 'capabilities',
  collection: 'community.general',
  aliases: ['ansible.builtin.capabilities'],
  summary: 'Manage the capabilities of programs',
  params,
  examples: [
    '- capabilities: { path: /usr/local/bin/app, capability: cap_net_bind_service+ep }',
    '- capabilities: { path: /usr/bin/ping, capability: cap_net_raw, state: absent }',
  ],
  returns: { state: 'What was asked.', msg: 'Whether something changed, in words.' },
  observe: ({ path: file }: Params) => ({ file: fileCapabilities(file.trim()) }),
  plan: (input, { file }, { checkMode }) => planCapabilities(input, file, checkMode),
  apply: (changes, target, input) => applyCapabilities(changes, target, input),
  result: ({ state }, _state, changes) => ({
    state,
    ...(changes.length === 0 ? {} : { msg: 'capabilities changed' }),
  }),
});

function fileCapabilities(file: string): Probe<FileCapabilities> {
  return {
    script: OBSERVE,
    args: [file],
    parse({ rc, stdout, stderr }) {
      if (rc === 3 || rc === 127) return { hasTool: rc === 3, exists: rc !== 3, list: [] };
      if (rc === 0)
        return { hasTool: true, exists: true, list: capabilityList(stdout.toString(), file) };
      throw new ModuleError(`getcap ${file}: ${stderr.toString().trim()}`);
    },
  };
}

/** `PATH cap_a,cap_b=ep cap_c=p` of libcap 2.43 and later, `PATH = cap_a,cap_b+ep` before. */
export function capabilityList(output: string, file: string): Capability[] {
  const rest = output
    .trim()
    .slice(file.length)
    .replace(/^\s+=(?=\s|$)/, '');
  const groups = rest
    .trim()
    .split(/\s+/)
    .filter((group) => group !== '');
  return groups.flatMap((group) => {
    const { name, operator, flags } = capabilityOf(group);
    return name.split(',').map((each) => ({ name: each, operator, flags }));
  });
}

function capabilityOf(text: string): Capability {
  const [, name = '', operator = '', flags = ''] = /^([^-=+]*)([-=+]?)(.*)$/.exec(text) ?? [];
  return { name: name.toLowerCase(), operator, flags };
}

export function planCapabilities(
  { path: file, capability, state }: Params,
  { hasTool, exists, list }: FileCapabilities,
  checkMode: boolean,
): readonly Change<string>[] {
  if (!exists && !checkMode) throw new ModuleError(`the program ${file} does not exist`);
  if (!hasTool && !checkMode) {
    throw new ModuleError('this host has no getcap', {
      hint: 'install the package libcap2-bin (Debian) or libcap (Fedora, RHEL, Alpine)',
    });
  }
  const wanted = capabilityOf(capability.trim().toLowerCase());
  const current = list.find(({ name }) => name === wanted.name);
  const isRight = state === 'absent' ? current === undefined : isSame(current, wanted);
  if (isRight) return [];
  const others = list.filter(({ name }) => name !== wanted.name);
  const after = state === 'absent' ? others : [...others, wanted];
  return [
    {
      what: `capabilities of ${file}`,
      before: list.map(shown),
      after: after.map(shown),
      operation: after.map(shown).join(' '),
    },
  ];
}

/** For a file, adding and setting come to the same. */
function isSame(current: Capability | undefined, wanted: Capability): boolean {
  const sorted = (flags: string) => [...flags].sort().join('');
  return current !== undefined && sorted(current.flags) === sorted(wanted.flags);
}

function shown({ name, operator, flags }: Capability): string {
  return `${name}${operator}${flags}`;
}

async function applyCapabilities(
  [change]: readonly Change<string>[],
  target: Target,
  { path: file }: Params,
) {
  if (change === undefined) return undefined;
  const program = `${FIND}\nif [ -n "$1" ]; then setcap "$1" "$2"; else setcap -r "$2"; fi`;
  const args = [change.operation, file.trim()];
  const { rc, stdout, stderr } = await target.sh(program, { args });
  if (rc === 0) return { stdout: stdout.toString() };
  throw new ModuleError(`setcap ${args.join(' ')}: ${stderr.toString().trim()}`, {
    data: { rc, stdout: stdout.toString(), stderr: stderr.toString() },
  });
}
