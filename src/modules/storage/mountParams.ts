/** The parameters of `mount`. */
import * as z from 'zod';
import { boolean, path, text } from '../params.ts';
import type { FstabEntry } from './fstab.ts';

export const MountParams = z
  .strictObject({
    path: path()
      .describe('The mount point.')
      .meta({ aliases: ['name'] }),
    src: path().optional().describe('Device, network share or directory.'),
    fstype: text().optional().describe('Kind of file system.'),
    opts: text().optional().describe('Options, as in fstab(5). Default: defaults.'),
    opts_no_log: boolean().default(false).describe('Hide `opts` in what the run prints.'),
    state: z
      .enum([
        'absent',
        'absent_from_fstab',
        'mounted',
        'present',
        'unmounted',
        'remounted',
        'ephemeral',
      ])
      .describe(
        '`mounted` is in fstab and mounted, `present` in fstab, `unmounted` only not mounted, `absent` neither (and the directory goes), `ephemeral` mounted without fstab.',
      ),
    fstab: path().default('/etc/fstab').describe('The file.'),
    boot: boolean().default(true).describe('Mount it at boot; no adds the option noauto.'),
    dump: text().default('0').describe('Field for dump(8).'),
    passno: text().default('0').describe('Order of checks at boot.'),
    backup: boolean().default(false).describe('Keep the old fstab.'),
  })
  .superRefine(({ state, src, fstype }, context) => {
    if (!['mounted', 'present', 'ephemeral'].includes(state)) return;
    if (src === undefined) context.addIssue(`"src" is needed with state=${state}`);
    if (fstype === undefined) context.addIssue(`"fstype" is needed with state=${state}`);
  });

export type MountParams = z.output<typeof MountParams>;

/** The line in fstab that is asked for. */
export function wantedEntry({ path: name, src, fstype, ...more }: MountParams): FstabEntry {
  const { dump, passno } = more;
  return { src: src ?? '', name, fstype: fstype ?? '', opts: wantedOptions(more), dump, passno };
}

/** `noauto` joins the options, unless they say `defaults`. */
function wantedOptions({ opts = 'defaults', boot }: Pick<MountParams, 'opts' | 'boot'>): string {
  const options = opts.split(',');
  if (boot || options.includes('noauto') || options.includes('defaults')) return opts;
  return `${opts},noauto`;
}

/** Why `boot` does not count, if it does not. */
export function bootWarning({ opts = 'defaults', boot }: MountParams): string | undefined {
  const options = opts.split(',');
  if (options.includes('noauto')) return '"boot" is ignored: "opts" has "noauto"';
  if (boot || !options.includes('defaults')) return undefined;
  return '"boot" is ignored: "opts" has "defaults"';
}
