/** The parameters of `zypper` and what they mean together. */
import * as z from 'zod';
import { splitWords } from '../../commands/shellWords.ts';
import { boolean, list, text } from '../../params.ts';

export const zypperParams = z
  .strictObject({
    name: list(text())
      .describe('Packages, with version (`nginx>=1.24`), files or URLs; `*` with `latest` is all.')
      .meta({ aliases: ['pkg'] }),
    state: z
      .enum(['present', 'installed', 'latest', 'absent', 'removed', 'dist-upgrade'])
      .default('present')
      .transform((state) =>
        state === 'installed' ? 'present' : state === 'removed' ? 'absent' : state,
      )
      .describe(
        '`latest` also upgrades; `dist-upgrade` upgrades the whole system, with `name: "*"`.',
      ),
    type: z
      .enum(['package', 'patch', 'pattern', 'product', 'srcpackage', 'application'])
      .default('package')
      .describe('What the names stand for.'),
    extra_args_precommand: text().default('').describe("zypper's global arguments."),
    disable_gpg_check: boolean().default(false).describe('Take packages without a good signature.'),
    disable_recommends: boolean().default(true).describe('Leave out what packages recommend.'),
    force: boolean()
      .default(false)
      .describe('Install also an older version or from another vendor.'),
    force_resolution: boolean()
      .default(false)
      .describe('Find a solution even if it removes packages.'),
    update_cache: boolean()
      .default(false)
      .describe('Refresh the repositories first.')
      .meta({ aliases: ['refresh'] }),
    oldpackage: boolean().default(false).describe('Allow older versions than the installed ones.'),
    extra_args: text().default('').describe('More arguments of the command.'),
    allow_vendor_change: boolean().default(false).describe('Allow another vendor (dist-upgrade).'),
    replacefiles: boolean()
      .default(false)
      .describe('Install although files of others are replaced.'),
    clean_deps: boolean().default(false).describe('Remove dependencies that are needed no more.'),
    auto_import_keys: boolean().default(false).describe('Trust the keys of repositories unseen.'),
    skip_post_errors: boolean()
      .default(false)
      .describe('Count as done what fails only in scripts that run afterwards (exit code 107).'),
    simple_errors: boolean().default(false).describe('Taken for compatibility; without effect.'),
    quiet: boolean().default(true).describe('Taken for compatibility; without effect.'),
  })
  .refine(({ name, state }) => state !== 'dist-upgrade' || isEverything(name), {
    error: '"state: dist-upgrade" is for "name: \'*\'" alone',
  });

function isEverything(name: readonly string[]): boolean {
  return name.length === 1 && name[0] === '*';
}

export type ZypperParams = z.output<typeof zypperParams>;

/** Versions are asked for as `nginx>=1.24`; what begins with `-` or `~` is to go, whatever the state. */
export function specsOf({ name }: Pick<ZypperParams, 'name'>): string[] {
  return name.map((each) => each.trim().replace(/^~/, '-')).filter((each) => each !== '');
}

export type ZypperOperation = 'present' | 'latest' | 'absent' | 'all';

export function operationOf({ name, state }: ZypperParams): ZypperOperation {
  if (state === 'dist-upgrade') return 'all';
  return state === 'latest' && isEverything(name) ? 'all' : state;
}

export function globalOptions(given: ZypperParams): string[] {
  return [
    ...splitWords(given.extra_args_precommand),
    ...(given.disable_gpg_check ? ['--no-gpg-checks'] : []),
    ...(given.auto_import_keys ? ['--gpg-auto-import-keys'] : []),
  ];
}

/** The verb and its options, as the simulation and the work take them. */
export function localOptions(given: ZypperParams): string[] {
  const verb = verbOf(given);
  const installs = verb === 'install' || verb === 'update';
  const table: readonly (readonly [boolean, string])[] = [
    [verb !== 'remove', '--auto-agree-with-licenses'],
    [given.disable_recommends && verb !== 'remove' && verb !== 'patch', '--no-recommends'],
    [given.force && verb === 'install', '--force'],
    [given.force_resolution && installs, '--force-resolution'],
    [(given.oldpackage || hasVersion(given)) && verb === 'install', '--oldpackage'],
    [given.replacefiles && verb !== 'remove', '--replacefiles'],
    [given.clean_deps && verb === 'remove', '--clean-deps'],
    [given.allow_vendor_change && verb === 'dist-upgrade', '--allow-vendor-change'],
  ];
  const takesType = verb === 'install' || verb === 'remove' || verb === 'update';
  return [
    verb,
    ...(takesType ? ['--type', given.type] : []),
    ...table.filter(([wanted]) => wanted).map(([, option]) => option),
    ...splitWords(given.extra_args),
  ];
}

function verbOf(given: ZypperParams): 'install' | 'remove' | 'update' | 'patch' | 'dist-upgrade' {
  if (given.state === 'dist-upgrade') return 'dist-upgrade';
  if (given.state === 'absent') return 'remove';
  if (operationOf(given) !== 'all') return 'install';
  return given.type === 'patch' ? 'patch' : 'update';
}

/** Who names a version means it, also when it is older than the installed one. */
function hasVersion(given: ZypperParams): boolean {
  return specsOf(given).some((spec) => /[<=>]/.test(spec) && !isFile(spec));
}

function isFile(spec: string): boolean {
  return spec.includes('://') || spec.endsWith('.rpm');
}
