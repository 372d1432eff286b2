import { describe, expect, it } from 'vitest';
import { octal, wantedMode } from '../../../../src/modules/files/fileMode.ts';

describe('wantedMode', () => {
  it.each([
    ['0644', 0o777, '0644'],
    ['755', 0o0, '0755'],
    ['01777', 0o0, '1777'],
    ['u=rw,g=r,o=', 0o777, '0640'],
    ['a+x', 0o644, '0755'],
    ['go-w', 0o666, '0644'],
    ['+w', 0o444, '0644'],
    ['u+s,g+s,+t', 0o755, '7755'],
    ['g=u', 0o640, '0660'],
    ['u=rwX,go=rX', 0o600, '0644'],
    ['a=rX', 0o744, '0555'],
    ['u=,g-rwx', 0o750, '0000'],
  ])('%s on %o', (mode, current, expected) => {
    expect(octal(wantedMode(mode, { current, isDirectory: false, umask: 0o022 }))).toBe(expected);
  });

  it('gives X to directories', () => {
    expect(octal(wantedMode('u=rwX,go=rX', { current: 0, isDirectory: true, umask: 0 }))).toBe(
      '0755',
    );
  });

  it.each(['rw', 'u=z', '', 'u=rw;g=r', '999'])('refuses %j', (mode) => {
    expect(() => wantedMode(mode, { current: 0, isDirectory: false, umask: 0 })).toThrow(
      /mode must be/,
    );
  });
});
