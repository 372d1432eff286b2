/** A parsed template → closures. Compiled once for its text, run with many frames. */
import type { Body } from '../syntax/ast.ts';
import type { CompiledTemplate } from './frame.ts';
import { newUnit } from './statement.ts';
import type { Notes } from './unit.ts';

export function compileTemplate(body: Body): CompiledTemplate {
  const notes: Notes = { changesValues: false };
  const unit = newUnit(notes);
  const run = unit.body(body);
  return { body: run, blocks: unit.blocks, changesValues: notes.changesValues };
}
