/** Where a run's hosts come from when nobody says. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runCli } from '../../support/runPlaybook.ts';

describe('without an inventory', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-inventory-'));
  const playbook = join(folder, 'site.yml');
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('has the implicit localhost, and says that nothing else is there', async () => {
    writeFileSync(
      playbook,
      '- hosts: localhost\n  gather_facts: false\n  tasks: [{debug: {msg: here}}]\n- hosts: all\n  tasks: [{fail: }]\n',
    );
    const { code, stdout, stderr } = await runCli([playbook], { folder });
    expect(stderr).toMatch(/^\[WARNING\]: no inventory: only the implicit localhost/m);
    expect(stdout).toContain('ok: [localhost] => {\n    "msg": "here"');
    expect(stdout).toContain('skipping: no hosts matched');
    expect(code).toBe(0);
  });
});
