/** Who reads what drover says may leave before its end. */
import { existsSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { startCli } from '../../support/cli.ts';
import { Scratch } from '../../support/drover.ts';

const scratch = new Scratch({
  'site.yml': `
- hosts: localhost
  gather_facts: false
  tasks:
    - debug: {msg: "{{ 'long ' * 50000 }}"}
    - file: {path: "{{ playbook_dir }}/done", state: touch}
`,
});
afterAll(() => scratch[Symbol.dispose]());

/** Standard output is a pipe that nobody reads from the start. */
async function unread(...argv: readonly string[]): Promise<unknown[]> {
  const { child, ended } = startCli(argv, scratch.folder);
  child.stdout?.destroy();
  const { code, stderr } = await ended;
  return [code, stderr];
}

test('a run goes on to its end when its reader leaves', async () => {
  expect(await unread('run', '-i', 'localhost,', '-c', 'local', 'site.yml')).toEqual([0, '']);
  expect(existsSync(scratch.path('done'))).toBe(true);
});

test('a text that nobody reads is no error', async () => {
  expect(await unread('schema', 'playbook')).toEqual([0, '']);
});
