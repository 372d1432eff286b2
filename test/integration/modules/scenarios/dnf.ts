/** Every parameter of `dnf` and `yum`, on roots of their own that install from the archive of `rpmArchive.ts`. */
import { dnf } from '../../../../src/modules/packages/dnf/dnf.ts';
import { yum } from '../../../../src/modules/packages/dnf/yum.ts';
import { packageModule } from '../../../../src/modules/packages/package.ts';
import { type LocalScenario, type LocalSuite, rows } from '../localScenarios.ts';
import { LONG_NAME, type RpmArchive } from '../rpmArchive.ts';

/**
 * An empty root, and what puts packages on it: `has FILE…` as rpm does, `did COMMAND…` as dnf does. The links are for dnf, which
 * looks for the folders of its configuration below the root; its Python library does not.
 */
function start({ folder }: RpmArchive): string {
  return `mkdir -p repos.d plugins cache persist "root$PWD"
ln -s "$PWD/cache" "$PWD/persist" "root$PWD"
cat >dnf.conf <<END
[main]
reposdir=$PWD/repos.d
cachedir=$PWD/cache
persistdir=$PWD/persist
pluginpath=$PWD/plugins
pluginconfpath=$PWD/plugins
module_platform_id=platform:el9
best=0
END
repository() { printf '[%s]\\nname=%s\\nbaseurl=file://${folder}/%s\\nenabled=%s\\n%s\\n' "$1" "$1" "$1" "$2" "$3" >"repos.d/$1.repo"; }
repository own 1 gpgcheck=0
repository older 0 gpgcheck=0
repository signed 1 gpgkey=file://${folder}/key.asc
has() { for name; do rpm --root "$PWD/root" -i --nodeps --nosignature "${folder}/own/noarch/$name-1.noarch.rpm"; done; }
did() { dnf -q -y -c dnf.conf --installroot="$PWD/root" --releasever=9 "$@" >/dev/null; }
`;
}

/** Packages, files that they and downloads bring, and the streams of modules. */
const SNAPSHOT = `rpm --root "$PWD/root" -qa --qf '%{NEVRA}\\n' | sort
find root/usr root/etc downloads marks -printf '%p %y %m\\n' 2>/dev/null | sort
cat root/etc/dnf/modules.d/* 2>/dev/null | sort || :`;

/** Also what dnf takes for asked for, not for needed by others. */
const REASONS = `${SNAPSHOT}; dnf -q -c dnf.conf --installroot="$PWD/root" --releasever=9 repoquery --userinstalled | sort`;

/** A plugin that leaves a mark where packages were changed. */
const PLUGIN = `printf '[main]\\nenabled=1\\n' >plugins/mark.conf
cat >plugins/mark.py <<END
import dnf, os
class Mark(dnf.Plugin):
    name = 'mark'
    def transaction(self):
        os.makedirs('$PWD/marks', exist_ok=True)
END
`;

