/** Every parameter of `pacman`, on roots of their own that install from the archive of `pacmanArchive.ts`. */
import { pacman } from '../../../../src/modules/packages/pacman/pacman.ts';
import { type LocalScenario, type LocalSuite, rows } from '../localScenarios.ts';
import type { PacmanArchive } from '../pacmanArchive.ts';

/**
 * A root whose databases are of today, and `./pacman`, which works on it; `has FILE…` puts packages on it, `is first`
 * makes the databases those of the past.
 */
function start({ folder }: PacmanArchive): string {
  return `cp -a ${folder}/root root; mkdir -p root/var/lib/pacman/sync cache
cat >conf <<END
[options]
RootDir = $PWD/root
CacheDir = $PWD/cache
LogFile = $PWD/log
Architecture = auto
SigLevel = Never
LocalFileSigLevel = Never
RemoteFileSigLevel = Never
[own]
Server = file://${folder}/now
END
printf '#!/bin/sh\\nexec pacman --config %s/conf "$@"\\n' "$PWD" >pacman; chmod +x pacman
is() { cp -p ${folder}/$1/own.db.tar.gz root/var/lib/pacman/sync/own.db; }
is now
has() { for name; do ./pacman -Udd --noconfirm "${folder}/packages/$name-any.pkg.tar.gz" >/dev/null; done; }
did() { ./pacman --noconfirm "$@" >/dev/null; }
`;
}

/** Packages, why they are there, and their files. */
const SNAPSHOT = `./pacman -Q || :; echo explicit; ./pacman -Qqe || :; find root/usr root/etc -type f -printf '%p %m\\n' 2>/dev/null | sort; ls cache`;

