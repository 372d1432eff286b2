/** The parameters of `pacman` and what they mean together. */
import * as z from 'zod';
import { boolean, list, path, text } from '../../params.ts';
import { packageState } from '../managerWork.ts';

export const pacmanParams = z
  .strictObject({
    name: list(text())
      .default([])
      .describe('Packages, groups, and files or URLs of packages (`*.pkg.tar.*`).')
      .meta({ aliases: ['package', 'pkg'] }),
    state: packageState(),
    force: boolean()
      .default(false)
      .describe(
        'Remove although others depend on it; refresh the databases also when they are new.',
      ),
    remove_nosave: boolean().default(false).describe('Remove configuration files too.'),
    executable: text().default('pacman').describe('The pacman to use, or a tool that works alike.'),
    config: path().optional().describe("Another configuration than the host's."),
    root: path().optional().describe('Another root than /.'),
    cachedir: path().optional().describe('Another folder of downloaded packages.'),
    extra_args: text().default('').describe('More arguments, quoted as for a shell.'),
    update_cache: boolean()
      .default(false)
      .describe('Refresh the databases first.')
      .meta({ aliases: ['update-cache'] }),
    update_cache_extra_args: text().default('').describe('More arguments for the refresh.'),
    upgrade: boolean().default(false).describe('Upgrade everything.'),
    upgrade_extra_args: text().default('').describe('More arguments for the upgrade.'),
    reason: z
      .enum(['dependency', 'explicit'])
      .optional()
      .describe('What the packages count as installed for.'),
    reason_for: z
      .enum(['all', 'new'])
      .default('new')
      .describe('Whether `reason` is also for packages that are there already.'),
  })
  .refine(({ name, upgrade }) => name.length === 0 || !upgrade, {
    error: 'only one of "name" and "upgrade" can be given',
  })
  .refine(({ name, upgrade, update_cache }) => name.length > 0 || upgrade || update_cache, {
    error: 'one of "name", "upgrade" and "update_cache" is needed',
  });

export type PacmanParams = z.output<typeof pacmanParams>;
