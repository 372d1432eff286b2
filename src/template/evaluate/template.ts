/** A parsed template → closures. Compiled once for its text, run with many frames. */
import type { Body, Expression } from '../syntax/ast.ts';
import type { CompiledTemplate } from './frame.ts';
import { newUnit } from './statement.ts';
import type { Notes } from './unit.ts';

export function compileTemplate(body: Body): CompiledTemplate {
  const notes: Notes = { changesValues: false };
  const unit = newUnit(notes);
  const run = unit.body(body);
  const { changesValues } = notes;
  return { body: run, blocks: unit.blocks, changesValues, isPath: isPath(body) };
}

function isPath(body: Body): boolean {
  const [only] = body;
  return body.length === 1 && only?.kind === 'output' && isVariablePath(only.value);
}

/** `a.b[0]` with nothing but names and constants. */
function isVariablePath(node: Expression): boolean {
  if (node.kind === 'attribute') return isVariablePath(node.target);
  if (node.kind !== 'element') return node.kind === 'name';
  return isVariablePath(node.target) && (node.key.kind === 'literal' || isVariablePath(node.key));
}
