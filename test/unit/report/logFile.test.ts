import { readFileSync, renameSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LogFile } from '../../../src/report/logFile.ts';
import { Scratch } from '../../support/drover.ts';

const NOON = new Date(2026, 10, 3, 12, 4, 5, 67);

function logIn(path: string, failures: string[] = []): LogFile {
  const onFailure = (reason: string): void => void failures.push(reason);
  return new LogFile({ path, processId: 42, userName: 'alice', now: () => NOON, onFailure });
}

describe('LogFile', () => {
  it('appends records with time, process and user', () => {
    using scratch = new Scratch({ log: 'before\n' });
    const log = logIn(scratch.path('log'));
    log.write('\nPLAY [all] ***\n');
    log.write('\n');
    log.write('ok: [web1]\n');
    expect(readFileSync(scratch.path('log'), 'utf8')).toBe(
      [
        'before',
        '2026-11-03 12:04:05,067 p=42 u=alice n=drover | PLAY [all] ***',
        '2026-11-03 12:04:05,067 p=42 u=alice n=drover | ok: [web1]',
        '',
      ].join('\n'),
    );
  });

  it('lets no text look like a record', () => {
    using scratch = new Scratch();
    logIn(scratch.path('log')).write('web1 said\n2026-11-03 12:04:05,067 p=1 u=root n=drover | ok');
    const lines = readFileSync(scratch.path('log'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => line.startsWith('2026'))).toEqual([true, false]);
  });

  it('makes a file that only its owner may read, also when it was moved away', () => {
    using scratch = new Scratch();
    const log = logIn(scratch.path('log'));
    log.write('one');
    renameSync(scratch.path('log'), scratch.path('log.1'));
    log.write('two');
    expect((statSync(scratch.path('log')).mode & 0o777).toString(8)).toBe('600');
  });

  it('says once that it cannot be written', () => {
    using scratch = new Scratch();
    const failures: string[] = [];
    const log = logIn(scratch.path('missing/log'), failures);
    log.write('one');
    log.write('two');
    expect(failures).toEqual([expect.stringContaining('ENOENT')]);
  });
});
