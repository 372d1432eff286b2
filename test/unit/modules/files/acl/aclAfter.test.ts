import { expect, it } from 'vitest';
import { aclAfter } from '../../../../../src/modules/files/acl/aclAfter.ts';

const FILE = [
  'user::rw-',
  'user:daemon:rw-\t#effective:r--',
  'group::r--',
  'mask::r--',
  'other::r--',
];
const FOLDER = ['user::rwx', 'group::r-x', 'other::r-x'];

it('keeps the lists that stay', () => {
  expect(aclAfter(FILE, ['f: *,*'])).toEqual(FILE);
});

it('gives entries their long names, and says what the mask takes away', () => {
  const trial = 'a: b: u::rw-,u:daemon:rw-,u:sys:rwx,g::rw-,g:adm:r--,m::r--,o::---,*';
  expect(aclAfter(FILE, [trial])).toEqual([
    'user::rw-',
    'user:daemon:rw-\t#effective:r--',
    'user:sys:rwx\t#effective:r--',
    'group::rw-\t#effective:r--',
    'group:adm:r--',
    'mask::r--',
    'other::---',
  ]);
});

it('sets and removes what new files get, beside the list of access', () => {
  const trial = 'd: *,d:u::rwx,d:u:daemon:rwx,d:g::r-x,d:m::r-x,d:o::r-x';
  const after = [
    ...FOLDER,
    'default:user::rwx',
    'default:user:daemon:rwx\t#effective:r-x',
    'default:group::r-x',
    'default:mask::r-x',
    'default:other::r-x',
  ];
  expect(aclAfter(FOLDER, [trial])).toEqual(after);
  expect(aclAfter(after, ['d: *,'])).toEqual(FOLDER);
});

it('keeps the lists of a tree apart', () => {
  const trial = ['d: *,*', 'd/f: u::rw-,g::r--,o::---,*'];
  expect(aclAfter([...FOLDER, '', ...FILE], trial)).toEqual([
    ...FOLDER,
    '',
    'user::rw-',
    'group::r--',
    'other::---',
  ]);
  expect(aclAfter(FOLDER, trial)).toBeUndefined();
});
