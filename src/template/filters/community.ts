/** Filters of the common collections: JMESPath queries and small helpers of `community.general`. */

import { bind } from '../arguments.ts';
import { type Filter, table } from '../plugins.ts';
import { usageError } from '../python/errors.ts';
import { iterate } from '../python/sequence.ts';
import { str } from '../python/text.ts';
import type { InternalDict } from '../python/types.ts';
import { compareVersions } from '../tests/compareVersions.ts';
import { JmesPathError, search } from './jmespath.ts';

export const communityFilters = table<Filter>({
  json_query: (value, args) => {
    const [expression = null] = bind('json_query', args, 'expr');
    try {
      return search(value, str(expression));
    } catch (error) {
      if (!(error instanceof JmesPathError)) throw error;
      throw usageError(`json_query: ${error.message} in "${str(expression)}"`);
    }
  },
  dict: (value) => {
    const dict: InternalDict = new Map();
    for (const pair of iterate(value)) {
      const [key = null, item = null] = iterate(pair);
      dict.set(key, item);
    }
    return dict;
  },
  dict_kv: (value, args) => new Map([[bind('dict_kv', args, 'key')[0] ?? null, value]]),
  counter: (value) => {
    const counts: InternalDict = new Map();
    for (const item of iterate(value)) counts.set(item, Number(counts.get(item) ?? 0) + 1);
    return counts;
  },
  version_sort: (value, args) => {
    const [reverse] = bind('version_sort', args, 'reverse');
    const sorted = [...iterate(value)].sort((a, b) => compareVersions(str(a), str(b), 'loose'));
    return reverse === true ? sorted.reverse() : sorted;
  },
});