export function pacmanSuite(archive: PacmanArchive): LocalSuite {
  const { folder } = archive;
  const file = (name: string) => `${folder}/packages/${name}-any.pkg.tar.gz`;

  const on = rows((setup, args) => ({
    setup: `${start(archive)}${setup}`,
    args: { executable: '@/pacman', ...args },
    sameKeys: ['packages', 'cache_updated'],
    snapshot: SNAPSHOT,
  }));

  const installs: readonly LocalScenario[] = [
    on('', 'installs', { name: 'one' }, true),
    on('has one-1.0-1', 'leaves an older version', { name: 'one' }, false),
    on('', 'installs a list', { name: ['two', 'web'], state: 'installed' }, true),
    on('has one-1.0-1', 'installs the rest of a list', { name: 'one,web' }, true),
    on('', 'installs a group', { name: 'tools' }, true),
    on('has three-1.0-1', 'installs the rest of a group', { name: 'tools' }, true),
    on('has three-1.0-1 four-1.0-1', 'leaves a group', { name: 'tools' }, false),
    on('', 'installs of a repository', { name: 'own/one' }, true),
    on('has one-2.0-1', 'leaves the one of a repository', { name: 'own/one' }, false),
    on('', 'installs a file', { name: file('one-1.0-1') }, true),
    on('has one-1.0-1', 'leaves a file', { name: file('one-1.0-1') }, false),
    on('has one-2.0-1', 'goes back to a file', { name: file('one-1.0-1') }, true),
    on('', 'installs files and names', { name: [file('one-1.0-1'), 'web'] }, true),
    on('', 'installs a URL', { name: `file://${file('one-1.0-1')}` }, true),
    on('', 'takes no name as an empty one', { name: ['one', ''] }, true),
    on('', 'takes more arguments', { name: 'two', extra_args: '--asdeps --overwrite "*"' }, true),
    on('has web-1.0-1', 'has what is provided', { name: 'webserver' }, false),
    on('', 'installs what is provided', { name: 'webserver' }, true),
    on('', 'takes a version', { name: 'one=2.0' }, true),
    on('has one-2.0-1', 'leaves a version', { name: 'one=2.0-1' }, false),
    on('', 'replaces what conflicts', { name: 'latter' }, true),
  ];

  const failures: readonly LocalScenario[] = [
    on('', 'knows no package', { name: ['one', 'nosuch'] }, false, {
      fails: 'pacman cannot do this: error: target not found: nosuch',
    }),
    on(
      'has one-1.0-1 two-1.0-1',
      'leaves what is needed',
      { name: 'one', state: 'absent' },
      false,
      { fails: 'pacman cannot do this: error: failed to prepare transaction' },
    ),
    on('', 'finds no file', { name: '/none.pkg.tar.gz' }, false, {
      fails: 'pacman cannot do this',
    }),
  ];

  const upgrades: readonly LocalScenario[] = [
    on('has one-1.0-1', 'upgrades', { name: 'one', state: 'latest' }, true),
    on('has one-2.0-1', 'leaves the latest', { name: 'one', state: 'latest' }, false),
    on('has one-1.0-1', 'upgrades and installs', { name: ['one', 'web'], state: 'latest' }, true),
    on('has three-1.0-1', 'upgrades a group', { name: 'tools', state: 'latest' }, true),
    on('has one-1.0-1 three-1.0-1', 'upgrades all', { upgrade: true }, true),
    on('has one-2.0-1', 'has nothing to upgrade', { upgrade: true }, false, { sameKeys: [] }),
    on(
      'has one-1.0-1 three-1.0-1',
      'upgrades with arguments',
      { upgrade: true, upgrade_extra_args: '--ignore one' },
      true,
      { unlikeAnsible: 'it counts what is ignored' },
    ),
    on('has former-1.0-1', 'replaces', { upgrade: true }, true, {
      unlikeAnsible: 'it asks for newer versions, not for packages that replace others',
      data: { packages: ['former', 'latter'] },
    }),
  ];

  const refreshes: readonly LocalScenario[] = [
    on('is first', 'refreshes', { update_cache: true }, true),
    on('', 'has nothing to refresh', { update_cache: true }, false),
    on('is first', 'refreshes and installs', { name: 'one', update_cache: true }, true),
    on(
      'has one-1.0-1; is first',
      'refreshes and upgrades',
      { update_cache: true, upgrade: true },
      true,
    ),
    on(
      'has one-2.0-1; is first',
      'refreshes beside what is there',
      { name: 'one', update_cache: true },
      true,
    ),
    on('', 'refreshes by force', { update_cache: true, force: true }, false, {
      unlikeAnsible: 'it counts each',
    }),
    on(
      'is first',
      'refreshes with arguments',
      { update_cache: true, update_cache_extra_args: '--quiet' },
      true,
    ),
  ];

  const removals: readonly LocalScenario[] = [
    on('has one-1.0-1', 'removes', { name: 'one', state: 'absent' }, true),
    on('', 'removes nothing', { name: ['one', 'nosuch'], state: 'removed' }, false),
    on(
      'has one-1.0-1 web-1.0-1',
      'removes a list',
      { name: ['one', 'web', 'nosuch'], state: 'absent' },
      true,
    ),
    on('has three-1.0-1 four-1.0-1', 'removes a group', { name: 'tools', state: 'absent' }, true, {
      sameKeys: [],
    }),
    on(
      'has one-1.0-1 two-1.0-1',
      'removes what is needed by force',
      { name: 'one', state: 'absent', force: true },
      true,
    ),
    on('did -S two', 'leaves what is needed no more', { name: 'two', state: 'absent' }, true),
    on(
      'did -S two',
      'removes what is needed no more',
      { name: 'two', state: 'absent', extra_args: '--recursive' },
      true,
    ),
    on(
      'did -S two',
      'removes what needs it',
      { name: 'one', state: 'absent', extra_args: '--cascade' },
      true,
    ),
    on(
      'has conf-1.0-1; echo mine >root/etc/conf.cfg',
      'keeps a configuration',
      { name: 'conf', state: 'absent' },
      true,
    ),
    on(
      'has conf-1.0-1; echo mine >root/etc/conf.cfg',
      'removes a configuration',
      { name: 'conf', state: 'absent', remove_nosave: true },
      true,
    ),
    on(
      'has one-1.0-1',
      'removes the one of a repository',
      { name: 'own/one', state: 'absent' },
      true,
    ),
    on(
      'has one-1.0-1',
      'removes the one of a file',
      { name: file('one-1.0-1'), state: 'absent' },
      true,
    ),
  ];

  const reasons: readonly LocalScenario[] = [
    on('', 'installs as needed', { name: 'one', reason: 'dependency' }, true),
    on('', 'installs as asked for', { name: 'one', reason: 'explicit' }, true),
    on('has one-1.0-1', 'leaves the reason', { name: 'one', reason: 'dependency' }, false),
    on(
      'has one-1.0-1',
      'changes the reason',
      { name: 'one', reason: 'dependency', reason_for: 'all' },
      true,
    ),
    on(
      'did -S two',
      'changes the reason back',
      { name: 'one', reason: 'explicit', reason_for: 'all' },
      true,
    ),
    on(
      'did -S two',
      'has the reason',
      { name: 'one', reason: 'dependency', reason_for: 'all' },
      false,
    ),
    on(
      'has one-1.0-1',
      'changes the reason of one',
      { name: ['one', 'web'], reason: 'dependency', reason_for: 'all' },
      true,
    ),
    on(
      'has one-1.0-1',
      'sets the reason of what is new',
      { name: ['one', 'web'], reason: 'dependency', reason_for: 'new' },
      true,
    ),
    on(
      'has three-1.0-1',
      'sets the reason of a group',
      { name: 'tools', reason: 'dependency' },
      true,
    ),
    on('', 'sets the reason of a file', { name: file('one-1.0-1'), reason: 'dependency' }, true),
  ];

  const elsewhere = {
    root: '@/root',
    config: '@/other',
    cachedir: '@/cache',
    executable: 'pacman',
  };
  const NEWER = { unlikeAnsible: 'later versions of the collection have these parameters' };
  const places: readonly LocalScenario[] = [
    on(
      'grep -v Dir conf >other',
      'works on another root',
      { name: 'one', ...elsewhere },
      true,
      NEWER,
    ),
    on(
      'grep -v Dir conf >other; has one-1.0-1',
      'removes from another root',
      { name: 'one', state: 'absent', ...elsewhere },
      true,
      NEWER,
    ),
  ];

  return {
    module: pacman,
    scenarios: [
      ...places,
      ...failures,
      ...installs,
      ...upgrades,
      ...refreshes,
      ...removals,
      ...reasons,
    ],
  };
}
