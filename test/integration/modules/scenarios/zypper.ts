/** Every parameter of `zypper`, on roots of their own that install from the archive of `rpmArchive.ts`. */
import { zypper } from '../../../../src/modules/packages/zypper/zypper.ts';
import { type LocalScenario, type LocalSuite, rows } from '../localScenarios.ts';
import type { RpmArchive } from '../rpmArchive.ts';

/**
 * A root with a package (rpm's database may not be empty) and the repository `own`; `programs/zypper` and `programs/rpm` work on it. `has FILE…` puts packages on it as
 * rpm does, `did COMMAND…` as zypper does.
 */
function start({ folder }: RpmArchive): string {
  return `mkdir -p root/etc/zypp/repos.d programs
printf '[own]\\nname=own\\nenabled=1\\nautorefresh=0\\nbaseurl=dir://${folder}/own\\ntype=rpm-md\\ngpgcheck=0\\n' >root/etc/zypp/repos.d/own.repo
for tool in zypper rpm; do
  printf '#!/bin/sh\\nexec /usr/bin/%s --root %s/root "$@"\\n' "$tool" "$PWD" >programs/$tool
  chmod +x programs/$tool
done
PATH=$PWD/programs:$PATH
has() { for name; do rpm -i --nodeps --nosignature "${folder}/own/noarch/$name-1.noarch.rpm"; done; }
has latter-1.0
did() { zypper --quiet --non-interactive "$@" >/dev/null; }
`;
}

const SNAPSHOT = `rpm --root "$PWD/root" -qa --qf '%{NEVRA}\\n' | sort; find root/usr -printf '%p %y %m\\n' 2>/dev/null | sort`;

