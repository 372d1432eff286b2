/** The project's own template cases, answered by the real Ansible (generateJinjaCases.py), and the shared open ones. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type ConformanceMode,
  missOf,
  openCases,
  readCases,
} from '../../conformance/jinjaCases.ts';

const MODES: readonly ConformanceMode[] = ['native', 'legacy'];
const OWN = ['ansible-2.14.json', 'ansible-2.14-more.json', 'ansible-2.14-errors.json'].map(
  (name) => path.join(import.meta.dirname, 'cases', name),
);
const ROOT = path.join(import.meta.dirname, '..', '..', '..');

describe('own cases', () => {
  it.each(MODES)('are answered as ansible-core answers them in %s mode', (mode) => {
    expect(
      OWN.flatMap(readCases)
        .map((test) => missOf(test, mode))
        .filter(Boolean),
    ).toEqual([]);
  });
});

describe('open cases', () => {
  const cases = openCases(ROOT);
  const title =
    cases === undefined ? 'SKIPPED: ../shared is not beside this project' : 'are answered alike';
  /** The oracle ran without jmespath, so that it fails where drover answers. */
  const WANTED = ['filters-ansible-079'];

  it.skipIf(cases === undefined).each(MODES)(`${title} in %s mode`, (mode) => {
    const misses = (cases ?? [])
      .map((test) => missOf(test, mode))
      .filter((miss) => miss !== undefined);
    expect(misses.filter(({ id }) => !WANTED.includes(id))).toEqual([]);
  });
});
