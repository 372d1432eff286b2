/** `include`, `import`, `from … import` and `extends`. */
import { defined, usageError } from '../python/errors.ts';
import { str } from '../python/text.ts';
import { HostObject, type Internal, presentOr, Undefined } from '../python/types.ts';
import type { Scope } from '../scope.ts';
import type { Statement } from '../syntax/ast.ts';
import { runTemplate } from './blocks.ts';
import { Frame, type LoadedTemplate, type Render } from './frame.ts';
import type { Run, Unit } from './unit.ts';

type StatementOf<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;

const EMPTY_SCOPE: Scope = { lookup: () => undefined, names: () => [] };

function found(name: Internal, render: Render): LoadedTemplate | undefined {
  const names = Array.isArray(name) ? name : [defined(name)];
  for (const one of names) {
    const loaded = render.load(str(one));
    if (loaded !== undefined) return loaded;
  }
  return undefined;
}

function needed(name: Internal, render: Render): LoadedTemplate {
  const loaded = found(name, render);
  if (loaded !== undefined) return loaded;
  const names = Array.isArray(name) ? name.map(str).join(', ') : str(name);
  throw usageError(`template not found: ${names}`);
}

/** A render for another template with the surroundings of this one. */
function renderOf({ file, template }: LoadedTemplate, render: Render, scope: Scope): Render {
  return {
    ...render,
    scope,
    locate: ({ lineno, colno }) => ({ file, line: lineno + 1, column: colno + 1 }),
    copies: template.changesValues ? new Map() : undefined,
    blocks: new Map(),
    parent: undefined,
  };
}

export function compileExtends(node: StatementOf<'extends'>, unit: Unit): Run {
  const name = unit.expression(node.template);
  return (frame) => {
    frame.render.parent = needed(name(frame), frame.render);
  };
}

export function compileInclude(node: StatementOf<'include'>, unit: Unit): Run {
  const name = unit.expression(node.template);
  return (frame, out) => {
    const { render } = frame;
    const loaded = node.ignoreMissing ? found(name(frame), render) : needed(name(frame), render);
    if (loaded === undefined) return;
    const inner = node.withContext
      ? new Frame(renderOf(loaded, render, render.scope), frame)
      : new Frame(renderOf(loaded, render, EMPTY_SCOPE));
    runTemplate(loaded.template, inner, out);
  };
}

/** Runs the template for what it defines. */
function moduleOf(loaded: LoadedTemplate, frame: Frame, withContext: boolean): HostObject {
  const { render } = frame;
  const inner = withContext
    ? new Frame(renderOf(loaded, render, render.scope), frame)
    : new Frame(renderOf(loaded, render, EMPTY_SCOPE));
  const out: Internal[] = [];
  runTemplate(loaded.template, inner, out);
  const exported = [...inner.names()].filter(([name]) => !name.startsWith('_') && name !== 'self');
  return new HostObject('TemplateModule', {
    attributes: new Map(exported),
    text: () => str(render.mode.result(out, () => false)),
  });
}

export function compileImport(node: StatementOf<'import'>, unit: Unit): Run {
  const name = unit.expression(node.template);
  return (frame) => {
    frame.set(node.name, moduleOf(needed(name(frame), frame.render), frame, node.withContext));
  };
}

export function compileFromImport(node: StatementOf<'fromImport'>, unit: Unit): Run {
  const template = unit.expression(node.template);
  return (frame) => {
    const loaded = needed(template(frame), frame.render);
    const { attributes } = moduleOf(loaded, frame, node.withContext);
    for (const { name, alias } of node.names) {
      const value = attributes.get(name);
      frame.set(
        alias,
        presentOr(value, () => notExported(loaded.file, name, attributes)),
      );
    }
  };
}

function notExported(
  file: string,
  name: string,
  attributes: ReadonlyMap<string, Internal>,
): Undefined {
  return new Undefined(`the template '${file}' does not export the requested name '${name}'`, {
    name,
    candidates: () => attributes.keys(),
  });
}
