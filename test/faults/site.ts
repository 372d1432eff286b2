/** The playbook of the fault tests: its steps, and gates before them at which a run waits for the harness. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import * as z from 'zod';

export const PROJECT = join(import.meta.dirname, 'project');

interface SiteTask {
  readonly name: string;
  readonly block?: readonly SiteTask[] | undefined;
  readonly rescue?: readonly SiteTask[] | undefined;
  readonly always?: readonly SiteTask[] | undefined;
}

const SiteTask: z.ZodType<SiteTask> = z.looseObject({
  name: z.string(),
  block: z.lazy(() => z.array(SiteTask)).optional(),
  rescue: z.lazy(() => z.array(SiteTask)).optional(),
  always: z.lazy(() => z.array(SiteTask)).optional(),
});
const Site = z.tuple([z.looseObject({ handlers: z.array(SiteTask), tasks: z.array(SiteTask) })]);

/** Where the handlers run. */
const FLUSH = 'handlers';

const [play] = Site.parse(parse(readFileSync(join(PROJECT, 'site.yml'), 'utf8')));
const handlers = play.handlers.map(({ name }) => name);

/** The names of all steps, in the order in which they run. */
export const STEPS: readonly string[] = play.tasks.flatMap(stepsOf).sort();

function stepsOf(task: SiteTask): string[] {
  if (task.name === FLUSH) return handlers;
  const inner = [task.block, task.rescue, task.always].flatMap((tasks) => tasks ?? []);
  return inner.length > 0 ? inner.flatMap(stepsOf) : [task.name];
}

/** The number that a step's name begins with. */
export const numberOf = (step: string): string => step.slice(0, 2);

export interface Gate {
  readonly reached: string;
  readonly open: string;
}

/** Files by which a run and the harness meet before a step. */
export function gateFiles(folder: string, step: string): Gate {
  const file = join(folder, numberOf(step));
  return { reached: `${file}.reached`, open: `${file}.open` };
}

/** The playbook with a gate before each of `steps`, and without those of `left`. */
export function siteWithGates(
  steps: readonly string[],
  folder: string,
  left: readonly string[] = [],
): string {
  const gated = (tasks: readonly SiteTask[]): SiteTask[] =>
    tasks.flatMap((task) => {
      if (left.includes(task.name)) return [];
      const own = task.name === FLUSH ? handlers : [task.name];
      const { block, rescue, always } = task;
      const inner = {
        ...(block && { block: gated(block) }),
        ...(rescue && { rescue: gated(rescue) }),
        ...(always && { always: gated(always) }),
      };
      const gates = own.filter((name) => steps.includes(name)).map((name) => gate(name, folder));
      return [...gates, { ...task, ...inner }];
    });
  return stringify([{ ...play, tasks: gated(play.tasks) }]);
}

/** A task of the controller that ends when the harness opens the gate. */
function gate(step: string, folder: string): SiteTask {
  const { reached, open } = gateFiles(folder, step);
  const task = {
    name: `gate ${numberOf(step)}`,
    shell: `touch ${reached}; while [ ! -e ${open} ]; do sleep 0.05; done`,
    delegate_to: 'localhost',
    run_once: true,
    become: false,
    changed_when: false,
  };
  return task;
}
