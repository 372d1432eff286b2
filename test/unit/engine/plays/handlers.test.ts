import { describe, expect, test } from 'vitest';
import type { Warning } from '../../../../src/core/errors.ts';
import { Handlers } from '../../../../src/engine/plays/handlers.ts';
import { PlaybookLoader } from '../../../../src/playbook/loader.ts';
import type { Task } from '../../../../src/playbook/model.ts';
import { memoryFiles } from '../../../support/memoryFiles.ts';

const SOURCE = { file: '/p/site.yml', line: 9, column: 1 };

async function handlersOf(yaml: string): Promise<readonly Task[]> {
  const files = memoryFiles({ '/p/site.yml': `- hosts: a\n  handlers:\n${yaml}` });
  const { playbooks } = await new PlaybookLoader({ files }).loadPlaybooks(['/p/site.yml']);
  const items = playbooks.flatMap(({ plays }) => plays.flatMap((play) => play.handlers));
  return items.flatMap((item) => (item.kind === 'task' ? [item] : []));
}

/** `one` has a name, `listener` a topic; the name of the third cannot be evaluated. */
async function setUp(
  missingIsError: boolean,
): Promise<{ handlers: Handlers; warnings: Warning[] }> {
  const warnings: Warning[] = [];
  const handlers = new Handlers({
    texts: ({ name }) => {
      const text = String(name?.value);
      if (text === 'listener') return { name: text, topics: ['topic'] };
      if (!text.includes('{{')) return { name: text, topics: [] };
      return { name: undefined, topics: [], problem: "'x' is undefined" };
    },
    warn: (warning) => warnings.push(warning),
    missingIsError,
  });
  handlers.add(
    await handlersOf(
      '    - {name: one, debug: }\n    - {name: listener, debug: }\n    - {name: "a {{ x }}", debug: }\n',
    ),
  );
  return { handlers, warnings };
}

describe('Handlers', () => {
  test('answer to names and topics', async () => {
    const { handlers } = await setUp(true);
    expect(handlers.notify('h', 'one', SOURCE)).toEqual(['one']);
    expect(handlers.notify('h', 'topic', SOURCE)).toEqual(['listener']);
  });

  test('what nobody can notify is told once, when something is notified', async () => {
    const { handlers, warnings } = await setUp(true);
    expect(warnings).toEqual([]);
    handlers.notify('h', 'one', SOURCE);
    handlers.notify('h', 'one', SOURCE);
    expect(warnings.map(({ message, source }) => [source?.line, message])).toEqual([
      [5, "Handler 'a {{ x }}' is unusable: 'x' is undefined"],
    ]);
  });

  test('a name that nobody has is an error, or a warning when that is wanted', async () => {
    const message =
      "The requested handler 'ones' was not found in either the main handlers list nor in the listening handlers list";
    const strict = await setUp(true);
    expect(() => strict.handlers.notify('h', 'ones', SOURCE)).toThrow(message);
    const { handlers, warnings } = await setUp(false);
    expect(handlers.notify('h', 'ones', SOURCE)).toEqual([]);
    expect(warnings.at(-1)).toEqual({
      kind: 'warning',
      message,
      source: SOURCE,
      hint: 'did you mean "one"?',
    });
  });
});
