/** The controller as one task's module sees it: its variables, its role's files, the log, the clock. */
import { access, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ModuleError } from '../core/errors.ts';
import type { Emit } from '../core/events.ts';
import type { Value } from '../core/values.ts';
import type { Controller, FileKind, RenderOptions } from '../modules/controller.ts';
import type { Node } from '../source/node.ts';
import type { TemplateEngine, TemplateLoader } from '../template/template.ts';
import type { TaskScope } from '../vars/scope.ts';
import { missingFile } from './missingFile.ts';

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
    sleep: async (milliseconds, signal) => {
      await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
    },
  };
}

async function renderFile(
  services: ControllerServices,
  task: ControllerTask,
  file: string,
  options: RenderOptions = {},
): Promise<string> {
  const content = services.decryptFile(await readFile(file), file).toString('utf8');
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
  for (const candidate of candidates) if (await exists(candidate)) return candidate;
  const advice = `put it into the ${kind}/ folder of the role or beside the playbook`;
  throw new ModuleError(
    `no ${NAMES[kind]} "${name}" on the controller`,
    missingFile(candidates, source, advice),
  );
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
