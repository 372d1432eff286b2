/** The parameters of `apt` and what they mean together. */
import * as z from 'zod';
import { ModuleError } from '../../../core/errors.ts';
import { boolean, integer, list, text, word } from '../../params.ts';

const upgradeMode = z.preprocess(
  (value) => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : value),
  z.enum(['no', 'yes', 'safe', 'full', 'dist']),
);

export const aptParams = z
  .strictObject({
    name: list(word())
      .optional()
      .describe(
        'Packages: names, patterns (`python3-*`), with a version (`nginx=1.22*`, `nginx>=1.22`) or architecture (`libc6:i386`).',
      )
      .meta({ aliases: ['package', 'pkg'] }),
    state: z
      .enum(['present', 'absent', 'latest', 'build-dep', 'fixed'])
      .default('present')
      .describe(
        '`latest` also upgrades; `build-dep` installs what building needs; `fixed` repairs broken dependencies.',
      ),
    deb: text()
      .optional()
      .describe('A .deb file on the host, or its URL; its dependencies come from the archive.'),
    upgrade: upgradeMode
      .default('no')
      .describe(
        'Upgrade everything: `yes`/`safe` never remove a package, `full`/`dist` may remove some.',
      ),
    update_cache: boolean()
      .optional()
      .describe('Refresh the package index first.')
      .meta({ aliases: ['update-cache'] }),
    cache_valid_time: integer()
      .default(0)
      .describe('Seconds for which the package index counts as fresh; implies `update_cache`.'),
    update_cache_retries: integer()
      .default(5)
      .describe('How often the refresh is tried before the task fails.'),
    update_cache_retry_max_delay: integer()
      .default(12)
      .describe('Longest pause in seconds between two tries.'),
    purge: boolean().default(false).describe('Remove configuration files too.'),
    autoremove: boolean()
      .default(false)
      .describe('Remove packages that were installed as dependencies and are needed no more.'),
    autoclean: boolean()
      .default(false)
      .describe('Delete downloaded packages that the archive no longer has.'),
    clean: boolean().default(false).describe('Delete all downloaded packages.'),
    install_recommends: boolean()
      .optional()
      .describe('Install recommended packages, or not; without it as the host is configured.')
      .meta({ aliases: ['install-recommends'] }),
    default_release: text()
      .optional()
      .describe('Release to prefer, e.g. `bookworm-backports`.')
      .meta({ aliases: ['default-release'] }),
    only_upgrade: boolean().default(false).describe('Leave packages alone that are not installed.'),
    fail_on_autoremove: boolean()
      .default(false)
      .describe('Fail when a package would have to be removed.'),
    force: boolean()
      .default(false)
      .describe('Allow downgrades, unauthenticated, held and essential packages. Dangerous.'),
    allow_unauthenticated: boolean()
      .default(false)
      .describe('Take packages whose origin cannot be verified.')
      .meta({ aliases: ['allow-unauthenticated'] }),
    allow_downgrade: boolean()
      .default(false)
      .describe('Allow an older version than the installed one.')
      .meta({ aliases: ['allow-downgrade', 'allow_downgrades', 'allow-downgrades'] }),
    allow_change_held_packages: boolean()
      .default(false)
      .describe('Allow changes to packages that are on hold.'),
    dpkg_options: text()
      .default('force-confdef,force-confold')
      .describe('Options for dpkg, separated by commas, without the dashes.'),
    policy_rc_d: integer()
      .optional()
      .describe(
        'Exit code of a policy-rc.d that is in place meanwhile; 101 keeps services from starting.',
      ),
    force_apt_get: boolean()
      .default(false)
      .describe('Taken for compatibility: the work is always done by apt-get.'),
    lock_timeout: integer()
      .default(60)
      .describe('Seconds to wait while another process holds the package manager.'),
  })
  .refine(({ name, deb, upgrade }) => [name, deb, upgrade !== 'no'].filter(Boolean).length <= 1, {
    error: 'only one of "name", "deb" and "upgrade" can be given',
  })
  .refine(
    ({ name, deb, upgrade, update_cache, cache_valid_time, autoremove, autoclean, clean, state }) =>
      name !== undefined ||
      deb !== undefined ||
      upgrade !== 'no' ||
      update_cache !== undefined ||
      cache_valid_time > 0 ||
      autoremove ||
      autoclean ||
      clean ||
      state === 'fixed',
    {
      error:
        'one of "name", "deb", "upgrade", "update_cache", "autoremove", "autoclean" or "clean" is needed',
    },
  );

export type AptParams = z.output<typeof aptParams>;

/** The parameters and whether this is a dry run (which fetches the index into a copy). */
export type AptInput = AptParams & { readonly checkMode: boolean; readonly diffMode: boolean };

/** What is asked of apt-get. `none`: only the index or the downloaded files are concerned. */
export type AptOperation =
  | 'install'
  | 'remove'
  | 'build-dep'
  | 'fixed'
  | 'upgrade'
  | 'dist-upgrade'
  | 'deb'
  | 'autoremove'
  | 'none';

/** @throws ModuleError for `*` beside other names: everything is upgraded, or they are installed. */
export function aptOperation(params: AptParams): AptOperation {
  if (params.deb !== undefined) return 'deb';
  if (params.upgrade !== 'no') {
    return params.upgrade === 'yes' || params.upgrade === 'safe' ? 'upgrade' : 'dist-upgrade';
  }
  const names = packageNames(params);
  if (params.state === 'fixed' && names.length === 0) return 'fixed';
  if (params.state === 'latest' && names.includes('*')) {
    if (names.length === 1) return 'upgrade';
    throw new ModuleError(
      'unable to install additional packages when upgrading all installed packages',
    );
  }
  if (names.length > 0) return operationForNames(params.state);
  return params.autoremove ? 'autoremove' : 'none';
}

function operationForNames(state: AptParams['state']): AptOperation {
  if (state === 'absent') return 'remove';
  return state === 'build-dep' ? 'build-dep' : 'install';
}

export function packageNames({ name }: AptParams): string[] {
  return (name ?? []).map((each) => each.trim()).filter((each) => each !== '');
}

export function wantsFreshIndex({ update_cache, cache_valid_time }: AptParams): boolean {
  return update_cache ?? cache_valid_time > 0;
}

/** What to delete from the archive of downloaded packages: alone it is the task, otherwise it follows the task. */
export function cleaning({ clean, autoclean }: AptParams): 'clean' | 'autoclean' | 'no' {
  if (clean) return 'clean';
  return autoclean ? 'autoclean' : 'no';
}
