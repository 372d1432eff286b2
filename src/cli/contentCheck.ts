/** What the loader asks about modules and templates, answered from the project's modules and the template engine. */
import { type DroverError, ParamsError } from '../core/errors.ts';
import type { Scalar, Value } from '../core/values.ts';
import { placed } from '../engine/tasks/taskArguments.ts';
import { checkArguments } from '../modules/arguments.ts';
import type { Module } from '../modules/module.ts';
import type { ModulePlace, ProjectModules } from '../modules/project/projectModules.ts';
import type { ContentCheck, KnownModule } from '../playbook/contentCheck.ts';
import type { Task } from '../playbook/model.ts';
import type { Node } from '../source/node.ts';
import { isTemplate, type TemplateEngine } from '../template/template.ts';

/** Tasks that the engine itself carries out; their arguments are read where they are used. */
const ENGINE_MODULES = [
  'include_tasks',
  'include_role',
  'import_tasks',
  'import_role',
  'include',
  'meta',
];
const ENGINE_NAMES = new Set(
  ENGINE_MODULES.flatMap((name) => [name, `ansible.builtin.${name}`, `ansible.legacy.${name}`]),
);

/** @param isKnownVariable whether the inventory or the command line may define a variable. */
export function contentCheck(
  modules: ProjectModules,
  templates: TemplateEngine,
  isKnownVariable: ContentCheck['isKnownVariable'],
): ContentCheck {
  return {
    hasModule: (name, place) => ENGINE_NAMES.has(name) || modules.has(name, place),
    module: (name, place) => knownModule(modules, name, place),
    missingModule: (name) => modules.missing(name),
    moduleNames: () => [...ENGINE_NAMES, ...modules.names()],
    template: (node) => templates.checkText(String(node.value), { node }),
    expression: (node) => templates.checkExpression(String(node.value), { node }),
    lookup: (name, source) => templates.checkLookup(name, source),
    templateFile: (text, file) => templates.checkFile(text, file),
    isKnownVariable,
    isTemplateFunction: (name) => templates.globals.has(name),
  };
}

const ENGINE_MODULE: KnownModule = { expressions: [], argumentErrors: () => [] };

async function knownModule(
  modules: ProjectModules,
  name: string,
  place: ModulePlace,
): Promise<KnownModule | undefined> {
  if (ENGINE_NAMES.has(name)) return ENGINE_MODULE;
  const module = await modules.find(name, place);
  if (module === undefined) return undefined;
  return {
    expressions: module.expressions ?? [],
    argumentErrors: (task) => argumentErrors(task, module),
  };
}

function argumentErrors(task: Task, module: Module): readonly DroverError[] {
  const { named, freeForm, template } = task.arguments;
  const literals = new Map<string, Value>();
  const templated = new Set<string>();
  const entries = named.entries.map(({ key, value }) => [String(key.value), value] as const);
  const text = freeForm === undefined ? [] : [[module.freeForm ?? '', freeForm] as const];
  if (freeForm !== undefined && module.freeForm === undefined) return [noText(task, module)];
  for (const [name, node] of [...text, ...entries]) {
    const value = module.expressions?.includes(name) === true ? undefined : literalOf(node);
    if (value === undefined) templated.add(name);
    else literals.set(name, value);
  }
  const hasMore = template !== undefined;
  return checkArguments(module, { literals, templated, hasMore }).map((error) =>
    positioned(error, task),
  );
}

/** The value of a node without templates; undefined when it has any. */
function literalOf(node: Node): Value | undefined {
  switch (node.kind) {
    case 'data':
      return node.value;
    case 'scalar':
      return isLiteral(node.value, node.tag) ? node.value : undefined;
    case 'sequence': {
      const items = node.items.map(literalOf);
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    case 'mapping': {
      const entries = node.entries.map(({ key, value }) => [key.value, literalOf(value)] as const);
      const isWhole = entries.every(
        ([key, value]) => value !== undefined && isLiteral(key, undefined),
      );
      return isWhole ? new Map(entries.map(([key, value]) => [key, value ?? null])) : undefined;
    }
    default:
      return node satisfies never;
  }
}

function isLiteral(value: Scalar, tag: 'unsafe' | 'vault' | undefined): boolean {
  if (tag === 'vault') return false;
  return typeof value !== 'string' || tag === 'unsafe' || !isTemplate(value);
}

function positioned(error: ParamsError, task: Task): ParamsError {
  const entry = task.arguments.named.entries.find(({ key }) => key.value === error.argument);
  return placed(error, entry?.key.source ?? task.moduleSource);
}

function noText(task: Task, module: Module): ParamsError {
  return new ParamsError(`module "${module.name}" takes no text`, {
    code: 'DROVER_INVALID_ARGUMENT',
    source: task.arguments.freeForm?.source ?? task.moduleSource,
    hint: 'write its arguments as a mapping, or as key=value words',
  });
}
