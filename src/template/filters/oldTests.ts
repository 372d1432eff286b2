/** Tests that older playbooks write as filters (`result | changed`); each use warns with the new spelling. */
import { type Filter, table } from '../plugins.ts';

/** Old filter name → the test that took its place (ansible-core removed the filters in 2.9). */
const REPLACEMENTS: Readonly<Record<string, string>> = {
  changed: 'changed',
  change: 'changed',
  failed: 'failed',
  failure: 'failed',
  succeeded: 'succeeded',
  success: 'succeeded',
  skipped: 'skipped',
  skip: 'skipped',
  version_compare: 'version',
  match: 'match',
  search: 'search',
  issubset: 'subset',
  issuperset: 'superset',
};

export const oldTestFilters = table<Filter>(
  Object.fromEntries(
    Object.entries(REPLACEMENTS).map(([name, test]): [string, Filter] => [
      name,
      Object.assign<Filter, Pick<Filter, 'replacedBy'>>(
        (value, args, context) => context.applyTest(test, value, args),
        { replacedBy: `is ${test}` },
      ),
    ]),
  ),
);
