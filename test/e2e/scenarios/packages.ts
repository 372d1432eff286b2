import type { Scenario } from '../../support/scenarios/scenario.ts';

const UNPACK = `cd /var/tmp && apt-get download -q tree >/dev/null && mv tree_*.deb tree.deb && dpkg --unpack tree.deb >/dev/null`;

/** A package at which dpkg is killed, once. */
const KILLED = `root=$(mktemp -d) && mkdir $root/DEBIAN
printf '%s\\n' 'Package: killed' 'Version: 1.0' 'Architecture: all' 'Maintainer: Ops <ops@example.org>' 'Description: ends dpkg' >$root/DEBIAN/control
printf '#!/bin/sh\\n[ -e /var/tmp/killed ] || { : >/var/tmp/killed; kill -s KILL $PPID; }\\n' >$root/DEBIAN/postinst
chmod 755 $root/DEBIAN/postinst
dpkg-deb --root-owner-group -b $root /var/tmp/killed.deb >/dev/null
rm -r $root
dpkg -i /var/tmp/killed.deb >/dev/null || ls /var/lib/dpkg/updates/0000`;

const NEWER = 'Ansible has it since ansible-core 2.15';

export const packageScenarios: readonly Scenario[] = [
  { module: 'apt', args: { name: ['tree', 'bash'], update_cache: true }, changed: true },
  { module: 'apt', args: { update_cache: true, cache_valid_time: 3600 }, changed: false },
  {
    module: 'apt',
    setup: 'rm /var/lib/apt/lists/*Release; touch -d yesterday /var/lib/apt/lists',
    args: { update_cache: true, cache_valid_time: 3600 },
    changed: true,
  },
  { module: 'apt', args: { name: 'tree=2*' }, changed: false },
  {
    module: 'apt',
    setup: 'apt-mark auto tree >/dev/null',
    args: { name: ['tree', 'bash'] },
    changed: false,
    look: 'apt-mark showmanual tree',
    shows: 'tree',
  },
  { module: 'dpkg_selections', args: { name: 'tree', selection: 'hold' }, changed: true },
  { module: 'dpkg_selections', args: { name: 'tree', selection: 'install' }, changed: true },
  { module: 'apt', args: { name: 'tree', state: 'absent', purge: true }, changed: true },
  {
    module: 'apt',
    setup: UNPACK,
    args: { name: 'tree' },
    changed: true,
    look: `dpkg-query -W -f '\${db:Status-Status}' tree`,
    shows: 'installed',
  },
  { module: 'apt', args: { deb: '/var/tmp/tree.deb' }, changed: false },
  { module: 'package', args: { name: 'tree', state: 'absent' }, changed: true },
  { module: 'apt', args: { deb: '/var/tmp/tree.deb' }, changed: true },
  {
    module: 'apt',
    setup: KILLED,
    args: { name: 'killed', state: 'absent' },
    changed: true,
    unlikeAnsible: 'it fails until somebody has run dpkg --configure -a',
    look: 'ls /var/lib/dpkg/updates; dpkg-query -W killed 2>/dev/null || echo gone',
    shows: 'gone',
  },
];

export const repositoryScenarios: readonly Scenario[] = [
  {
    module: 'apt_repository',
    setup: 'mkdir -p /srv/repo && : >/srv/repo/Packages',
    args: { repo: 'deb [trusted=yes] file:/srv/repo ./', filename: 'own', mode: '0640' },
    changed: true,
    look: 'cat /etc/apt/sources.list.d/own.list; stat -c %a /etc/apt/sources.list.d/own.list',
    shows: 'deb [trusted=yes] file:/srv/repo ./\n640',
  },
  {
    module: 'apt_repository',
    unlikeAnsible: 'it compares the line as it is written',
    args: { repo: 'deb [trusted=yes]  file:/srv/repo/   ./', state: 'absent' },
    changed: true,
    look: '[ -e /etc/apt/sources.list.d/own.list ] || echo gone',
    shows: 'gone',
  },
  {
    module: 'deb822_repository',
    unlikeAnsible: NEWER,
    args: { name: 'own', uris: 'file:/srv/repo', suites: './', trusted: true },
    changed: true,
    look: 'apt-get update 2>&1 | grep -c "^E:"',
    shows: '0',
  },
  {
    module: 'deb822_repository',
    args: { name: 'own', state: 'absent' },
    changed: true,
    unlikeAnsible: NEWER,
  },
];

/** After `repositoryScenarios`. */
export const repositoryMatrix: readonly Scenario[] = [
  {
    module: 'apt_repository',
    // Ansible's host still has what it took for another line.
    setup: 'rm -f /etc/apt/sources.list.d/own.list',
    args: { repo: 'deb [trusted=yes] file:/srv/repo ./', update_cache: false },
    changed: true,
  },
  {
    module: 'apt_repository',
    args: { repo: 'deb [trusted=yes] file:/srv/repo ./', state: 'absent', update_cache: false },
    changed: true,
  },
  {
    module: 'apt_repository',
    args: {
      repo: 'deb [trusted=yes] file:/srv/repo ./',
      codename: 'bookworm',
      update_cache_retries: 1,
      update_cache_retry_max_delay: 1,
      validate_certs: false,
      install_python_apt: false,
    },
    changed: true,
  },
  {
    module: 'apt_repository',
    args: { repo: 'deb [trusted=yes] file:/srv/repo ./', state: 'absent' },
    changed: true,
  },
  {
    module: 'debconf',
    args: { name: 'tzdata', question: 'tzdata/Areas', vtype: 'select', value: 'Europe' },
    changed: true,
    look: 'debconf-show tzdata | grep Areas',
    shows: '* tzdata/Areas: Europe',
  },
  {
    module: 'debconf',
    args: { name: 'tzdata', question: 'tzdata/Areas', vtype: 'select', value: 'Etc', unseen: true },
    changed: true,
  },
  {
    module: 'debconf',
    args: { name: 'probe', question: 'probe/enabled', vtype: 'boolean', value: 'true' },
    changed: true,
    look: 'debconf-show probe',
    shows: '* probe/enabled: true',
  },
  {
    module: 'debconf',
    args: { name: 'probe', question: 'probe/words', vtype: 'string', value: 'two  words' },
    changed: true,
    look: 'debconf-show probe | grep words',
    shows: '* probe/words: two  words',
  },
  { module: 'debconf', args: { name: 'probe' }, changed: false, sameKeys: ['current'] },
];
