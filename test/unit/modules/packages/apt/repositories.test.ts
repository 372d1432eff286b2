import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  aptKey,
  keyStateOf,
  keyserverUrl,
  planKey,
} from '../../../../../src/modules/packages/apt/aptKey.ts';
import {
  aptRepository,
  newFilePath,
  planRepository,
} from '../../../../../src/modules/packages/apt/aptRepository.ts';
import {
  type Deb822Params,
  slug,
  stanzaText,
} from '../../../../../src/modules/packages/apt/deb822Params.ts';
import {
  deb822Repository,
  planDeb822,
  repositoryStateOf,
} from '../../../../../src/modules/packages/apt/deb822Repository.ts';
import { sourceFilesOf } from '../../../../../src/modules/packages/apt/sourceFiles.ts';
import {
  parseSourceLine,
  parseStanzas,
  stanzaCovers,
} from '../../../../../src/modules/packages/apt/sourceLines.ts';
import {
  armored,
  dearmored,
  isKey,
  publicKeys,
} from '../../../../../src/modules/packages/openpgp.ts';
import { paramsOf } from '../../driver.ts';

const DOCKER =
  'deb [arch=amd64 signed-by=/etc/apt/keyrings/d.asc] https://download.docker.com/linux/debian bookworm stable';

type RepositoryInput = Parameters<typeof planRepository>[0];

describe('apt_repository', () => {
  const plan = (
    args: Readonly<Record<string, unknown>>,
    files: Readonly<Record<string, string>>,
  ) => {
    const output = Object.entries(files).map(([path, text]) => `\x1e${path}\t644\n${text}`);
    const input = paramsOf(aptRepository, args) as RepositoryInput;
    return planRepository(input, sourceFilesOf(output.join(''))).map(({ operation }) => operation);
  };

  it('makes a file named after the address', () => {
    const path = '/etc/apt/sources.list.d/download_docker_com_linux_debian.list';
    expect(plan({ repo: DOCKER }, {})).toEqual([{ path, before: undefined, after: `${DOCKER}\n` }]);
  });

  it.each([
    ['other spacing', { '/etc/apt/sources.list': `${DOCKER.replaceAll(' ', '  ')}   # note\n` }],
    [
      'a slash at the end',
      { '/etc/apt/sources.list.d/x.list': DOCKER.replace('/debian ', '/debian/ ') },
    ],
    [
      'deb822 form',
      {
        '/etc/apt/sources.list.d/x.sources':
          'Types: deb\nURIs: https://download.docker.com/linux/debian\nSuites: bookworm\nComponents: stable\nSigned-By: /etc/apt/keyrings/d.asc\n',
      },
    ],
  ])('finds the same entry with %s', (_name, files) => {
    expect(plan({ repo: DOCKER }, files)).toEqual([]);
  });

  it('switches a disabled entry on', () => {
    const path = '/etc/apt/sources.list';
    expect(plan({ repo: DOCKER }, { [path]: `# ${DOCKER}\n` })).toEqual([
      { path, before: `# ${DOCKER}\n`, after: `${DOCKER}\n` },
    ]);
  });

  it('removes the entry from every file, and files that become empty', () => {
    const files = {
      '/etc/apt/sources.list': `deb http://x y z\n${DOCKER}\n`,
      '/etc/apt/sources.list.d/d.list': `${DOCKER}\n`,
    };
    expect(plan({ repo: DOCKER, state: 'absent' }, files)).toEqual([
      {
        path: '/etc/apt/sources.list',
        before: files['/etc/apt/sources.list'],
        after: 'deb http://x y z\n',
      },
      {
        path: '/etc/apt/sources.list.d/d.list',
        before: files['/etc/apt/sources.list.d/d.list'],
        after: undefined,
      },
    ]);
  });

  it.each([
    ['ppa:team/name', /personal package archives/],
    ['https://example.com', /is not an entry/],
  ])('refuses %s', (repo, message) => {
    expect(() => plan({ repo }, {})).toThrow(message);
  });

  it('keeps a password out of the name of the file', () => {
    expect(
      newFilePath({ repo: 'deb https://me:secret@example.com/apt x main', filename: undefined }),
    ).toBe('/etc/apt/sources.list.d/example_com_apt.list');
  });
});

describe('source entries', () => {
  it('know options, flat repositories and comments', () => {
    expect(parseSourceLine('deb [trusted=yes arch=b,a] file:/srv/apt ./')).toEqual({
      type: 'deb',
      options: new Map([
        ['arch', 'a,b'],
        ['trusted', 'yes'],
      ]),
      uri: 'file:/srv/apt',
      suite: './',
      components: [],
    });
    expect(parseSourceLine('# deb http://x y z')).toBeUndefined();
  });

  it('are not covered by a stanza that is switched off', () => {
    const [stanza] = parseStanzas(
      '# note\nEnabled: no\nTypes: deb\nURIs: http://x\nSuites: y\nComponents: z\n',
    );
    const entry = parseSourceLine('deb http://x y z');
    expect(stanza && entry && stanzaCovers(stanza, entry)).toBe(false);
  });
});

