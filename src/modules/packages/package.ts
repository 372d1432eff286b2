/**
 * `package`: packages by whatever manager the host has. What is known of the host (facts, `use`) names the module that
 * does the work; without that the question for apt travels along, so that most hosts answer in one round trip.
 */
import * as z from 'zod';
import { ModuleError, ParamsError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Value } from '../../core/values.ts';
import type { Probe } from '../../target/probe.ts';
import { validateArguments } from '../arguments.ts';
import type { Controller } from '../controller.ts';
import { type AnyResource, defineResource } from '../module.ts';
import { type Parameter, parametersOf } from '../parameters.ts';
import { anyValue, list, text, word } from '../params.ts';
import { script } from '../script.ts';
import { apk } from './apk/apk.ts';
import { apt } from './apt/apt.ts';
import { dnf } from './dnf/dnf.ts';
import { yum } from './dnf/yum.ts';
import { pacman } from './pacman/pacman.ts';
import { zypper } from './zypper/zypper.ts';

/** By the names that facts and `use` give them. */
const MANAGERS: ReadonlyMap<string, AnyResource> = new Map<string, AnyResource>([
  ['apt', apt],
  ['dnf', dnf],
  ['dnf5', dnf],
  ['yum', yum],
  ['apk', apk],
  ['pacman', pacman],
  ['zypper', zypper],
]);

const STATES: ReadonlyMap<string, string> = new Map([
  ['installed', 'present'],
  ['removed', 'absent'],
]);

const own = {
  name: list(word())
    .describe('Packages, by the names that the host knows them by.')
    .meta({ aliases: ['pkg', 'package'] }),
  state: text()
    .transform((state) => STATES.get(state) ?? state)
    .default('present')
    .describe('`present`, `absent`, `latest`, or what else the manager of the host takes.'),
  use: text()
    .transform((use) => use.replace(/^.*\./, ''))
    .default('auto')
    .describe('Package manager; `auto` takes the one of the host.'),
};

const params = z.strictObject({ ...furtherParams(), ...own });

/** Every parameter of some manager; the one that does the work checks its value. */
function furtherParams(): Record<string, z.ZodType<Value | undefined>> {
  const all = [...new Set(MANAGERS.values())].flatMap((module) => [
    ...parametersOf(module).byName.values(),
  ]);
  const names = new Set(all.map(({ name }) => name));
  const taken = new Set([...names, ...Object.keys(own)]);
  const entries = [...names].map((name) => {
    const same = all.filter((parameter) => parameter.name === name);
    const aliases = [...new Set(same.flatMap((parameter) => parameter.aliases))].filter(
      (alias) => !taken.has(alias) && ownerOf(alias, all) === name,
    );
    const schema = anyValue()
      .optional()
      .describe(same[0]?.description ?? name);
    return [name, aliases.length === 0 ? schema : schema.meta({ aliases })] as const;
  });
  return Object.fromEntries(entries);
}

/** The parameter that an alias of several modules stands for: that of the first. */
function ownerOf(alias: string, all: readonly Parameter[]): string | undefined {
  return all.find(({ aliases }) => aliases.includes(alias))?.name;
}

interface Input {
  /** The manager by name, or `auto` when only the host can tell. */
  readonly use: string;
  /** The module whose question goes along with the one which manager there is. */
  readonly guess: AnyResource | undefined;
  /** What each module makes of the arguments, or what it finds wrong with them. */
  readonly inputs: ReadonlyMap<AnyResource, unknown>;
}

interface Operation {
  readonly module: AnyResource;
  readonly operation: unknown;
}

/** The first manager that the host has. A foreign apt-get has no packages. */
const DETECT = script`
for tool in apt-get dnf dnf5 yum apk pacman zypper; do
  command -v "$tool" >/dev/null || continue
  [ "$tool" != apt-get ] || [ -s /var/lib/dpkg/status ] || continue
  echo "$tool"
  exit 0
done
exit 0`;

