/** `drover schema`: JSON Schemas for editors, from the definitions that drover itself checks by. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { didYouMean } from '../core/nearest.ts';
import { builtinModules } from '../modules/builtin.ts';
import { loadAll } from '../modules/listed.ts';
import type { Module } from '../modules/module.ts';
import type { DefineCommand } from './command.ts';
import {
  argumentSpecsSchema,
  inventorySchema,
  metaSchema,
  requirementsSchema,
} from './schema/documents.ts';
import type { JsonSchema } from './schema/pieces.ts';
import { playbookSchema, tasksSchema } from './schema/plays.ts';
import { usageError } from './usageError.ts';
import { EXIT, type World } from './world.ts';
import { writeSafely } from './writeSafely.ts';

interface Document {
  readonly title: string;
  readonly make: (modules: readonly Module[]) => JsonSchema;
}

const DOCUMENTS: Readonly<Record<string, Document>> = {
  playbook: { title: 'A playbook', make: playbookSchema },
  'role-tasks': { title: 'Tasks or handlers of a role', make: tasksSchema },
  inventory: { title: 'An inventory', make: inventorySchema },
  requirements: { title: 'Roles and collections that a project needs', make: requirementsSchema },
  meta: { title: 'What a role says of itself', make: metaSchema },
  'argument-specs': { title: 'The variables that a role takes', make: argumentSpecsSchema },
};

export const defineSchema: DefineCommand = (command, { world, exit }) => {
  command
    .argument(
      '[document]',
      `one of ${Object.keys(DOCUMENTS).join(', ')} (default: all, with --output)`,
    )
    .option('--output <path>', 'write to this file, or for all documents to this folder')
    .action(async (name: string | undefined, { output }: { readonly output?: string }) => {
      if (name === undefined) await writeAll(output, world);
      else await writeOne(name, output, world);
      exit(EXIT.ok);
    });
};

/** The schema of one kind of document. @throws LoadError when there is no such kind. */
export async function schemaText(name: string): Promise<string> {
  const document = Object.hasOwn(DOCUMENTS, name) ? DOCUMENTS[name] : undefined;
  if (document === undefined) {
    const names = Object.keys(DOCUMENTS);
    throw usageError(
      `no schema "${name}"`,
      didYouMean(name, names) ?? `there are ${names.join(', ')}`,
    );
  }
  const { title, make } = document;
  const modules = await loadAll(builtinModules);
  const schema = { $schema: 'http://json-schema.org/draft-07/schema#', title, ...make(modules) };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

async function writeOne(
  name: string,
  output: string | undefined,
  { cwd, stdout }: World,
): Promise<void> {
  const text = await schemaText(name);
  if (output === undefined) stdout.write(text);
  else writeSafely(resolve(cwd, output), text, { mode: 0o666 });
}

async function writeAll(output: string | undefined, { cwd, stdout }: World): Promise<void> {
  if (output === undefined) throw usageError('name a document, or a folder with --output');
  const folder = resolve(cwd, output);
  mkdirSync(folder, { recursive: true });
  for (const name of Object.keys(DOCUMENTS)) {
    const file = join(folder, `${name}.json`);
    writeSafely(file, await schemaText(name), { mode: 0o666 });
    stdout.write(`${join(output, `${name}.json`)}\n`);
  }
}
