/**
 * The controller as one task's module sees it: its variables, its role's files, the log, the clock. Every host looks for its files and
 * reads its templates: at once, because a turn through Node's threads costs ten times what such a call does.
 */
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ModuleError } from '../../core/errors.ts';
import type { Emit } from '../../core/events.ts';
import type { Value } from '../../core/values.ts';
import { wait } from '../../core/wait.ts';
import type { Controller, FileKind, RenderOptions } from '../../modules/controller.ts';
import type { Node } from '../../source/node.ts';
import type { TemplateEngine, TemplateLoader } from '../../template/template.ts';
import type { TaskScope } from '../../vars/scope.ts';
import { missingFile } from '../includes/missingFile.ts';

/** What is the same for all tasks of a run. */
export interface ControllerServices {
  readonly templates: TemplateEngine;
  readonly emit: Emit;
  readonly verbosity: number;
  readonly playbookDir: () => string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly addSecret: (text: string) => void;
  readonly prompt: Controller['prompt'];
  /** Decrypts a vaulted file's bytes; gives others back as they are. */
  readonly decryptFile: (content: Buffer, file: string) => Buffer;
  /** A template that another one includes, from the first of the folders that has it. */
  readonly loadTemplate: (name: string, folders: readonly string[]) => ReturnType<TemplateLoader>;
  /** Reads a YAML or JSON file of variables. */
  readonly loadVariables: (file: string) => ReadonlyMap<string, Node>;
}

/** What is the task's own. */
export interface ControllerTask {
  readonly host: string;
  readonly delegate: string | undefined;
  readonly scope: TaskScope;
  readonly checkMode: boolean;
  readonly diffMode: boolean;
  readonly source: Node['source'];
  /** Where the task names its file. */
  readonly fileSource: Node['source'];
  /** Places to look for a file, best first. */
  readonly candidates: (kind: FileKind, name: string) => readonly string[];
}

export function taskController(services: ControllerServices, task: ControllerTask): Controller {
  const { templates, emit } = services;
  const { scope, source, host, delegate } = task;
  return {
    host,
    delegate,
    checkMode: task.checkMode,
    diffMode: task.diffMode,
    verbosity: services.verbosity,
    playbookDir: services.playbookDir(),
    environment: services.environment,
    variable: (name) => scope.lookup(name),
    evaluate: (expression) => templates.evaluateExpression(expression, scope, { source }),
    template: (text) => templates.evaluateText(text, scope, { source }),
    condition: (condition) => templates.evaluateCondition(condition, scope, { source }),
    renderFile: (file, options) => renderFile(services, task, file, options),
    findFile: (kind, name) => findFile(kind, name, task),
    readFile: async (file) => services.decryptFile(await readFile(file), file),
    loadVariables: async (file) => services.loadVariables(file),
    prompt: services.prompt,
    log: (text, verbosity) => {
      if (services.verbosity >= verbosity) emit({ type: 'message', level: 'verbose', text, host });
    },
    warn: (message, hint) =>
      emit({ type: 'warning', warning: { kind: 'warning', message, source, hint } }),
    deprecate: (message, hint) =>
      emit({ type: 'warning', warning: { kind: 'deprecation', message, source, hint } }),
    addSecret: services.addSecret,
    now: services.now,
    sleep: wait,
  };
}

async function renderFile(
  services: ControllerServices,
  task: ControllerTask,
  file: string,
  options: RenderOptions = {},
): Promise<string> {
  const content = services.decryptFile(readFileSync(file), file).toString('utf8');
  const scope = task.scope.with(options.variables ?? new Map<string, Value>());
  return services.templates.renderTemplate(content, scope, {
    source: { file, line: 1, column: 1 },
    load: (name) =>
      services.loadTemplate(name, [dirname(file), ...task.candidates('templates', '.')]),
    syntax: options.syntax ?? {},
  });
}

const NAMES: Readonly<Record<FileKind, string>> = {
  files: 'file',
  templates: 'template',
  vars: 'file of variables',
  tasks: 'file of tasks',
};

async function findFile(
  kind: FileKind,
  name: string,
  { candidates: find, fileSource: source }: ControllerTask,
): Promise<string> {
  const candidates = find(kind, name);
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found !== undefined) return found;
  const advice = `put it into the ${kind}/ folder of the role or beside the playbook`;
  throw new ModuleError(
    `no ${NAMES[kind]} "${name}" on the controller`,
    missingFile(candidates, source, advice),
  );
}
