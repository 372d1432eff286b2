import { describe, expect, test } from 'vitest';
import { parseProcesses, requestTargets } from '../../../../src/connection/session/processTree.ts';

const SESSION = 100;

describe('requestTargets', () => {
  test('names the process groups below the session, and spares its pumps and what earlier requests left', () => {
    const processes = parseProcesses(`
    1     0     1
  100     1   100
  101   100   100
  102   100   100
  103   101   103
  104   103   103
  105   103   105
  200     1   100
  201   200   100
  300     1   300`);
    expect(requestTargets(processes, SESSION).sort()).toEqual([-103, -105]);
  });

  test('names the processes below the session where nothing has a group of its own', () => {
    const processes = parseProcesses('100 1 100\n101 100 100\n102 101 100\n200 1 100\n');
    expect(requestTargets(processes, SESSION).sort()).toEqual([101, 102]);
  });

  test('is empty when the session is gone', () => {
    expect(requestTargets(parseProcesses('1 0 1\n'), SESSION)).toEqual([]);
  });
});
