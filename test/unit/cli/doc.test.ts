import { describe, expect, it } from 'vitest';
// Loaded here, so that loading is not part of the first test.
import '../../../src/cli/doc.ts';
import { Scratch } from '../../support/drover.ts';

async function doc(...argv: readonly string[]) {
  using scratch = new Scratch();
  return scratch.drover(['doc', ...argv]);
}

describe('drover doc', () => {
  it('shows a module by any of its names', async () => {
    const { stdout } = await doc('ansible.builtin.ping');
    expect(stdout).toMatch(/^ansible\.builtin\.ping\n/);
    expect(stdout).toContain('\nPARAMETERS (= required)\n- data: ');
    expect((await doc('ping')).stdout).toBe(stdout);
  });

  it('shows defaults, choices, aliases and required parameters', async () => {
    const { stdout } = await doc('lineinfile');
    expect(stdout).toContain('\n= path (also dest, destfile, name): text\n');
    expect(stdout).toContain(
      '\n- state: text, default present\n    Whether the line shall be there. One of: present, absent.\n',
    );
  });

  it('prints Markdown and JSON', async () => {
    expect((await doc('ping', '-f', 'markdown')).stdout).toContain('# ping\n');
    expect(JSON.parse((await doc('ping', 'stat', '-f', 'json')).stdout)).toMatchObject([
      { name: 'ping', fullName: 'ansible.builtin.ping' },
      { name: 'stat' },
    ]);
  });

  it('lists modules, filters, tests and lookups', async () => {
    expect((await doc('-l', 'lineinfile')).stdout).toMatch(/^lineinfile {2}Make sure/);
    expect((await doc('-t', 'filter', 'ternary')).stdout).toBe('ternary\n');
    expect((await doc('-t', 'test', 'defined')).stdout).toBe('defined\nundefined\n');
    expect((await doc('-t', 'lookup')).stdout).toContain('\nfile\n');
  });

  it('says what else a name may be', async () => {
    expect((await doc('ternary')).stderr).toContain('"ternary" is a filter');
    expect((await doc('lineinfiel')).stderr).toContain('did you mean "lineinfile"?');
    expect((await doc()).stderr).toContain('name a module');
  });

  it('shows the modules of the project', async () => {
    using scratch = new Scratch({
      'modules/motd.ts': MOTD,
      'roles/web/library/reload.sh': '#!/bin/sh\n',
      'collections/ansible_collections/my/tools/plugins/modules/speak.py': '#!/usr/bin/python\n',
    });
    const shown = await scratch.drover(['doc', 'motd', 'reload', 'my.tools.speak', '-f', 'json']);
    expect(JSON.parse(shown.stdout)).toMatchObject([
      { fullName: 'motd', summary: 'Keep a message', parameters: [{ name: 'message' }] },
      { fullName: 'reload', isOpen: true },
      { fullName: 'my.tools.speak', isOpen: true },
    ]);
  });
});

const MOTD = `import { defineAction, text, z } from 'drover';
export default defineAction({
  name: 'motd',
  summary: 'Keep a message',
  params: z.strictObject({ message: text().describe('Its text.') }),
  examples: ['- motd: { message: hello }'],
  checkMode: 'skip',
  run: () => ({ changed: false }),
});
`;