export const packageModule = defineResource({
  name: 'package',
  summary: 'Install, upgrade and remove packages with the package manager of the host',
  description:
    'Takes the further parameters of the module that does the work: apt, dnf, yum, apk, pacman or zypper.',
  params,
  examples: [
    '- package: { name: [git, curl], state: present }',
    '- package: { name: nginx, state: latest, use: dnf, enablerepo: epel }',
  ],
  returns: { ...apt.returns, ...dnf.returns },
  prepare: (given: Readonly<Record<string, unknown>>, controller) => prepared(given, controller),
  observe: ({ guess, inputs }): { readonly manager: Probe<string> } => ({
    manager: { script: DETECT, args: [], parse: ({ stdout }) => stdout.toString().trim() },
    ...(guess === undefined ? {} : guess.observe(inputs.get(guess))),
  }),
  observeMore(input, { manager }) {
    const module = moduleFor(input, manager);
    return module === input.guess ? undefined : module.observe(inputOf(module, input));
  },
  plan(input, state, context): Change<Operation>[] {
    const module = moduleFor(input, state.manager);
    const changes = module.plan(inputOf(module, input), state, context);
    return changes.map((change) => ({
      ...change,
      operation: { module, operation: change.operation },
    }));
  },
  async apply(changes, target, input, context) {
    const [first] = changes;
    if (first === undefined) return undefined;
    const { module } = first.operation;
    const data = await module.apply(
      changes.map(unwrapped),
      target,
      inputOf(module, input),
      context,
    );
    return data ?? undefined;
  },
  result(input, state, changes) {
    const module = moduleFor(input, state.manager);
    return module.result?.(inputOf(module, input), state, changes.map(unwrapped)) ?? {};
  },
});

async function prepared(
  { use, ...rest }: Readonly<Record<string, unknown>>,
  controller: Controller,
): Promise<Input> {
  const inputs = new Map<AnyResource, unknown>();
  for (const module of new Set(MANAGERS.values())) {
    inputs.set(module, await inputFor(module, rest, controller));
  }
  const manager = use === 'auto' ? (knownManager(controller) ?? 'auto') : String(use);
  const likely = manager === 'auto' ? apt : MANAGERS.get(manager);
  const isUsable = likely !== undefined && !(inputs.get(likely) instanceof ParamsError);
  return { use: manager, guess: isUsable ? likely : undefined, inputs };
}

/** What gathered facts say, as far as it is a manager that drover works. */
function knownManager(controller: Controller): string | undefined {
  const name = controller.variable('ansible_package_use') ?? controller.variable('ansible_pkg_mgr');
  return typeof name === 'string' && MANAGERS.has(name) ? name : undefined;
}

async function inputFor(
  module: AnyResource,
  given: Readonly<Record<string, unknown>>,
  controller: Controller,
): Promise<unknown> {
  const values = Object.entries(given).flatMap(([name, value]): [string, Value][] =>
    value === undefined ? [] : [[name, value as Value]],
  );
  try {
    const params = validateArguments(module, new Map(values));
    return module.prepare === undefined ? params : await module.prepare(params, controller);
  } catch (error) {
    if (error instanceof ParamsError) return error;
    throw error;
  }
}

/** @throws ParamsError when the module does not take the task's arguments. */
function inputOf(module: AnyResource, { inputs }: Input): unknown {
  const input = inputs.get(module);
  if (input instanceof ParamsError) throw input;
  return input;
}

function unwrapped({ operation, ...change }: Change<Operation>): Change {
  return { ...change, operation: operation.operation };
}

/** @throws ModuleError when drover does not work the manager, or the host has none. */
function moduleFor({ use }: Input, found: string): AnyResource {
  const name = use === 'auto' ? found.replace(/^apt-get$/, 'apt') : use;
  const module = MANAGERS.get(name);
  if (module !== undefined) return module;
  const known = [...MANAGERS.keys()].join(', ');
  throw new ModuleError(
    name === ''
      ? `this host has none of the package managers ${known}`
      : `drover does not work the package manager "${name}"`,
    { code: 'DROVER_UNSUPPORTED', hint: name === '' ? undefined : `it works ${known}` },
  );
}
