import type { Scenario } from '../../support/scenarios/scenario.ts';
import { PLAIN_SERVER } from './fileServers.ts';

const OWN = { name: 'Our own', uris: ['file:/srv/repo'], suites: ['./'] };
const FILE = '/etc/apt/sources.list.d/our-own.sources';
const KEYS = '/etc/apt/keyrings/our-own';

/** The file without its first line, and whether apt understands it. */
const WRITTEN = `sed 1d ${FILE}; apt-get indextargets 2>&1 | grep -c ^E:`;

/** What only has to be in a file: apt does not read keys to list its sources. */
const ARMORED = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME\n-----END PGP PUBLIC KEY BLOCK-----';

const FLAT = 'Types: deb\nURIs: file:/srv/repo\nSuites: ./';

const repository = (
  args: Scenario['args'],
  shows: string,
  more: Partial<Scenario> = {},
): Scenario => ({
  module: 'deb822_repository',
  args: { ...OWN, ...args },
  changed: true,
  look: WRITTEN,
  shows: `${shows}\n0`,
  unlikeAnsible: 'Ansible has it since ansible-core 2.15',
  ...more,
});

export const deb822Matrix: readonly Scenario[] = [
  repository({ types: ['deb', 'deb-src'], mode: '0640' }, FLAT.replace('deb', 'deb deb-src')),
  repository({ types: ['deb'], mode: '0640' }, FLAT),
  repository({ mode: '0644' }, FLAT),
  repository(
    {
      suites: ['stable', 'stable-updates'],
      components: ['main', 'more'],
      architectures: ['amd64', 'arm64'],
      languages: ['en', 'none'],
      targets: ['Packages', 'Translations'],
    },
    'Types: deb\nURIs: file:/srv/repo\nSuites: stable stable-updates\nComponents: main more\nArchitectures: amd64 arm64\nLanguages: en none\nTargets: Packages Translations',
  ),
  repository(
    {
      enabled: false,
      trusted: true,
      allow_insecure: true,
      allow_weak: true,
      allow_downgrade_to_insecure: true,
      by_hash: false,
      check_date: false,
      check_valid_until: false,
      date_max_future: 60,
      inrelease_path: 'InRelease',
      pdiffs: false,
      install_python_debian: true,
    },
    `Enabled: no\n${FLAT}\nTrusted: yes\nAllow-Insecure: yes\nAllow-Weak: yes\nAllow-Downgrade-To-Insecure: yes\nBy-Hash: no\nCheck-Date: no\nCheck-Valid-Until: no\nDate-Max-Future: 60\nInRelease-Path: InRelease\nPDiffs: no`,
  ),
  repository({ include: ['probe', 'tree'] }, `${FLAT}\nInclude: probe tree`),
  repository({ exclude: ['tree'] }, `${FLAT}\nExclude: tree`),
  repository(
    { signed_by: ARMORED },
    `${FLAT}\nSigned-By: \n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mDME\n -----END PGP PUBLIC KEY BLOCK-----`,
  ),
  repository(
    { signed_by: '/usr/share/keyrings/debian-archive-keyring.gpg' },
    `${FLAT}\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg`,
  ),
  repository({ signed_by: 'http://127.0.0.1:8000/key' }, `${FLAT}\nSigned-By: ${KEYS}.asc`, {
    setup: `${PLAIN_SERVER}\nprintf '%s' '${ARMORED}' >/srv/served/key`,
  }),
  repository({ signed_by: 'http://127.0.0.1:8000/key' }, `${FLAT}\nSigned-By: ${KEYS}.gpg`, {
    setup: `printf '\\2310' >/srv/served/key`,
  }),
  {
    ...repository({ state: 'absent' }, ''),
    look: `ls ${FILE} ${KEYS}.* 2>/dev/null | wc -l`,
    shows: '0',
  },
];
