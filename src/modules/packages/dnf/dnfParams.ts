/** The parameters of `dnf` and `yum` and what they mean together. */
import * as z from 'zod';
import { boolean, integer, list, path, text, word } from '../../params.ts';

const names = () => list(word());

/** Shared by `dnf` and `yum`: one engine works both. */
export const rpmPackageParams = {
  name: names()
    .default([])
    .describe(
      'Packages: names, with version (`nginx-1.24*`, `nginx >= 1.24`), patterns, `@group`, `@module:stream`, files, URLs; `*` is all.',
    )
    .meta({ aliases: ['pkg'] }),
  list: word()
    .optional()
    .describe('Only list: `installed`, `updates`, `available`, `repos`, or the name of a package.'),
  state: z
    .enum(['present', 'installed', 'absent', 'removed', 'latest'])
    .optional()
    .describe('`latest` also upgrades. Default `present`, with `autoremove` alone `absent`.'),
  enablerepo: names().default([]).describe('Repositories to enable for this task.'),
  disablerepo: names().default([]).describe('Repositories to disable for this task; `*` is all.'),
  conf_file: path().optional().describe('Configuration file to use.'),
  disable_gpg_check: boolean().default(false).describe('Take packages without a good signature.'),
  installroot: word().default('/').describe('Root of the system to work on.'),
  releasever: text().optional().describe('Release to take packages for.'),
  autoremove: boolean()
    .default(false)
    .describe('Remove packages that were installed as dependencies and are needed no more.'),
  exclude: names().default([]).describe('Packages to leave alone.'),
  disable_excludes: text()
    .optional()
    .describe('Forget the excludes of the configuration: `all`, `main` or a repository.'),
  skip_broken: boolean().default(false).describe('Leave out what cannot be installed.'),
  update_cache: boolean()
    .default(false)
    .describe('Fetch the metadata of the repositories again.')
    .meta({ aliases: ['expire-cache'] }),
  update_only: boolean()
    .default(false)
    .describe('Upgrade what is installed, and leave packages alone that are not.'),
  security: boolean().default(false).describe('With `latest`: only what repairs security.'),
  bugfix: boolean().default(false).describe('With `latest`: only what repairs bugs.'),
  enable_plugin: names().default([]).describe('Plugins to enable for this task.'),
  disable_plugin: names().default([]).describe('Plugins to disable for this task.'),
  validate_certs: boolean().default(true).describe('Taken for compatibility; see `sslverify`.'),
  sslverify: boolean().default(true).describe('Check the certificates of repositories.'),
  allow_downgrade: boolean()
    .default(false)
    .describe('Allow an older version than the installed one.'),
  install_repoquery: boolean().default(true).describe('Taken for compatibility; without effect.'),
  download_only: boolean().default(false).describe('Download packages and install nothing.'),
  download_dir: path().optional().describe('Where `download_only` puts packages.'),
  lock_timeout: integer()
    .default(30)
    .describe('Seconds to wait while another process holds the package manager.'),
  install_weak_deps: boolean().default(true).describe('Install what packages recommend.'),
  cacheonly: boolean().default(false).describe('Use the metadata that is there, without network.'),
  use_backend: z
    .enum(['auto', 'yum', 'yum4', 'dnf', 'dnf4', 'dnf5'])
    .default('auto')
    .describe('The tool that does the work; `auto` takes dnf where there is one.')
    .meta({ aliases: ['use'] }),
} satisfies z.ZodRawShape;

export const dnfOnlyParams = {
  allowerasing: boolean()
    .default(false)
    .describe('Remove installed packages that stand in the way.'),
  nobest: boolean()
    .default(false)
    .describe('Take an older version when the newest cannot be installed.'),
  best: boolean()
    .optional()
    .describe('Fail when the newest version cannot be installed; the opposite of `nobest`.'),
} satisfies z.ZodRawShape;

export const dnfParams = z
  .strictObject({ ...rpmPackageParams, ...dnfOnlyParams })
  .refine(isAsked, { error: '"name", "list", "autoremove" or "update_cache" is needed' });

export const yumParams = z
  .strictObject(rpmPackageParams)
  .refine(isAsked, { error: '"name", "list", "autoremove" or "update_cache" is needed' });

function isAsked(given: {
  name: readonly string[];
  list?: string | undefined;
  autoremove: boolean;
  update_cache: boolean;
}): boolean {
  const { name, list: listed, autoremove, update_cache } = given;
  return name.length > 0 || listed !== undefined || autoremove || update_cache;
}

export type YumParams = z.output<typeof yumParams>;
export type DnfParams = z.output<typeof dnfParams>;
/** What the engine takes; the parameters that only dnf has may be missing. */
export type RpmInput = YumParams &
  Partial<Pick<DnfParams, 'allowerasing' | 'nobest' | 'best'>> & { readonly checkMode: boolean };

export type RpmOperation = 'install' | 'latest' | 'remove' | 'autoremove' | 'list' | 'none';

export function rpmOperation(input: RpmInput): RpmOperation {
  if (input.list !== undefined) return 'list';
  if (packageSpecs(input).length === 0) return input.autoremove ? 'autoremove' : 'none';
  if (input.state === 'absent' || input.state === 'removed') return 'remove';
  return input.state === 'latest' || input.update_only ? 'latest' : 'install';
}

/** The packages asked for, without what is written for no package (an empty item, spaces around operators). */
export function packageSpecs({ name }: Pick<RpmInput, 'name'>): string[] {
  return name
    .map((each) => each.trim().replaceAll(/\s*([<>=]+)\s*/g, ' $1 '))
    .filter((each) => each !== '');
}

/** Options for the package manager, the same for the simulation and the work. */
export function rpmOptions(input: RpmInput): string[] {
  const each = (option: string, values: readonly string[]) =>
    values.map((value) => `${option}=${value}`);
  return [
    ...(input.conf_file === undefined ? [] : ['-c', input.conf_file]),
    ...(input.installroot === '/' ? [] : [`--installroot=${input.installroot}`]),
    ...(input.releasever === undefined ? [] : [`--releasever=${input.releasever}`]),
    ...each('--disablerepo', input.disablerepo),
    ...each('--enablerepo', input.enablerepo),
    ...each('--disableplugin', input.disable_plugin),
    ...each('--enableplugin', input.enable_plugin),
    ...each('--exclude', input.exclude),
    ...(input.disable_excludes === undefined
      ? []
      : [`--disableexcludes=${input.disable_excludes}`]),
    ...flags(input),
  ];
}

function flags(input: RpmInput): string[] {
  const isLatest = rpmOperation(input) === 'latest';
  const isNamed = packageSpecs(input).some((spec) => spec !== '*');
  const nobest = input.nobest === true || input.best === false;
  const table: readonly (readonly [boolean, string])[] = [
    [input.disable_gpg_check, '--nogpgcheck'],
    [input.skip_broken, '--skip-broken'],
    [input.cacheonly, '--cacheonly'],
    [!input.sslverify || !input.validate_certs, '--setopt=sslverify=0'],
    [!input.install_weak_deps, '--setopt=install_weak_deps=False'],
    [input.security && isLatest, '--security'],
    [input.bugfix && isLatest, '--bugfix'],
    [input.allowerasing === true, '--allowerasing'],
    [nobest, '--setopt=best=False'],
    [!nobest && (input.best === true || (isLatest && isNamed)), '--setopt=best=True'],
    [true, `--setopt=clean_requirements_on_remove=${input.autoremove ? 'True' : 'False'}`],
  ];
  return table.filter(([wanted]) => wanted).map(([, flag]) => flag);
}
