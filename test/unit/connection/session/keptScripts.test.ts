import { describe, expect, test } from 'vitest';
import { KeptScripts } from '../../../../src/connection/session/keptScripts.ts';

describe('scripts that a session keeps', () => {
  test('travel once in each session, under one number', () => {
    const [one, other] = [new KeptScripts(), new KeptScripts()];
    const first = one.of('echo "$1"');
    expect(first.text).toBe('echo "$1"');
    expect(one.of('echo "$1"')).toEqual({ number: first.number, text: undefined });
    expect(other.of('echo "$1"')).toEqual(first);
    expect(one.of('echo "$2"').number).not.toBe(first.number);
  });

  test('are not kept when they are too many to be', () => {
    const session = new KeptScripts();
    const long = (n: number) => `${n}${'x'.repeat(100_000)}`;
    for (let n = 0; n < 6; n += 1) session.of(long(n));
    const late = session.of(long(6));
    expect(late).toEqual({ number: 0, text: long(6) });
    expect(session.of(long(6))).toEqual(late);
    expect(session.of('echo short').number).toBeGreaterThan(0);
  });
});
