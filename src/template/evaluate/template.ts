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
  const value = soleOutput(body);
  return {
    body: run,
    blocks: unit.blocks,
    changesValues,
    isPath: value !== undefined && isVariablePath(value),
    isAnswer: value !== undefined && isAnswer(value),
  };
}

function soleOutput(body: Body): Expression | undefined {
  const [only] = body;
  return body.length === 1 && only?.kind === 'output' ? only.value : undefined;
}

function isAnswer(node: Expression): boolean {
  if (node.kind === 'filter') return !['default', 'd'].includes(node.name);
  return node.kind === 'call';
}

/** `a.b[0]` with nothing but names and constants. */
function isVariablePath(node: Expression): boolean {
  if (node.kind === 'attribute') return isVariablePath(node.target);
  if (node.kind !== 'element') return node.kind === 'name';
  return isVariablePath(node.target) && (node.key.kind === 'literal' || isVariablePath(node.key));
}
