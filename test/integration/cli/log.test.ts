/** `log_path`: what runs say is also in a file. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Scratch } from '../../support/drover.ts';

const SITE = `- hosts: all
  gather_facts: false
  tasks:
    - debug: {msg: "the {{ db_password }}"}
    - fail: {msg: no more}
      ignore_errors: true
`;
const LOCAL = ['-i', 'web1,', '-c', 'local', '-e', 'db_password=hush-hush'];

/** Runs, and gives the log's lines without times. */
async function logOf(
  argv: readonly string[],
  files: Readonly<Record<string, string>> = { 'site.yml': SITE },
): Promise<string[]> {
  using scratch = new Scratch({ 'ansible.cfg': '[defaults]\nlog_path = run.log\n', ...files });
  await scratch.drover(argv);
  const text = readFileSync(scratch.path('run.log'), 'utf8');
  return text.trimEnd().split('\n').map(untimed);
}

const untimed = (line: string): string =>
  line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} p=4711 u=tester n=drover \| /, '| ');

describe('the log', () => {
  it.each(['text', 'jsonl'])('has what run tells people, with --output %s', async (format) => {
    const lines = await logOf(['run', ...LOCAL, '--output', format, 'site.yml']);
    expect(lines.map((line) => line.replace(/ \*+$/, ''))).toEqual([
      '| PLAY [all]',
      '| TASK [debug]',
      '| ok: [web1] => {',
      '      "msg": "the [hidden]"',
      '  }',
      '| TASK [fail]',
      expect.stringMatching(/^\| fatal: \[web1\]: FAILED! => .*no more/),
      '| ...ignoring',
      '| PLAY RECAP',
      expect.stringMatching(/^\| web1 +: ok=2 /),
    ]);
  });

  it('has what exec tells, and of secrets nothing', async () => {
    const lines = await logOf([
      'exec',
      ...LOCAL,
      '-m',
      'debug',
      '-a',
      'msg={{db_password}}',
      'all',
    ]);
    expect(lines).toEqual(['| web1 | SUCCESS => {', '      "msg": "[hidden]"', '  }']);
  });

  it('has the error that kept a run from beginning', async () => {
    const lines = await logOf(['run', ...LOCAL, 'site.yml'], {
      'site.yml': '- hosts: all\n  taks: []\n',
    });
    expect(lines.join('\n')).toMatch(/^\| site\.yml:2:3: .*"taks"/);
  });

  it('that cannot be written is a warning', async () => {
    using scratch = new Scratch({ 'site.yml': SITE });
    const environment = { ANSIBLE_LOG_PATH: '/nowhere/run.log' };
    const { code, stderr } = await scratch.drover(['run', ...LOCAL, 'site.yml'], { environment });
    expect({ code, told: stderr.match(/the log is not written/g)?.length }).toEqual({
      code: 0,
      told: 1,
    });
  });
});
