import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsonFileCache } from '../../../src/vars/factCache.ts';
import { HostStore } from '../../../src/vars/hostStore.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-facts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const cache = (changes: { prefix?: string; timeoutSeconds?: number; now?: () => Date } = {}) =>
  jsonFileCache({ folder, prefix: '', timeoutSeconds: 60, now: () => new Date(), ...changes });
const FACTS = new Map([['ansible_system', 'Linux']]);

describe('a facts cache in JSON files', () => {
  it('is known to the next run', () => {
    new HostStore(cache().ofHost('a')).addFacts(FACTS);
    const later = new HostStore(cache().ofHost('a'));
    expect(later.facts).toEqual(new Map([['system', 'Linux']]));
    expect(new HostStore(cache().ofHost('b')).facts.size).toBe(0);
  });

  it('is written as the real one reads it', () => {
    cache({ prefix: 'p_' }).ofHost('a').write(FACTS);
    expect(readdirSync(folder)).toEqual(['p_a']);
    expect(JSON.parse(readFileSync(join(folder, 'p_a'), 'utf8'))).toEqual({
      ansible_system: 'Linux',
      _ansible_facts_gathered: true,
    });
  });

  it('counts no more after its time', () => {
    cache().ofHost('a').write(FACTS);
    const inTwoMinutes = () => new Date(Date.now() + 120_000);
    expect(cache({ now: inTwoMinutes }).ofHost('a').read().size).toBe(0);
    expect(cache({ now: inTwoMinutes, timeoutSeconds: 0 }).ofHost('a').read().size).toBe(1);
  });

  it('forgets one host, or all', () => {
    for (const host of ['a', 'b', 'c']) cache().ofHost(host).write(FACTS);
    new HostStore(cache().ofHost('a')).clearFacts();
    expect(readdirSync(folder)).toEqual(['b', 'c']);
    cache().flush();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes a file that holds no facts for none', () => {
    writeFileSync(join(folder, 'a'), 'not JSON');
    expect(cache().ofHost('a').read().size).toBe(0);
  });
});
