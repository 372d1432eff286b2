import { describe, expect, it } from 'vitest';
import { isSelectedByTags } from '../../../../src/engine/plays/tags.ts';

interface Scenario {
  readonly tags: readonly string[];
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly runs: boolean;
}

const scenarios: readonly Scenario[] = [
  { tags: [], runs: true },
  { tags: ['a'], only: ['a'], runs: true },
  { tags: ['b'], only: ['a'], runs: false },
  { tags: [], only: ['a'], runs: false },
  { tags: ['always'], only: ['a'], runs: true },
  { tags: ['always'], skip: ['always'], runs: false },
  { tags: ['never'], runs: false },
  { tags: ['never', 'debug'], only: ['debug'], runs: true },
  { tags: ['never'], only: ['all'], runs: false },
  { tags: ['a'], only: ['tagged'], runs: true },
  { tags: [], only: ['tagged'], runs: false },
  { tags: [], only: ['untagged'], runs: true },
  { tags: ['a'], only: ['untagged'], runs: false },
  { tags: ['a', 'b'], skip: ['b'], runs: false },
  { tags: ['a'], skip: ['tagged'], runs: false },
  { tags: [], skip: ['untagged'], runs: false },
  { tags: ['always'], skip: ['all'], runs: true },
  { tags: ['a'], skip: ['all'], runs: false },
];

describe('--tags and --skip-tags', () => {
  it.each(scenarios)(
    'tags $tags, only $only, skip $skip: $runs',
    ({ tags, only = [], skip = [], runs }) => {
      expect(isSelectedByTags(tags, { only, skip })).toBe(runs);
    },
  );
});