describe('deb822_repository', () => {
  const key = readFileSync(new URL('../fixtures/key.asc', import.meta.url));
  const params = (args: Readonly<Record<string, unknown>>) =>
    paramsOf(deb822Repository, args) as Deb822Params;
  const docker = params({
    name: 'Docker CE',
    uris: 'https://download.docker.com/linux/debian',
    suites: 'bookworm',
    components: ['stable'],
    architectures: ['amd64', 'arm64'],
    signed_by: 'https://download.docker.com/linux/debian/gpg',
    enabled: true,
  });
  const STANZA = `X-Repolib-Name: Docker CE
Enabled: yes
Types: deb
URIs: https://download.docker.com/linux/debian
Suites: bookworm
Components: stable
Architectures: amd64 arm64
Signed-By: /etc/apt/keyrings/docker-ce.asc
`;
  const row = (kind: string, path: string, mode: string, content: Buffer | string) =>
    `${kind}\t${path}\t${mode}\t${Buffer.from(content).toString('base64')}\n`;

  it('writes the key and the stanza', () => {
    const changes = planDeb822(docker, repositoryStateOf(''), key);
    expect(changes.map(({ what, after }) => [what, after])).toEqual([
      ['/etc/apt/keyrings/docker-ce.asc', key.toString()],
      ['/etc/apt/sources.list.d/docker-ce.sources', STANZA],
    ]);
  });

  it('changes nothing but the mode when all is there', () => {
    const state = repositoryStateOf(
      row('stanza', '/etc/apt/sources.list.d/docker-ce.sources', '600', STANZA) +
        row('key', '/etc/apt/keyrings/docker-ce.asc', '644', key),
    );
    expect(
      planDeb822(docker, state, key).map(({ what, before, after }) => [what, before, after]),
    ).toEqual([['/etc/apt/sources.list.d/docker-ce.sources: mode', '0600', '0644']]);
  });

  it('removes the stanza and the key that was fetched', () => {
    const state = repositoryStateOf(
      row('stanza', '/s', '644', STANZA) + row('key', '/k', '644', Buffer.from([0x99, 0, 1])),
    );
    const absent = params({ name: 'Docker CE', state: 'absent' });
    expect(planDeb822(absent, state, undefined).map(({ operation }) => operation)).toEqual([
      { type: 'remove', path: '/s' },
      { type: 'remove', path: '/k' },
    ]);
  });

  it('indents a key that is part of the stanza', () => {
    const text = stanzaText(docker, '-----BEGIN\n\nabc\n-----END\n');
    expect(text).toContain('Signed-By: \n -----BEGIN\n .\n abc\n -----END\n');
    expect(parseStanzas(text)[0]?.fields.get('signed-by')).toBe('\n-----BEGIN\n.\nabc\n-----END');
  });

  it('names files so that apt reads them', () => {
    expect(slug('My Repo (v2.0)')).toBe('my-repo-v2-0');
  });
});

describe('OpenPGP keys', () => {
  const FINGERPRINT = '7DF2B49FA20390CEBF9BF6ECE471921B519E66BC';
  const SUBKEY = '6EC896AFD08A4833A1D17CDD2CE6BF9B524B4C41';
  const key = readFileSync(new URL('../fixtures/key.asc', import.meta.url));

  it('have the fingerprints that gpg 2.2.40 shows', () => {
    expect(publicKeys(key).map(({ fingerprint, subkeys }) => [fingerprint, subkeys])).toEqual([
      [FINGERPRINT, [SUBKEY]],
    ]);
  });

  it('are known by the end of their fingerprint, and by a subkey', () => {
    const [found] = publicKeys(key);
    expect(
      found && [isKey(found, '519E66BC'), isKey(found, SUBKEY), isKey(found, 'DEADBEEF')],
    ).toEqual([true, true, false]);
  });

  it('survive armor', () => {
    expect(dearmored(Buffer.from(armored(dearmored(key))))).toEqual(dearmored(key));
  });

  it.each([[''], ['<html>not a key</html>'], ['\x99\xff\xff']])('are not found in %j', (text) => {
    expect(publicKeys(Buffer.from(text, 'latin1'))).toEqual([]);
  });

  type KeyInput = Parameters<typeof planKey>[0];
  const input = (args: Readonly<Record<string, unknown>>) => paramsOf(aptKey, args) as KeyInput;
  const there = keyStateOf(`keyring\t/etc/apt/trusted.gpg.d/x.asc\t${key.toString('base64')}\n`);

  it('are added once', () => {
    const wanted = input({ data: key.toString() });
    const [change] = planKey(wanted, keyStateOf(''), key);
    expect(change?.operation).toEqual({
      path: `/etc/apt/trusted.gpg.d/${FINGERPRINT}.gpg`,
      content: dearmored(key),
    });
    expect(planKey(wanted, there, key)).toEqual([]);
  });

  it('are removed with their file', () => {
    const [change] = planKey(input({ id: '0x519E66BC', state: 'absent' }), there, undefined);
    expect(change?.operation).toEqual({ path: '/etc/apt/trusted.gpg.d/x.asc', content: undefined });
  });

  it('must be the one that was asked for', () => {
    expect(() => planKey(input({ id: 'DEADBEEF', data: 'x' }), keyStateOf(''), key)).toThrow(
      'the source does not hold the key DEADBEEF',
    );
  });

  it.each([
    [
      'keyserver.ubuntu.com',
      'https://keyserver.ubuntu.com/pks/lookup?op=get&options=mr&search=0xAB',
    ],
    [
      'hkp://keys.example.com:80',
      'http://keys.example.com:80/pks/lookup?op=get&options=mr&search=0xAB',
    ],
    [
      'hkp://keys.example.com',
      'http://keys.example.com:11371/pks/lookup?op=get&options=mr&search=0xAB',
    ],
    [
      'hkps://keys.example.com',
      'https://keys.example.com/pks/lookup?op=get&options=mr&search=0xAB',
    ],
  ])('come from the key server %s', (server, url) => {
    expect(keyserverUrl(server, 'AB')).toBe(url);
  });
});
