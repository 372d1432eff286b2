/** Templates run with their blocks, which those that extend them may replace. */
import { usageError } from '../python/errors.ts';
import { Callable, HostObject, type Internal } from '../python/types.ts';
import { type CompiledTemplate, Frame, type Render } from './frame.ts';

/** Runs the template and those it extends; the outputs are appended to `out`. */
export function runTemplate(template: CompiledTemplate, frame: Frame, out: Internal[]): void {
  const { render } = frame;
  let current: CompiledTemplate | undefined = template;
  for (let depth = 0; current !== undefined; depth++) {
    if (depth > MAX_DEPTH) throw usageError('templates extend each other without end');
    addBlocks(render, current, frame);
    render.parent = undefined;
    const outputs: Internal[] = [];
    current.body(frame, outputs);
    const next: CompiledTemplate | undefined =
      render.parent === undefined ? undefined : parentOf(render);
    if (next === undefined) for (const output of outputs) out.push(output);
    current = next;
  }
}

const MAX_DEPTH = 100;

function parentOf(render: Render): CompiledTemplate | undefined {
  return render.parent?.template;
}

function addBlocks(render: Render, template: CompiledTemplate, root: Frame): void {
  if (template.blocks.size === 0) return;
  for (const [name, run] of template.blocks) {
    const runs = render.blocks.get(name);
    if (runs === undefined) render.blocks.set(name, [run]);
    else runs.push(run);
  }
  root.set('self', blockReferences(root));
}

/** `self`: each block as a function. */
function blockReferences(root: Frame): Internal {
  return new HostObject('TemplateReference', {
    computed: (name) => {
      const runs = root.render.blocks.get(name);
      return runs && new Callable(name, () => blockText(root, name, 0));
    },
  });
}

/** Runs a block's `level`-th version in a frame of its own, where `super()` is the next one. */
export function runBlock(name: string, level: number, frame: Frame, out: Internal[]): void {
  const runs = frame.render.blocks.get(name) ?? [];
  const inner = new Frame(frame.render, frame);
  if (runs.length > level + 1) {
    inner.set('super', new Callable('super', () => blockText(frame, name, level + 1)));
  }
  runs[level]?.(inner, out);
}

function blockText(frame: Frame, name: string, level: number): Internal {
  const out: Internal[] = [];
  runBlock(name, level, frame, out);
  return frame.render.mode.result(out, () => false);
}
