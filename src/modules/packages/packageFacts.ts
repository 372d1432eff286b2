/** `package_facts`: every installed package, as the fact `packages`. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import { fromPlain } from '../../core/values.ts';
import { defineAction } from '../module.ts';
import { list } from '../params.ts';
import { sectionsOf } from '../scriptOutput.ts';
import {
  type InstalledPackages,
  LIST_SCRIPT,
  MANAGERS,
  type Manager,
  packagesOf,
} from './packageLists.ts';

/** Other names of managers; those that drover does not read are named all the same, so that playbooks load. */
const NAMES: ReadonlyMap<string, Manager> = new Map([
  ...MANAGERS.map((manager): [string, Manager] => [manager, manager]),
  ['dnf', 'rpm'],
  ['dnf5', 'rpm'],
  ['yum', 'rpm'],
  ['zypper', 'rpm'],
]);
const CHOICES = ['auto', ...MANAGERS, 'dnf', 'dnf5', 'yum', 'zypper', 'portage', 'pkg'] as const;

export const packageFacts = defineAction({
  name: 'package_facts',
  summary: 'Read which packages are installed, as facts',
  params: z.strictObject({
    manager: list(z.enum(CHOICES))
      .default(['auto'])
      .describe('Package managers to ask; `auto` tries all that drover knows.'),
    strategy: z
      .enum(['first', 'all'])
      .default('first')
      .describe('Stop at the first manager that has packages, or ask each.'),
  }),
  examples: [
    '- package_facts:\n- debug: { msg: "curl {{ packages.curl[0].version }}" }\n  when: "\'curl\' in packages"',
  ],
  returns: { ansible_facts: '`packages`: by name, a list of the installed versions.' },
  checkMode: 'run',

  async run({ target }, { manager, strategy }) {
    const managers = chosen(manager);
    const { rc, stdout, stderr } = await target.sh(LIST_SCRIPT, { args: [strategy, ...managers] });
    if (rc !== 0) throw new ModuleError(`packages cannot be listed: ${stderr.toString().trim()}`);
    const sections = sectionsOf(stdout.toString());
    const found = managers.filter((name) => sections.has(name));
    if (found.length === 0) throw noManager(managers);
    const packages = merged(found.map((name) => packagesOf(name, sections)));
    return {
      changed: false,
      data: { ansible_facts: { packages } },
      effects: [{ type: 'hostFacts', facts: new Map([['packages', fromPlain(packages)]]) }],
    };
  },
});

function chosen(names: readonly string[]): Manager[] {
  if (names.includes('auto')) return [...MANAGERS];
  const managers = names.flatMap((name) => NAMES.get(name) ?? []);
  return [...new Set(managers)];
}

function noManager(managers: readonly string[]): ModuleError {
  return new ModuleError(
    managers.length === 0
      ? 'drover does not read the packages of this manager'
      : `this host has none of the package managers ${managers.join(', ')}`,
    { code: 'DROVER_TOOL_MISSING' },
  );
}

function merged(lists: readonly InstalledPackages[]): Record<string, unknown[]> {
  const packages: Record<string, unknown[]> = {};
  for (const [name, versions] of lists.flatMap((each) => [...each])) {
    packages[name] = [...(packages[name] ?? []), ...versions];
  }
  return packages;
}
