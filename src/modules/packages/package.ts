/** `package`: packages by whatever manager the host has. */
import { z } from 'zod';
import { ModuleError } from '../../core/errors.ts';
import { defineResource } from '../module.ts';
import { list, text } from '../params.ts';
import { apt } from './apt.ts';
import { type AptInput, aptParams } from './aptParams.ts';

const MANAGERS = ['apt', 'dnf', 'yum', 'apk', 'pacman', 'zypper'] as const;

const params = z.strictObject({
  ...aptParams.shape,
  name: list(text()).describe('Packages, by the names that the host knows them by.'),
  state: z
    .preprocess(
      (value) => (value === 'installed' ? 'present' : value === 'removed' ? 'absent' : value),
      z.enum(['present', 'absent', 'latest']),
    )
    .default('present')
    .describe('`latest` also upgrades.'),
  use: z
    .enum(['auto', ...MANAGERS])
    .default('auto')
    .describe('Package manager; `auto` takes the one of the host.'),
});
type Params = z.output<typeof params>;
type Input = Params & AptInput;

/** The first manager of the list that the host has. */
const DETECT = `for tool in apt-get dnf yum apk pacman zypper; do command -v "$tool" >/dev/null && { echo "$tool"; exit 0; }; done; exit 0`;

export const packageModule = defineResource({
  name: 'package',
  summary: 'Install, upgrade and remove packages with the package manager of the host',
  description: "Takes apt's further parameters where the manager is apt.",
  params,
  examples: ['- package: { name: [git, curl], state: present }'],
  returns: { ...apt.returns },
  prepare: (input: Params, controller): Input => ({ ...input, checkMode: controller.checkMode }),
  observe: (input) => ({
    manager: {
      script: DETECT,
      args: [],
      parse: ({ stdout }) => stdout.toString().trim(),
    },
    ...apt.observe(input),
  }),
  plan(input, state, context) {
    checkManager(input.use, state.manager);
    return apt.plan(input, state, context);
  },
  apply: (changes, target, input, context) => apt.apply(changes, target, input, context),
  result: (input, state, changes) => apt.result?.(input, state, changes) ?? {},
});

/** @throws ModuleError when the manager is not one that drover can work. */
function checkManager(use: Params['use'], found: string): void {
  if (use === 'apt' || (use === 'auto' && found === 'apt-get')) return;
  const manager = use === 'auto' ? found : use;
  throw new ModuleError(
    manager === ''
      ? 'this host has none of the package managers apt, dnf, yum, apk, pacman and zypper'
      : `packages of ${manager} cannot be managed yet`,
    {
      code: 'DROVER_UNSUPPORTED',
      hint: manager === '' ? undefined : `use "command" with ${manager}`,
    },
  );
}
