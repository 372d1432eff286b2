import { expect, it } from 'vitest';
import { type AptParams, aptOperation } from '../../../../../src/modules/packages/apt/aptParams.ts';

it('upgrades everything with *, and nothing beside it', () => {
  const params = (name: string[]) => ({ name, state: 'latest', upgrade: 'no' }) as AptParams;
  expect(aptOperation(params(['*']))).toBe('upgrade');
  expect(aptOperation(params(['vim']))).toBe('install');
  expect(() => aptOperation(params(['*', 'vim']))).toThrow('unable to install additional packages');
});
