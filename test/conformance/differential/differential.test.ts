/** The playbook language, against the real `ansible-playbook`: the same projects on both sides must show the same. */
import { describe, expect, it } from 'vitest';
import { readCases } from './caseFile.ts';
import { compare } from './compare.ts';
import { DIFFERENCES } from './differences.ts';
import { ansibleVersion } from './sides.ts';

const version = ansibleVersion();
const isCi = process.env['CI'] !== undefined;
const cases = readCases();

if (version === undefined) {
  process.stderr.write(
    'SKIPPED: playbooks beside the real one; this machine lacks ansible-core.\n',
  );
}

describe('beside ansible-playbook', () => {
  it.runIf(isCi)('has ansible-playbook to compare with', () => {
    expect(version).toBeDefined();
  });

  it('lists differences only of cases that exist', () => {
    const names = new Set(cases.map(({ name }) => name));
    expect(Object.keys(DIFFERENCES).filter((name) => !names.has(name))).toEqual([]);
  });

  describe.skipIf(version === undefined)('shows the same', { concurrent: true }, () => {
    for (const theme of cases) {
      it(`${theme.name}: ${theme.shows}`, async () => {
        const { wanted, shown, stale, errors } = await compare(theme);
        expect(shown, errors).toEqual(wanted);
        expect(stale).toEqual([]);
      });
    }
  });
});
