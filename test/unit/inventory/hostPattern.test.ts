import { describe, expect, test } from 'vitest';
import { limitHosts, matchHosts, splitPattern } from '../../../src/inventory/hostPattern.ts';
import { loadInventory } from '../../../src/inventory/sources.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';

const HOSTS = 'top\n[web]\nweb[1:3]\ndb1\n[db]\ndb[1:2]\n[alpha]\nweb1\n[empty]\n';
const { inventory } = loadInventory(['hosts'], {
  cwd: '/',
  files: memoryFiles({ '/hosts': HOSTS }),
});

describe('matchHosts', () => {
  test.each([
    ['all', ['top', 'web1', 'web2', 'web3', 'db1', 'db2']],
    ['*', ['top', 'web1', 'web2', 'web3', 'db1', 'db2']],
    ['web', ['web1', 'web2', 'web3', 'db1']],
    ['web:&alpha', ['web1']],
    ['!web', ['top', 'db2']],
    ['&db', ['db1', 'db2']],
    ['!alpha:web', ['web2', 'web3', 'db1']],
    ['db2,top', ['db2', 'top']],
    ['web:db', ['web1', 'web2', 'web3', 'db1', 'db2']],
    ['db*', ['db1', 'db2']],
    ['~(web|db)[12]', ['web1', 'web2', 'db1', 'db2']],
    ['web[0]', ['web1']],
    ['web[-1]', ['db1']],
    ['web[1:2]', ['web2', 'web3']],
    ['web[2:]', ['web3', 'db1']],
    ['web[0-1]', ['web1', 'web2']],
    ['ungrouped', ['top']],
    ['empty', []],
    ['localhost', ['localhost']],
  ])('%s', (pattern, hosts) => {
    expect(matchHosts(inventory, pattern)).toEqual({ hosts, warnings: [] });
  });

  test('a list of patterns', () => {
    expect(matchHosts(inventory, ['web', '!alpha']).hosts).toEqual(['web2', 'web3', 'db1']);
  });

  test('a name that nobody has', () => {
    const source = { file: 'f', line: 1, column: 1 };
    expect(matchHosts(inventory, 'wbe:top', source)).toEqual({
      hosts: ['top'],
      warnings: [
        {
          kind: 'warning',
          message: 'no host or group is called "wbe"',
          source,
          hint: 'did you mean "web"?',
        },
      ],
    });
  });

  test('what makes no sense is refused', () => {
    expect(() => matchHosts(inventory, '~(')).toThrow('"~(" is no regular expression');
    expect(() => matchHosts(inventory, 'web[7]')).toThrow('there are 4, counted from 0');
  });
});

test('limitHosts keeps the order of the play and reads @file', () => {
  const lines = (file: string) => (file === 'x.retry' ? ['web3', 'web1', ''] : []);
  expect(limitHosts(inventory, ['web1', 'web2', 'web3'], '@x.retry', lines).hosts).toEqual([
    'web1',
    'web3',
  ]);
  expect(limitHosts(inventory, ['web1', 'web2'], 'all:!web1', lines).hosts).toEqual(['web2']);
});

test.each([
  ['a,b:c', ['a', 'b:c']],
  ['a:b[1:2]:!c', ['a', 'b[1:2]', '!c']],
  ['::1', ['::1']],
  ['~a:b', ['~a:b']],
])('splitPattern %s', (pattern, parts) => {
  expect(splitPattern(pattern)).toEqual(parts);
});
