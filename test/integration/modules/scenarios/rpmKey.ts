/** Every parameter of `rpm_key`, with a database of rpm in a home directory of its own (Debian's rpm keeps it there). */
import { rpmKey } from '../../../../src/modules/packages/dnf/rpmKey.ts';
import { type LocalSuite, rows } from '../localScenarios.ts';

const SNAPSHOT = `HOME=$PWD/home rpm -q gpg-pubkey || :`;

export interface KeyPlaces {
  /** A file with a key, and a URL where it is too. */
  readonly file: string;
  readonly url: string;
  readonly fingerprint: string;
}

export function rpmKeySuite({ file, url, fingerprint }: KeyPlaces): LocalSuite {
  const id = fingerprint.slice(-8);
  const IMPORTED = `HOME=$PWD/home rpm --import ${file}`;

  const on = rows((setup, args) => ({
    setup: `mkdir home; ${setup}`,
    args,
    environment: { HOME: '@/home' },
    snapshot: SNAPSHOT,
  }));
  const spaced = fingerprint.replace(/(.{4})(?=.)/g, '$1 ');
  const other = fingerprint.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));

  return {
    module: rpmKey,
    scenarios: [
      on('', 'imports a file', { key: file }, true),
      on(IMPORTED, 'has a file', { key: file }, false),
      on('', 'imports a URL', { key: url, validate_certs: false }, true),
      on(IMPORTED, 'has a URL', { key: url }, false),
      on('', 'imports by its fingerprint', { key: file, fingerprint }, true),
      on(
        '',
        'reads a fingerprint with blanks',
        { key: file, fingerprint: spaced.toLowerCase() },
        true,
      ),
      on('', 'refuses another fingerprint', { key: file, fingerprint: other }, false, {
        fails: `has the fingerprint ${fingerprint}, not ${other}`,
      }),
      on(IMPORTED, 'has an id', { key: id }, false),
      on(IMPORTED, 'has an id with a prefix', { key: `0x${id.toLowerCase()}` }, false),
      on(IMPORTED, 'has a long id', { key: fingerprint.slice(-16) }, false),
      on('', 'cannot import an id', { key: id }, false, {
        fails: 'its id alone does not tell where to get it',
      }),
      on(IMPORTED, 'removes a file', { key: file, state: 'absent' }, true),
      on(IMPORTED, 'removes a URL', { key: url, state: 'absent' }, true),
      on(IMPORTED, 'removes an id', { key: id, state: 'absent' }, true),
      on('', 'removes nothing', { key: id, state: 'absent' }, false),
      on('echo none >file', 'takes no other file', { key: '@/file' }, false, {
        fails: 'holds no key',
      }),
      on('', 'needs the file', { key: '@/none' }, false, { fails: 'there is no key file' }),
    ],
  };
}
