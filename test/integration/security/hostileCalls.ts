/** Every parameter of every module, filled with texts that somebody could mean ill with. */
import { join } from 'node:path';
import { ModuleError } from '../../../src/core/errors.ts';
import type { Value } from '../../../src/core/values.ts';
import { checkArguments } from '../../../src/modules/arguments.ts';
import type { Module, RawArguments } from '../../../src/modules/module.ts';
import { parametersOf } from '../../../src/modules/parameters.ts';
import { moduleOf, taskArguments, tasksOf } from '../../support/moduleExamples.ts';
import { testController } from '../../unit/modules/testController.ts';

export interface HostileCall {
  readonly parameter: string;
  readonly args: RawArguments;
}

/**
 * Each example with each parameter, alone, as the first text that it takes, in the first form that the schema takes.
 * @param texts from the worst to what values with a form of their own may look like
 * @param examplesEach how many examples of a module: further ones say little more
 */
export function* hostileCalls(
  module: Module,
  texts: readonly string[],
  examplesEach: number,
): Iterable<HostileCall> {
  const examples = module.examples.flatMap(tasksOf).filter((task) => moduleOf(task) === module);
  for (const base of examples.slice(0, examplesEach).map(taskArguments).map(plain)) {
    for (const parameter of parametersOf(module).byName.keys()) {
      const values = texts.flatMap(formsOf).map((value) => new Map([...base, [parameter, value]]));
      const args = values.find((each) => isTaken(module, each));
      if (args !== undefined) yield { parameter, args };
    }
  }
}

function formsOf(text: string): Value[] {
  return [text, [text], new Map([[text, text]]), [new Map([['name', text]])]];
}

function isTaken(module: Module, literals: RawArguments): boolean {
  return checkArguments(module, { literals, templated: new Set() }).length === 0;
}

/** Without templates, which nobody evaluates here. */
function plain(args: RawArguments): RawArguments {
  return new Map([...args].map(([name, value]) => [name, withoutTemplate(value)]));
}

function withoutTemplate(value: Value): Value {
  return typeof value === 'string' && value.includes('{{') ? 'sample' : value;
}

/** Finds a file whatever it is asked for; waits a moment, and not for ever. */
export function patientController(folder: string) {
  let clock = Date.parse('2026-11-21T12:00:00Z');
  let waits = 0;
  return testController({
    playbookDir: folder,
    files: folder,
    findFile: async () => join(folder, 'sample'),
    renderFile: async () => 'content\n',
    loadVariables: async () => new Map(),
    readFile: async () => Buffer.from('content\n'),
    template: (text: string) => text,
    condition: () => true,
    evaluate: () => true,
    now: () => {
      clock += 1_000;
      return new Date(clock);
    },
    sleep: async () => {
      if (++waits > 20) throw new ModuleError('it waits for what does not come');
    },
  });
}
