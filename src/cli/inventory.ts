/** `drover inventory`: shows hosts, groups and variables, in the formats of `ansible-inventory`. */
import { resolve } from 'node:path';
import { LoadError } from '../core/errors.ts';
import { neutralised } from '../core/terminalText.ts';
import type { ScalarNode } from '../source/node.ts';
import type { DefineCommand } from './command.ts';
import {
  addInventoryFlags,
  addPlaybookDirFlag,
  addVariableFlags,
  addVaultFlags,
  addVerbosityFlag,
} from './flags.ts';
import { graphText, listTree, yamlTree } from './inventory/formats.ts';
import { ShownInventory } from './inventory/shown.ts';
import { inventoryJson, inventoryYaml } from './inventory/values.ts';
import { type OpenProject, openProject, warningsTo } from './openProject.ts';
import { NO_INVENTORY } from './project.ts';
import type { RunFlags } from './runFlags.ts';
import { usageError } from './usageError.ts';
import { EXIT, type World } from './world.ts';
import { writeSafely } from './writeSafely.ts';

interface InventoryCommandFlags extends Omit<RunFlags, 'output'> {
  readonly list?: boolean;
  readonly host?: string;
  readonly graph?: boolean;
  readonly yaml?: boolean;
  readonly vars?: boolean;
  readonly export?: boolean;
  /** A file to write to. */
  readonly output?: string;
}

export const defineInventory: DefineCommand = (command, { world, exit }) => {
  command
    .argument('[group]', 'with --graph: begin at this group (all)')
    .option('--list', 'all groups, hosts and variables, as an inventory script prints them')
    .option('--host <name>', 'the variables of one host')
    .option('--graph', 'groups and hosts as a tree')
    .option('-y, --yaml', 'with --list and --host: YAML instead of JSON')
    .option('--vars', 'with --graph: show the variables too')
    .option('--export', 'with --list: variables stay where they were written')
    .option('--output <file>', 'write to a file');
  addInventoryFlags(command);
  addVariableFlags(command);
  addPlaybookDirFlag(command);
  addVaultFlags(command);
  addVerbosityFlag(command);
  command.action(async (group: string | undefined, flags: InventoryCommandFlags) => {
    exit(await inventory(group, flags, world));
  });
};

async function inventory(
  group: string | undefined,
  flags: InventoryCommandFlags,
  world: World,
): Promise<number> {
  const actions = [flags.list, flags.graph, flags.host].filter((action) => action !== undefined);
  if (actions.length !== 1) {
    throw usageError('give one of --list, --host NAME and --graph');
  }
  const { output, ...others } = flags;
  const opened = await openProject(others, world);
  if (opened.request.inventory.length === 0) warningsTo(world)(NO_INVENTORY);
  const text = answer(group ?? 'all', flags, opened);
  if (output === undefined) world.stdout.write(neutralised(text));
  else writeSafely(resolve(world.cwd, output), text, { mode: 0o666 });
  return EXIT.ok;
}

function answer(
  group: string,
  { host, graph, list, yaml, vars = false, export: isExport = false }: InventoryCommandFlags,
  { project, request }: OpenProject,
): string {
  const { inventory: whole, extraVars } = project;
  const isMerged = list !== true || !isExport;
  const shown = new ShownInventory(whole, {
    extraVars,
    isExport: !isMerged,
    hosts: project.hosts.limited(whole.hostNames),
  });
  const format = yaml === true ? inventoryYaml : inventoryJson;
  if (host !== undefined) {
    project.hosts.require(host);
    return format(shown.hostVars(host));
  }
  if (graph !== true) return yaml === true ? format(yamlTree(shown)) : format(listTree(shown));
  if (!whole.groupNames.includes(group)) throw unknownGroup(group);
  const decrypt = ({ value, source }: ScalarNode) => request.keyring.decrypt(String(value), source);
  return graphText(shown, { group, showsVars: vars, decrypt });
}

function unknownGroup(name: string): LoadError {
  return new LoadError(`no group "${name}" in the inventory`, { code: 'DROVER_UNKNOWN_GROUP' });
}
