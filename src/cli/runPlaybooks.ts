/**
 * A run from its request to its end: loads everything, opens what it needs, lets the engine go and cleans up.
 * The `run` command and the library's `run` both come through here.
 */
import { connector } from '../connection/connect.ts';
import { ConnectionPool } from '../connection/pool.ts';
import { KnownHosts } from '../connection/ssh/knownHosts.ts';
import type { Emit, RunEvent } from '../core/events.ts';
import { Redactor } from '../core/secret.ts';
import { namedFileSource } from '../engine/includes/missingFile.ts';
import { type RunEnd, runPlaybooks as runEngine } from '../engine/run.ts';
import type { ItemServices, OpenTarget } from '../engine/tasks/preparedItem.ts';
import { type ControllerServices, taskController } from '../engine/tasks/taskController.ts';
import { isImplicitLocalhost } from '../inventory/inventory.ts';
import { builtinModules } from '../modules/builtin.ts';
import { Registry } from '../modules/registry.ts';
import { varsFileCandidates } from '../playbook/staticIncludes.ts';
import type { Reporter } from '../report/reporter.ts';
import type { RunVariables } from '../vars/runVariables.ts';
import { askAboutHostKeys } from './hostKeys.ts';
import { Project } from './project.ts';
import { projectVariables } from './projectVariables.ts';
import type { RunRequest } from './runRequest.ts';
import { targetsOver } from './targets.ts';
import type { World } from './world.ts';

/** @throws LoadErrors for wrong content, before any host is touched. */
export async function runPlaybooks(
  request: RunRequest,
  reporter: Reporter,
  world: World,
): Promise<RunEnd> {
  const redactor = new Redactor();
  try {
    return await runRedacted(request, reporter, world, redactor);
  } catch (error) {
    throw redactor.redactData(error);
  }
}

async function runRedacted(
  request: RunRequest,
  reporter: Reporter,
  world: World,
  redactor: Redactor,
): Promise<RunEnd> {
  for (const secret of [request.connection.password, request.connection.becomePassword]) {
    if (secret !== undefined) redactor.add(secret);
  }
  const emit = redacting(redactor, (event) => reporter.handle(event));
  const project = await Project.open(request, {
    registry: new Registry(builtinModules),
    world,
    warn: (warning) => emit({ type: 'warning', warning }),
    addSecret: (text) => redactor.add(text),
  });
  const ssh = {
    homeDirectory: world.home,
    userName: world.userName,
    agentSocket: world.environment['SSH_AUTH_SOCK'],
    knownHosts: new KnownHosts(),
  };
  const pool = new ConnectionPool(
    connector({
      ...ssh,
      environment: world.environment,
      notice: (host, text) => {
        if (request.verbosity > 0) emit({ type: 'message', level: 'verbose', text, host });
      },
    }),
  );
  try {
    const variables = projectVariables(project, request, world);
    await askAboutHostKeys({ project, variables, defaults: request.connection, ssh, world });
    world.heap?.hostsNext(project.inventory.hostNames.length);
    return await runProject(project, request, pool, { world, emit, redactor, variables });
  } finally {
    await pool.close();
    await reporter.close();
  }
}

interface RunSurroundings {
  readonly world: World;
  readonly emit: Emit;
  readonly redactor: Redactor;
  readonly variables: RunVariables;
}

function runProject(
  project: Project,
  request: RunRequest,
  pool: ConnectionPool,
  surroundings: RunSurroundings,
): Promise<RunEnd> {
  const { world, emit, redactor, variables } = surroundings;
  const controller = controllerServices(project, request, surroundings);
  return runEngine({
    playbooks: project.playbooks,
    playbookDir: () => project.playbookDir,
    enterPlay: (play) => project.enterPlay(play),
    variables,
    inventory: project.inventory,
    loader: project.loader,
    templates: project.templates,
    items: itemServices(
      project,
      request,
      targetsOver(pool, (secret) => redactor.add(secret)),
      controller,
    ),
    plays: {
      tags: request.tags,
      match: (pattern, play) => project.match(pattern, play),
      defaults: request.plays,
      prompts: {
        prompt: world.prompt,
        addSecret: (text) => redactor.add(text),
        say: (text) => emit({ type: 'message', level: 'info', text }),
        hash: (text, scheme, salt) => project.passwordHash(text, scheme, salt),
      },
      varsFiles: {
        candidates: (name) => varsFileCandidates(name, project.playbookDir),
        load: (file) => project.variablesIn(file),
      },
    },
    emit,
    forks: request.forks,
    startAtTask: request.startAtTask,
    steps: request.steps,
    checkMode: request.checkMode,
    now: world.now,
    signal: world.signal,
    isOncePerBatch: (task) => {
      const module = project.findModule(task);
      return module?.kind === 'action' && module.oncePerBatch === true;
    },
    isKnownHost: (host) => project.inventory.host(host) !== undefined || isImplicitLocalhost(host),
    refreshInventory: async () => project.refreshInventory(),
  });
}

function controllerServices(
  project: Project,
  request: RunRequest,
  { world, emit, redactor }: RunSurroundings,
): ControllerServices {
  return {
    templates: project.templates,
    emit,
    verbosity: request.verbosity,
    playbookDir: () => project.playbookDir,
    environment: world.environment,
    now: world.now,
    addSecret: (text) => redactor.add(text),
    prompt: world.prompt,
    decryptFile: (content, file) => project.decryptFile(content, file),
    loadTemplate: (name, folders) => project.loadTemplate(name, folders),
    loadVariables: (file) => project.variablesIn(file),
  };
}

function itemServices(
  project: Project,
  request: RunRequest,
  openTarget: OpenTarget,
  controller: ControllerServices,
): Omit<ItemServices, 'onRetry' | 'follow' | 'templates' | 'signal'> {
  return {
    module: (name, job) => project.module({ ...job.task, module: name }, job.play),
    openTarget,
    connectionDefaults: request.connection,
    taskDefaults: request.tasks,
    checkMode: request.checkMode,
    diffMode: request.diffMode,
    controller: (job, scope, modes) =>
      taskController(controller, {
        host: job.host,
        scope,
        ...modes,
        source: job.task.source,
        fileSource: namedFileSource(job.task),
        candidates: (kind, name) => project.candidates(job.task, kind, name),
      }),
  };
}

/** Everything that leaves the engine passes here: no reporter ever sees a secret. */
function redacting(redactor: Redactor, emit: Emit): Emit {
  return (event: RunEvent) => emit(redactor.redactData(event));
}