export function zypperSuite(archive: RpmArchive): LocalSuite {
  const { folder } = archive;
  const rpm = (name: string) => `${folder}/own/noarch/${name}-1.noarch.rpm`;

  const on = rows((setup, args) => ({
    setup: `${start(archive)}${setup}`,
    args,
    environment: { PATH: `@/programs:${process.env['PATH']}` },
    snapshot: SNAPSHOT,
  }));

  const installs: readonly LocalScenario[] = [
    on('', 'installs', { name: 'one' }, true),
    on('has one-1.0', 'leaves an older version', { name: 'one' }, false),
    on(
      '',
      'installs with options of zypper',
      { name: 'one', auto_import_keys: true, skip_post_errors: true, simple_errors: true },
      true,
      { unlikeAnsible: 'it knows the parameters in later versions' },
    ),
    on('', 'installs a list', { name: ['two', 'web'], state: 'installed' }, true),
    on('has one-2.0', 'installs the rest of a list', { name: 'one,web' }, true),
    on('', 'installs a version', { name: 'one=1.0' }, true),
    on('', 'installs a version and release', { name: 'one=1.0-1' }, true),
    on('has one-1.0', 'leaves a version', { name: 'one=1.0' }, false),
    on('has one-2.0', 'goes back', { name: 'one=1.0' }, true),
    on('has one-1.0', 'installs the newer version', { name: 'one=2.0' }, true),
    on('has one-1.0', 'sees that a condition is not met', { name: 'one>=1.5' }, true),
    on('has one-2.0', 'leaves what meets a condition', { name: 'one>=1.5' }, false),
    on('', 'takes a condition downwards', { name: 'one<2.0' }, true),
    on('has web-1.0', 'installs and removes', { name: ['+one', '-web'] }, true),
    on('has web-1.0', 'installs and removes otherwise', { name: ['one', '~web'] }, true),
    on('has one-2.0', 'has installed and removed', { name: ['+one', '-web'] }, false),
    on('', 'installs what is provided', { name: 'webserver' }, true),
    on('', 'knows no paths', { name: '/usr/bin/web' }, false, {
      fails: "No provider of '/usr/bin/web' found",
    }),
    on('', 'takes a file', { name: rpm('one-1.0'), disable_gpg_check: true }, true),
    on('has one-1.0', 'leaves a file', { name: rpm('one-1.0'), disable_gpg_check: true }, false),
    on(
      '',
      'takes a file and a name',
      { name: [rpm('one-1.0'), 'web'], disable_gpg_check: true },
      true,
    ),
    on('', 'takes a URL', { name: `file://${rpm('one-1.0')}`, disable_gpg_check: true }, true),
    on('', 'takes an epoch', { name: 'era' }, true),
    on('', 'has the successor', { name: 'former' }, false, {
      unlikeAnsible: 'it installs the former one, which zypper refuses',
    }),
    on('', 'knows no package', { name: ['one', 'nosuch'] }, false, {
      fails: "No provider of 'nosuch' found",
    }),
    on('', 'leaves out what is recommended', { name: 'three' }, true),
    on('', 'takes what is recommended', { name: 'three', disable_recommends: false }, true),
    on('', 'takes no name as an empty one', { name: ['one', ''] }, true),
    on(
      'has fight-1.0',
      'takes away what stands in the way',
      { name: 'one', force_resolution: true },
      true,
    ),
    on('has one-2.0', 'installs anew', { name: 'one=2.0', force: true }, true, {
      actsAlways: true,
    }),
    on('', 'replaces files', { name: ['one', 'web'], replacefiles: true }, true),
    on('', 'refreshes', { name: 'one', update_cache: true, disable_gpg_check: true }, true),
    on(
      '',
      'takes more arguments',
      { name: 'one', extra_args: '--name', extra_args_precommand: '--gpg-auto-import-keys' },
      true,
    ),
    on('has one-2.0', 'goes back on request', { name: 'one=1.0', oldpackage: true }, true),
  ];

  const upgrades: readonly LocalScenario[] = [
    on('has one-1.0', 'upgrades', { name: 'one', state: 'latest' }, true),
    on('has one-2.0', 'leaves the latest', { name: 'one', state: 'latest' }, false),
    on('', 'installs the latest', { name: 'one', state: 'latest' }, true),
    on('has one-1.0', 'upgrades and installs', { name: ['one', 'web'], state: 'latest' }, true),
    on('has one-1.0 extra-1.0', 'upgrades all', { name: '*', state: 'latest' }, true),
    on('has one-2.0', 'has nothing to upgrade', { name: '*', state: 'latest' }, false),
    on(
      'has one-1.0 former-1.0',
      'upgrades the distribution',
      { name: '*', state: 'dist-upgrade' },
      true,
    ),
    on(
      'has one-1.0',
      'upgrades whatever the vendor',
      { name: '*', state: 'dist-upgrade', allow_vendor_change: true },
      true,
    ),
    on('has one-1.0 extra-1.0', 'patches all', { name: '*', state: 'latest', type: 'patch' }, true),
    on('has one-1.0 extra-1.0', 'applies a patch', { name: 'A-1', type: 'patch' }, true),
    on('has one-2.0', 'has a patch', { name: 'A-1', type: 'patch' }, false),
  ];

  const removals: readonly LocalScenario[] = [
    on('has one-1.0', 'removes', { name: 'one', state: 'absent' }, true),
    on('', 'removes nothing', { name: ['one', 'nosuch'], state: 'removed' }, false),
    on('has one-1.0 two-1.0', 'removes what needs it', { name: 'one', state: 'absent' }, true),
    on(
      'has one-1.0 two-1.0 web-1.0',
      'removes a list',
      { name: ['two', 'web', 'nosuch'], state: 'absent' },
      true,
    ),
    on('has one-1.0', 'removes the version', { name: 'one=1.0', state: 'absent' }, true),
    on('has one-2.0', 'knows no other version', { name: 'one=1.0', state: 'absent' }, false, {
      fails: "No provider of 'one=1.0' found",
    }),
    on('did install two', 'leaves what is needed no more', { name: 'two', state: 'absent' }, true),
    on(
      'did install two',
      'removes what is needed no more',
      { name: 'two', state: 'absent', clean_deps: true },
      true,
    ),
    on('has web-1.0', 'removes what provides', { name: 'webserver', state: 'absent' }, false),
  ];

  return { module: zypper, scenarios: [...installs, ...upgrades, ...removals] };
}
