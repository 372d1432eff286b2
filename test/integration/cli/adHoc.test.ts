/** `drover exec` beside the real `ansible`: the same lines, the same exit codes. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { hasAnsible } from '../../support/ansible.ts';
import { Scratch } from '../../support/drover.ts';

const LOCAL = ['-i', 'one,', '-c', 'local', 'all'];

const CASES: readonly (readonly string[])[] = [
  ['-a', 'echo "a  b" c'],
  ['-m', 'shell', '-a', 'echo a; echo b', '-o'],
  ['-m', 'shell', '-a', 'exit 3'],
  ['-m', 'debug', '-a', 'msg=x{{ 1 + 1 }}'],
  ['-m', 'debug', '-a', '{"var": "inventory_hostname"}'],
  ['-m', 'set_fact', '-a', '{"n": {"k": [1, null, "x"]}}'],
  ['-m', 'command', '-a', 'ls', '-C'],
  ['-m', 'fail', '-a', 'msg=no', '-o'],
  ['-m', 'raw', '-a', 'echo raw'],
  ['-a', 'ls /tmp creates=/tmp'],
  ['--list-hosts'],
];

describe.skipIf(!hasAnsible())('exec beside ansible', () => {
  const cases = CASES.map((argv) => ({ argv, name: argv.join(' ') }));
  it.each(cases)('$name', async ({ argv }) => {
    using scratch = new Scratch();
    const options = {
      cwd: scratch.folder,
      encoding: 'utf8',
      env: { ...process.env, HOME: scratch.folder },
    } as const;
    const real = spawnSync('ansible', [...LOCAL, ...argv], options);
    const ours = await scratch.drover(['exec', ...LOCAL, ...argv]);
    expect({ code: ours.code, text: comparable(ours.stdout) }).toEqual({
      code: real.status,
      text: comparable(real.stdout),
    });
  });
});

/** The real one finds a Python, and leaves out spaces after commas and line ends between what a program wrote and what went wrong. */
function comparable(text: string): string {
  return text
    .replace(/ *"discovered_interpreter_python": "[^"]*",?\n?/g, '')
    .replace(/\s+/g, '')
    .trim();
}
