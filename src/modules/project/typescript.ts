/**
 * TypeScript modules of a project, loaded without a build step. They import `drover` and `zod` from the program that
 * runs, so that a project needs neither to be installed, and errors and schemas are the program's own.
 */
import { createRequire } from 'node:module';
import * as z from 'zod';
import { LoadError } from '../../core/errors.ts';
import type { Module } from '../module.ts';

type CreateJiti = typeof import('jiti')['createJiti'];

/** @throws LoadError when the file does not compile, fails, or exports no module of that name. */
export async function typescriptModule(name: string, file: string): Promise<Module> {
  const module = moduleOf(await load(file));
  if (module === undefined) {
    throw invalid(
      file,
      'exports no module',
      'export default defineAction({ … }) or defineResource({ … })',
    );
  }
  if (module.name !== name) {
    throw invalid(
      file,
      `defines the module "${module.name}"`,
      `name the file ${module.name}.ts, or the module "${name}"`,
    );
  }
  return module;
}

async function load(file: string): Promise<unknown> {
  const createJiti = createRequire(import.meta.url)('jiti') as
    | CreateJiti
    | { createJiti: CreateJiti };
  const create = typeof createJiti === 'function' ? createJiti : createJiti.createJiti;
  const virtualModules = { drover: await import('../authoring.ts'), zod: await import('zod') };
  const jiti = create(file, { fsCache: false, virtualModules });
  try {
    return jiti(file);
  } catch (error) {
    throw invalid(file, `cannot be loaded: ${messageOf(error)}`, undefined, error);
  }
}

/** The default export, or the only export that is a module. */
function moduleOf(exports: unknown): Module | undefined {
  if (typeof exports !== 'object' || exports === null) return undefined;
  const found = [exports, ...Object.values(exports)].filter(isModule);
  return found[0];
}

function isModule(value: unknown): value is Module {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const { name, params, plan, run } = value as Readonly<Record<string, unknown>>;
  const works = value.kind === 'resource' ? plan : run;
  return typeof name === 'string' && params instanceof z.ZodType && typeof works === 'function';
}

function invalid(file: string, what: string, hint?: string, cause?: unknown): LoadError {
  return new LoadError(`the module file ${file} ${what}`, {
    code: 'DROVER_INVALID_MODULE',
    source: { file, line: 1, column: 1 },
    hint,
    cause,
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
