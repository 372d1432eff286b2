import { describe, expect, it } from 'vitest';
import { ModuleError } from '../../../../../src/core/errors.ts';
import {
  type AclState,
  acl,
  planAcl,
  setfaclWords,
} from '../../../../../src/modules/files/acl/acl.ts';
import { paramsOf } from '../../driver.ts';

type Params = Parameters<typeof planAcl>[0];

const paramsFor = (args: object) => paramsOf(acl, { path: '/f', ...args }) as Params;
const STATE: AclState = { path: '/f', problem: 'none', acl: ['user::rw-'], trial: ['f: *,*'] };
const USER = { etype: 'user', entity: 'app', state: 'present', permissions: 'rX' };

describe('setfaclWords', () => {
  it.each([
    [USER, ['-m', 'user:app:rX']],
    [{ ...USER, default: true, recursive: true }, ['-d', '--recursive', '-m', 'user:app:rX']],
    [
      { ...USER, follow: false, recalculate_mask: 'mask' },
      ['--mask', '--physical', '-m', 'user:app:rX'],
    ],
    [{ etype: 'group', entity: 'app', state: 'absent' }, ['-x', 'group:app']],
    [{ entry: 'default:user:app:rwx', state: 'present' }, ['-d', '-m', 'user:app:rwx']],
    [{ entry: 'd:g:app', state: 'absent' }, ['-d', '-x', 'g:app']],
  ])('%j', (args, words) => {
    expect(setfaclWords(paramsFor(args))).toEqual(words);
  });
});

describe('planAcl', () => {
  const real = { checkMode: false };

  it.each([
    ['has nothing to do', USER, STATE, 0],
    ['sees a change', USER, { ...STATE, trial: ['f: u::rw-,u:app:r--,*'] }, 1],
    ['sees a change of the default list', USER, { ...STATE, trial: ['f: *,u::rwx'] }, 1],
    ['sees a change below', USER, { ...STATE, trial: ['f: *,*', 'f/g: u::rw-,*'] }, 1],
    ['reads', {}, { ...STATE, trial: [] }, 0],
  ])('%s', (_title, args, state, count) => {
    expect(planAcl(paramsFor(args), state, real)).toHaveLength(count);
  });

  it('says what is missing, and predicts what an earlier task would bring', () => {
    const missing = { ...STATE, problem: 'missing' } as const;
    expect(() => planAcl(paramsFor(USER), missing, real)).toThrow(ModuleError);
    expect(planAcl(paramsFor(USER), missing, { checkMode: true })).toHaveLength(1);
    expect(() => planAcl(paramsFor({}), missing, { checkMode: true })).toThrow('Path not found');
    const bare = { ...STATE, problem: 'no tool' } as const;
    expect(() => planAcl(paramsFor(USER), bare, real)).toThrow('this host has no setfacl');
  });
});

it.each([
  [{ ...USER, entry: 'user:x:r' }, "'entry' MUST NOT be set"],
  [{ recursive: true }, "'recursive' MUST NOT be set"],
  [{ state: 'present', etype: 'user' }, "'permissions' MUST be set"],
  [{ ...USER, state: 'absent' }, "'permissions' MUST NOT be set"],
])('refuses %j', (args, message) => {
  expect(() => paramsFor(args)).toThrow(message);
});
