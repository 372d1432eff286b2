/** Statements of the syntax tree → closures that append their outputs. */
import { isTrue } from '../python/sequence.ts';
import type { Internal } from '../python/types.ts';
import type { Body, Statement } from '../syntax/ast.ts';
import { compileAssignment } from './assignment.ts';
import { runBlock } from './blocks.ts';
import { CAPTURED } from './call.ts';
import { compileExpression, guarded } from './expression.ts';
import { compileFor } from './forLoop.ts';
import { copied, Frame } from './frame.ts';
import { compileCallBlock, compileMacro } from './macro.ts';
import {
  compileExtends,
  compileFromImport,
  compileImport,
  compileInclude,
} from './otherTemplates.ts';
import { captureOf, type Evaluate, type Notes, type Run, type Unit } from './unit.ts';

export function newUnit(notes: Notes): Unit {
  const unit: Unit = {
    blocks: new Map(),
    expression: (node) => compileExpression(node, notes),
    body: (body) => compileBody(body, unit),
  };
  return unit;
}

function compileBody(body: Body, unit: Unit): Run {
  const runs = body.map((statement) => located(statement, compileStatement(statement, unit)));
  const [first, second] = runs;
  if (first === undefined) return () => undefined;
  if (second === undefined) return first;
  return (frame, out) => {
    for (const run of runs) run(frame, out);
  };
}

function located(statement: Statement, run: Run): Run {
  if (statement.kind === 'text') return run;
  return (frame, out) => guarded(statement, (inner) => run(inner, out))(frame);
}

function compileStatement(node: Statement, unit: Unit): Run {
  switch (node.kind) {
    case 'text':
      return compileText(node.text);
    case 'output':
      return compileOutput(unit.expression(node.value));
    case 'if':
      return compileIf(node, unit);
    case 'for':
      return compileFor(node, unit);
    case 'set': {
      const value = unit.expression(node.value);
      const assign = compileAssignment(node.target);
      return (frame) => assign(frame, value(frame));
    }
    case 'capture':
      return compileCapture(node, unit);
    case 'with':
      return compileWith(node, unit);
    case 'macro':
      return compileMacro(node, unit);
    case 'callBlock':
      return compileCallBlock(node, unit);
    case 'filterBlock':
      return compileFilterBlock(node, unit);
    case 'block':
      return compileBlock(node, unit);
    case 'extends':
      return compileExtends(node, unit);
    case 'include':
      return compileInclude(node, unit);
    case 'import':
      return compileImport(node, unit);
    case 'fromImport':
      return compileFromImport(node, unit);
    case 'scope':
      return inOwnFrame(compileBody(node.body, unit));
    case 'do': {
      const value = unit.expression(node.value);
      return (frame) => void value(frame);
    }
  }
}

type StatementOf<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;

function compileText(text: string): Run {
  return (_frame, out) => {
    out.push(text);
  };
}

function compileOutput(value: Evaluate): Run {
  return (frame, out) => {
    const output = frame.render.mode.output(value(frame));
    out.push(frame.render.copies === undefined ? output : copied(output));
  };
}

function compileIf(node: StatementOf<'if'>, unit: Unit): Run {
  const condition = unit.expression(node.condition);
  const [then, otherwise] = [compileBody(node.whenTrue, unit), compileBody(node.otherwise, unit)];
  return (frame, out) => {
    if (isTrue(condition(frame))) then(frame, out);
    else otherwise(frame, out);
  };
}

function inOwnFrame(run: Run): Run {
  return (frame, out) => run(new Frame(frame.render, frame), out);
}

function compileCapture(node: StatementOf<'capture'>, unit: Unit): Run {
  const body = captureOf(inOwnFrame(compileBody(node.body, unit)));
  const filter = node.filter && unit.expression(node.filter);
  const assign = compileAssignment(node.target);
  return (frame) => {
    const text = body(frame);
    assign(frame, filter === undefined ? text : filter(withCaptured(frame, text)));
  };
}

function withCaptured(frame: Frame, text: Internal): Frame {
  return new Frame(frame.render, frame, new Map([[CAPTURED, text]]));
}

function compileFilterBlock(node: StatementOf<'filterBlock'>, unit: Unit): Run {
  const body = captureOf(inOwnFrame(compileBody(node.body, unit)));
  const filter = unit.expression(node.filter);
  return (frame, out) => {
    out.push(frame.render.mode.output(filter(withCaptured(frame, body(frame)))));
  };
}

function compileWith(node: StatementOf<'with'>, unit: Unit): Run {
  const assignments = node.assignments.map(({ target, value }) => ({
    assign: compileAssignment(target),
    value: unit.expression(value),
  }));
  const body = compileBody(node.body, unit);
  return (frame, out) => {
    const inner = new Frame(frame.render, frame);
    for (const { assign, value } of assignments) assign(inner, value(frame));
    body(inner, out);
  };
}

function compileBlock(node: StatementOf<'block'>, unit: Unit): Run {
  unit.blocks.set(node.name, compileBody(node.body, unit));
  return (frame, out) => {
    if (frame.render.parent !== undefined) return;
    runBlock(node.name, 0, node.isScoped ? frame : rootOf(frame), out);
  };
}

/** A block sees what its template's top level sees, not the loops around it. */
function rootOf(frame: Frame): Frame {
  let root = frame;
  while (root.parent !== undefined && root.parent.render === frame.render) root = root.parent;
  return root;
}
