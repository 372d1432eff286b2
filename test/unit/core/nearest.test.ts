import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../../src/core/nearest.ts';

describe('nearest', () => {
  it.each([
    ['ownr', 'owner'],
    ['onwer', 'owner'],
    ['Owner', 'owner'],
    ['mdoe', 'mode'],
    ['dest_path', undefined],
    ['x', undefined],
  ])('%s → %s', (name, expected) => {
    expect(nearest(name, ['owner', 'group', 'mode', 'path'])).toBe(expected);
  });

  it('prefers the closer one, then the first', () => {
    expect(nearest('grop', ['crop', 'grop', 'group'])).toBe('grop');
    expect(nearest('cat', ['bat', 'rat'])).toBe('bat');
  });
});

describe('didYouMean', () => {
  it('asks, or says nothing', () => {
    expect(didYouMean('ownr', ['owner'])).toBe('did you mean "owner"?');
    expect(didYouMean('zzz', ['owner'])).toBeUndefined();
  });
});
