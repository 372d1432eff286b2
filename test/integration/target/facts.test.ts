/** Our facts beside those of the real Ansible on the same machine, key by key. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PlainFacts } from '../../../src/target/facts/family.ts';
import { gatherFacts } from '../../../src/target/facts.ts';
import { scratchTarget } from '../../support/fakeTarget.ts';

const ANSIBLE = '/usr/bin/ansible';

/** Differ by the moment, or by whose environment it is. */
const MOMENTARY = new Set([
  'date_time',
  'env',
  'loadavg',
  'memfree_mb',
  'memory_mb',
  'swapfree_mb',
  'uptime_seconds',
]);

/**
 * Differ on purpose: Python's module for SELinux is none of ours, and its `getfqdn` takes the first name of the loopback
 * address ("localhost") for a host without a domain, where `hostname -f` names the host.
 */
const DIFFERENT = new Set(['selinux_python_present', 'fqdn', 'domain', 'python', 'python_version']);

describe.skipIf(!existsSync(ANSIBLE))('facts beside ansible -m setup', () => {
  let ours: PlainFacts;
  let theirs: Record<string, unknown>;
  const { target, close } = scratchTarget();
  beforeAll(async () => {
    theirs = ansibleFacts();
    ours = await gatherFacts(target);
  });
  afterAll(close);

  test('every fact that Ansible has is there', () => {
    const missing = Object.keys(theirs).filter((name) => !(name in ours) && !DIFFERENT.has(name));
    expect(missing).toEqual([]);
  });

  test('there is none of our own', () => {
    expect(Object.keys(ours).filter((name) => !(name in theirs))).toEqual([]);
  });

  test('values and types are the same', () => {
    const stable = (facts: Record<string, unknown>): object =>
      comparable(
        Object.fromEntries(
          Object.entries(facts).filter(([name]) => !MOMENTARY.has(name) && !DIFFERENT.has(name)),
        ),
      );
    expect(stable(ours)).toEqual(stable(theirs));
  });

  test('those of the moment have the same shape, and numbers close by', () => {
    const shape = (facts: Record<string, unknown>): object =>
      [...MOMENTARY].filter((name) => name !== 'env').map((name) => [name, shapeOf(facts[name])]);
    expect(shape(ours)).toEqual(shape(theirs));
    expect(
      Math.abs(Number(ours['uptime_seconds']) - Number(theirs['uptime_seconds'])),
    ).toBeLessThan(60);
  });

  test.each([
    '!all',
    '!all,!min',
    '!all,!min,pkg_mgr',
    'network',
    'mounts',
    'all,!network',
    '!hardware',
  ])('gather_subset=%s gives the same names', async (subset) => {
    const names = Object.keys(await gatherFacts(target, { subset: subset.split(',') }));
    const theirNames = Object.keys(ansibleFacts(`gather_subset=${subset}`));
    // Ansible adds Python's version to whatever is asked.
    const relevant = (all: string[]): string[] => all.filter((name) => !DIFFERENT.has(name)).sort();
    expect(relevant(names)).toEqual(relevant(theirNames));
  });

  test('filter=ansible_distribution*,hostname gives the same names', async () => {
    const filter = ['ansible_distribution*', 'ansible_hostname', 'nothing'];
    const names = Object.keys(await gatherFacts(target, { filter }));
    expect(names.sort()).toEqual(Object.keys(ansibleFacts(`filter=${filter.join(',')}`)).sort());
  });
});

function ansibleFacts(argument = ''): Record<string, unknown> {
  const output = execFileSync(
    ANSIBLE,
    ['localhost', '-i', 'localhost,', '-c', 'local', '-m', 'setup', '-a', argument],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3', ANSIBLE_NOCOLOR: '1' },
    },
  );
  const { ansible_facts: facts } = JSON.parse(output.slice(output.indexOf('{')));
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name.replace(/^ansible_/, ''), value]),
  );
}

/** Without what changes while the test runs, and interfaces in one order. */
function comparable(facts: Record<string, unknown>): object {
  const text = JSON.stringify(facts, (key, value) => {
    if (/^(block|inode)_(available|used)$|^size_available$/.test(key)) return typeof value;
    if (
      key === 'interfaces' ||
      key.startsWith('virtualization_tech') ||
      /^all_ipv._addresses$/.test(key)
    )
      return [...value].sort();
    return value;
  });
  return JSON.parse(text);
}

function shapeOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value;
  const entries = Object.entries(value).map(([key, member]) => [key, shapeOf(member)]);
  return Object.fromEntries(entries);
}