export function dnfSuites(archive: RpmArchive): readonly LocalSuite[] {
  const { folder } = archive;
  const rpm = (name: string) => `${folder}/own/noarch/${name}-1.noarch.rpm`;

  const on = rows((setup, args) => {
    const where = { conf_file: '@/dnf.conf', installroot: '@/root', releasever: '9' };
    return {
      setup: `${start(archive)}${setup}`,
      args: { ...where, ...args },
      sameKeys: ['rc', 'msg'],
      snapshot: SNAPSHOT,
    };
  });

  const RESULTS = { sameKeys: ['rc', 'msg', 'results'] };

  const installs: readonly LocalScenario[] = [
    on('', 'installs', { name: 'one' }, true, RESULTS),
    on('has one-1.0', 'leaves an older version', { name: 'one' }, false),
    on('', 'installs without repoquery', { name: 'one', install_repoquery: false }, true),
    on('', 'installs a list', { name: ['two', 'web'], state: 'installed' }, true),
    on('has one-2.0', 'installs the rest of a list', { name: 'one,web', state: 'present' }, true),
    on('', 'installs a version', { name: 'one-1.0' }, true),
    on('', 'installs a version and release', { name: 'one-1.0-1.noarch' }, true),
    on('', 'installs an architecture', { name: 'one.noarch' }, true),
    on('has one-2.0', 'leaves the newer version', { name: 'one-1.0-1' }, false),
    on('has one-2.0', 'leaves the newer version without a release', { name: 'one-1.0' }, false, {
      unlikeAnsible: 'without a release it takes the version for a part of the name, and goes back',
    }),
    on('has one-1.0', 'installs the newer version', { name: 'one-2.0' }, true),
    on('has one-2.0', 'goes back', { name: 'one-1.0', allow_downgrade: true }, true, RESULTS),
    on('', 'takes a condition', { name: 'one >= 1.5' }, true),
    on('has one-2.0', 'leaves what meets a condition', { name: 'one >= 1.5' }, false),
    on('has one-1.0', 'sees that a condition is not met', { name: 'one >= 1.5' }, true),
    on('', 'takes a condition downwards', { name: 'one < 2.0' }, true),
    on('', 'takes a pattern', { name: 'tw*' }, true),
    on('has one-1.0', 'leaves what a pattern finds', { name: 'on?' }, false),
    on('', 'takes what is provided', { name: 'webserver' }, true),
    on('has web-1.0', 'leaves what is provided', { name: 'webserver' }, false),
    on('', 'takes a path', { name: '/usr/bin/web' }, true),
    on('has web-1.0', 'leaves the owner of a path', { name: '/usr/bin/web' }, false),
    on('', 'takes a file', { name: rpm('one-1.0'), disable_gpg_check: true }, true),
    on('has one-1.0', 'leaves a file', { name: rpm('one-1.0'), disable_gpg_check: true }, false),
    on(
      'has one-2.0',
      'leaves an older file',
      { name: rpm('one-1.0'), disable_gpg_check: true },
      false,
    ),
    on(
      'has one-2.0',
      'goes back to a file',
      { name: rpm('one-1.0'), allow_downgrade: true, disable_gpg_check: true },
      true,
    ),
    on(
      '',
      'takes a file and what it needs',
      { name: [rpm('two-1.0'), 'web'], disable_gpg_check: true },
      true,
    ),
    on('', 'takes a URL', { name: `file://${rpm('one-1.0')}`, disable_gpg_check: true }, true),
    on('', 'takes a long name', { name: LONG_NAME }, true),
    on('', 'takes an epoch', { name: 'era' }, true, RESULTS),
    on('has era-1.0', 'leaves the lower epoch', { name: 'era' }, false),
    on('', 'takes a name with an epoch', { name: 'era-1:1.0' }, true),
    on('', 'takes the successor', { name: 'former' }, true),
    on('', 'takes what is recommended', { name: 'three' }, true),
    on('', 'leaves out what is recommended', { name: 'three', install_weak_deps: false }, true),
    on('', 'takes no name as an empty one', { name: ['one', ''] }, true, {
      unlikeAnsible: 'it looks for a package without a name',
    }),
    on('has one-2.0', 'knows no package', { name: ['one', 'nosuch'] }, false, {
      fails: 'no package nosuch in the repositories',
    }),
    on('', 'knows no group', { name: '@nosuch' }, false, { fails: 'no package @nosuch' }),
    on('', 'takes no file without a signature', { name: rpm('one-1.0') }, false, {
      fails: 'Package one-1.0-1.noarch.rpm is not signed',
    }),
    on('has web-1.0', 'has only what is provided', { name: 'webserver', state: 'latest' }, false),
  ];

  const upgrades: readonly LocalScenario[] = [
    on('has one-1.0', 'upgrades', { name: 'one', state: 'latest' }, true, RESULTS),
    on('has one-2.0', 'leaves the latest', { name: 'one', state: 'latest' }, false),
    on('', 'installs the latest', { name: 'one', state: 'latest' }, true),
    on('has one-1.0', 'upgrades and installs', { name: ['one', 'web'], state: 'latest' }, true),
    on('has one-1.0 era-1.0 extra-1.0', 'upgrades all', { name: '*', state: 'latest' }, true),
    on('has one-2.0', 'has nothing to upgrade', { name: '*', state: 'latest' }, false),
    on(
      'has one-1.0 extra-1.0',
      'upgrades all but',
      { name: '*', state: 'latest', exclude: 'one' },
      true,
    ),
    on(
      'has one-1.0 extra-1.0',
      'upgrades for security',
      { name: '*', state: 'latest', security: true },
      true,
    ),
    on(
      'has one-1.0 extra-1.0',
      'upgrades for bugs',
      { name: '*', state: 'latest', bugfix: true },
      true,
    ),
    on(
      'has one-1.0 extra-1.0',
      'upgrades for both',
      { name: '*', state: 'latest', bugfix: true, security: true },
      true,
    ),
    on(
      'has one-1.0 extra-1.0',
      'upgrades one for security',
      { name: 'one', state: 'latest', security: true },
      true,
    ),
    on(
      'has one-1.0 extra-1.0',
      'finds no security in one',
      { name: 'extra', state: 'latest', security: true },
      false,
    ),
    on(
      'has one-1.0',
      'only updates',
      { name: ['one', 'web'], state: 'latest', update_only: true },
      true,
    ),
    on('', 'only updates nothing', { name: 'web', state: 'latest', update_only: true }, false),
    on(
      'has one-1.0',
      'only updates what is there',
      { name: ['one', 'web'], update_only: true },
      true,
    ),
    on('has former-1.0', 'replaces', { name: '*', state: 'latest' }, true, RESULTS),
    on('has former-1.0', 'replaces by name', { name: 'former', state: 'latest' }, true),
    on('has one-2.0', 'takes the latest of a version', { name: 'one-1*', state: 'latest' }, false, {
      unlikeAnsible: 'without a release it takes the version for a part of the name, and goes back',
    }),
    on(
      'has one-1.0',
      'takes the latest file',
      { name: rpm('one-2.0'), state: 'latest', disable_gpg_check: true },
      true,
    ),
    on('has one-1.0 extra-1.0', 'upgrades a pattern', { name: 'on*', state: 'latest' }, true),
  ];

  const removals: readonly LocalScenario[] = [
    on('has one-1.0', 'removes', { name: 'one', state: 'absent' }, true, RESULTS),
    on('', 'removes nothing', { name: 'one', state: 'removed' }, false),
    on('has one-1.0 two-1.0', 'removes what needs it', { name: 'one', state: 'absent' }, true),
    on(
      'has one-1.0 two-1.0 web-1.0',
      'removes a list',
      { name: ['two', 'web', 'nosuch'], state: 'absent' },
      true,
    ),
    on('has one-1.0 web-1.0', 'removes a pattern', { name: 'on*', state: 'absent' }, true),
    on('has web-1.0', 'removes no pattern', { name: 'nosuch*', state: 'absent' }, false),
    on('has one-1.0', 'removes the version', { name: 'one-1.0', state: 'absent' }, true, RESULTS),
    on('has one-2.0', 'removes no other version', { name: 'one-1.0', state: 'absent' }, false),
    on('has web-1.0', 'removes what provides', { name: 'webserver', state: 'absent' }, true),
    on(
      'has web-1.0',
      'removes the owner of a path',
      { name: '/usr/bin/web', state: 'absent' },
      true,
    ),
    on('did install two', 'leaves what is needed no more', { name: 'two', state: 'absent' }, true),
    on(
      'did install two',
      'removes what is needed no more',
      { name: 'two', state: 'absent', autoremove: true },
      true,
    ),
    on('did install two; rpm --root $PWD/root -e two', 'cleans up', { autoremove: true }, true),
    on('did install two', 'finds nothing to clean up', { autoremove: true }, false),
    on(
      'did install two; rpm --root $PWD/root -e two',
      'cleans up beside nothing',
      { name: 'nosuch', state: 'absent', autoremove: true },
      true,
    ),
  ];

  const groups: readonly LocalScenario[] = [
    on('', 'installs a group', { name: '@tools' }, true),
    on('', 'installs a group by its name', { name: '@Good Tools' }, true),
    on('did group install tools', 'leaves a group', { name: '@tools' }, false),
    on('has one-2.0 extra-1.1', 'has the packages of a group', { name: '@tools' }, false),
    on(
      'did group install tools',
      'has the latest group',
      { name: '@tools', state: 'latest' },
      false,
    ),
    on('has one-1.0', 'brings a group up to date', { name: '@tools', state: 'latest' }, true, {
      unlikeAnsible: 'it takes two runs',
    }),
    on('did group install tools', 'removes a group', { name: '@tools', state: 'absent' }, true),
    on('', 'removes no group', { name: '@tools', state: 'absent' }, false),
    on('', 'installs an environment', { name: '@station' }, true),
    on('did group install tools', 'installs beside a group', { name: ['@tools', 'web'] }, true),
    on('', 'installs a stream', { name: '@node:20/default' }, true),
    on('', 'installs the default stream', { name: '@node' }, true),
    on('', 'installs a profile', { name: '@node:18/devel' }, true),
    on(
      'did module install node:20/default',
      'leaves a stream',
      { name: '@node:20/default' },
      false,
    ),
    on(
      'did module install node:20/default',
      'removes a stream',
      { name: '@node:20/default', state: 'absent' },
      true,
    ),
    on('did module enable node:20', 'installs a package of a stream', { name: 'node' }, true),
    on(
      'did module enable node:20',
      'leaves a stream without packages',
      { name: '@node:20', state: 'absent' },
      true,
      { unlikeAnsible: 'it leaves a stream enabled of which no package is installed' },
    ),
    on('', 'removes no stream', { name: '@node:20', state: 'absent' }, false),
  ];

  const choices: readonly LocalScenario[] = [
    on('', 'excludes', { name: ['t*'], exclude: ['two'] }, true),
    on('', 'excludes a version', { name: 'one', exclude: 'one-2.0*' }, true),
    on(
      `sed -i 's/^best=0/&\\nexcludepkgs=one/' dnf.conf`,
      'forgets excludes',
      { name: 'one', disable_excludes: 'all' },
      true,
    ),
    on(
      '',
      'takes from one repository',
      { name: 'one', disablerepo: '*', enablerepo: 'older' },
      true,
    ),
    on(
      '',
      'takes from a list of repositories',
      { name: 'one', disablerepo: ['own', 'signed'], enablerepo: ['older'] },
      true,
    ),
    on('', 'enables a repository', { name: 'one', enablerepo: 'older' }, true),
    on(
      'has fight-1.0',
      'takes away what stands in the way',
      { name: 'one', allowerasing: true },
      true,
    ),
    on('', 'leaves out what is broken', { name: ['broken', 'one'], skip_broken: true }, true),
    on('', 'takes what is not best', { name: 'stuck', nobest: true }, true),
    on('has stuck-1.0', 'wants the best', { name: 'stuck', state: 'latest' }, false, {
      fails: 'nothing provides nowhere',
    }),
    on('has stuck-1.0', 'upgrades all that can be', { name: '*', state: 'latest' }, false),
    on('', 'downloads', { name: 'two', download_only: true, download_dir: '@/downloads' }, true, {
      actsAlways: true,
    }),
    on('', 'downloads to the cache', { name: 'two', download_only: true }, true, {
      actsAlways: true,
    }),
    on('', 'takes a signed package', { name: 'signed' }, true),
    on(PLUGIN, 'works with plugins', { name: 'one' }, true),
    on(PLUGIN, 'does without a plugin', { name: 'one', disable_plugin: 'mark' }, true),
    on(
      `${PLUGIN}sed -i s/=1/=0/ plugins/mark.conf`,
      'wants a plugin',
      { name: 'one', enable_plugin: 'mark' },
      true,
    ),
    on('did makecache', 'works from the cache', { name: 'one', cacheonly: true }, true),
    on('', 'refreshes', { name: 'one', update_cache: true }, true),
    on('', 'refreshes alone', { update_cache: true }, false),
    on(
      '',
      'checks no certificates',
      { name: 'one', sslverify: false, validate_certs: false },
      true,
    ),
    on('', 'waits for the lock', { name: 'one', lock_timeout: 5 }, true),
  ];

  const lists: readonly LocalScenario[] = [
    on('has one-1.0', 'lists what is installed', { list: 'installed' }, false),
    on('has one-1.0', 'lists updates', { list: 'updates' }, false),
    on('has one-1.0', 'lists repositories', { list: 'repos' }, false),
    on('has one-1.0', 'lists a package', { list: 'one' }, false),
    on('has one-1.0', 'lists a pattern', { list: 'on*' }, false),
  ].map((each) => ({ ...each, sameKeys: ['results'] }));
  // Ansible's list is in another order.
  const available = on('has one-1.0', 'lists what is available', { list: 'available' }, false, {
    sameKeys: ['msg'],
  });

  const dependencies = [
    on('', 'notes why', { name: 'two' }, true, { snapshot: REASONS }),
    on('did install two', 'notes that it is asked for', { name: 'one' }, false, {
      snapshot: REASONS,
    }),
  ];

  const byAnotherName = (use: object) => [
    on('', 'installs', { name: 'one', state: 'present', ...use }, true),
    on('has one-1.0', 'upgrades', { name: 'one', state: 'latest', ...use }, true),
    on('has one-1.0', 'removes', { name: 'one', state: 'absent', ...use }, true),
  ];

  return [
    {
      module: dnf,
      scenarios: [
        ...installs,
        ...upgrades,
        ...removals,
        ...groups,
        ...choices,
        ...lists,
        available,
        ...dependencies,
      ],
    },
    { module: yum, scenarios: byAnotherName({ use_backend: 'dnf' }) },
    { module: packageModule, scenarios: byAnotherName({ use: 'dnf' }) },
  ];
}
