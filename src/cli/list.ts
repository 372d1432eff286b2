/** `--list-hosts`, `--list-tasks`, `--list-tags` and `--syntax-check`: loads everything and touches no host. */
import { neutralised } from '../core/terminalText.ts';
import { builtinModules } from '../modules/builtin.ts';
import { Registry } from '../modules/registry.ts';
import type { Play } from '../playbook/model.ts';
import type { Reporter } from '../report/reporter.ts';
import { nodeLayer, VariableScope } from '../vars/scope.ts';
import { listing } from './listings.ts';
import { Project } from './project.ts';
import type { RunFlags } from './runFlags.ts';
import type { RunRequest } from './runRequest.ts';
import { EXIT, type World } from './world.ts';

export function isListing(flags: RunFlags): boolean {
  const { listHosts, listTasks, listTags, syntaxCheck } = flags;
  return [listHosts, listTasks, listTags, syntaxCheck].includes(true);
}

/** @throws LoadErrors for wrong content. */
export async function list(
  request: RunRequest,
  flags: RunFlags,
  world: World,
  reporter: Reporter,
): Promise<number> {
  const project = await Project.open(request, {
    registry: new Registry(builtinModules),
    world,
    warn: (warning) => reporter.handle({ type: 'warning', warning }),
    addSecret: () => undefined,
  });
  const text = listing(project.playbooks, {
    hosts: flags.listHosts ?? false,
    tasks: flags.listTasks ?? false,
    tags: flags.listTags ?? false,
    selection: request.tags,
    match: (play) => project.match(hostsOf(project, play), play),
  });
  world.stdout.write(neutralised(text));
  return EXIT.ok;
}

function hostsOf(project: Project, play: Play): ReturnType<Project['templates']['evaluateNode']> {
  const layers = [nodeLayer(project.extraVars), nodeLayer(play.keywords.vars ?? new Map())];
  const scope = new VariableScope(layers, (node, view) =>
    project.templates.evaluateNode(node, view),
  );
  return project.templates.evaluateNode(play.hosts, scope);
}
