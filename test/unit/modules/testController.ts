/** A controller for module tests: variables from a record, files from a directory, a clock that stands still. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ModuleError, TemplateError } from '../../../src/core/errors.ts';
import { fromPlain, type Value } from '../../../src/core/values.ts';
import type { Controller } from '../../../src/modules/controller.ts';

export interface TestController extends Controller {
  /** What was warned of and deprecated. */
  readonly warnings: string[];
  readonly slept: number[];
}

/** Expressions are names of `variables`; a template is `{{ name }}`. */
export function testController(
  options: Partial<Controller> & {
    readonly variables?: Readonly<Record<string, unknown>>;
    readonly files?: string;
  } = {},
): TestController {
  const { variables = {}, files = '/nonexistent', ...overrides } = options;
  const warnings: string[] = [];
  const slept: number[] = [];
  const variable = (name: string): Value | undefined =>
    name in variables ? fromPlain(variables[name]) : undefined;
  const evaluate = (expression: string): Value => {
    const value = variable(expression.trim());
    if (value !== undefined) return value;
    throw new TemplateError(`'${expression}' is undefined`, { code: 'DROVER_UNDEFINED' });
  };
  return {
    host: 'web1',
    checkMode: false,
    diffMode: true,
    verbosity: 0,
    playbookDir: files,
    variable,
    evaluate,
    template: (text) => templated(text, evaluate),
    condition: (condition) =>
      typeof condition === 'boolean' ? condition : evaluate(String(condition)) === true,
    renderFile: async (file) => String(templated(await readFile(file, 'utf8'), evaluate)),
    findFile: async (_kind, name) => {
      const file = path.resolve(files, name);
      await readFile(file).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EISDIR') throw new ModuleError(`no file "${name}"`);
      });
      return name.endsWith('/') ? `${file}/` : file;
    },
    readFile: (file) => readFile(file),
    loadVariables: async (file) =>
      new Map(Object.entries(JSON.parse(await readFile(file, 'utf8')) as object)),
    prompt: async () => undefined,
    log: () => undefined,
    warn: (message) => void warnings.push(message),
    deprecate: (message) => void warnings.push(message),
    addSecret: () => undefined,
    now: () => new Date('2026-11-21T12:00:00.000Z'),
    sleep: async (milliseconds) => void slept.push(milliseconds),
    environment: {},
    ...overrides,
    warnings,
    slept,
  };
}

function templated(text: string, evaluate: (expression: string) => Value): Value {
  const sole = /^\{\{([^}]*)\}\}$/.exec(text);
  if (sole?.[1] !== undefined) return evaluate(sole[1]);
  return text.replace(/\{\{([^}]*)\}\}/g, (_all, name: string) => String(evaluate(name)));
}
