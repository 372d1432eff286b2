import * as z from 'zod';
import { boolean, integer, list, path, text } from '../../params.ts';

const NO_EFFECT = 'Without effect: rsync travels on the connection of the task.';

/** What `archive` switches on, each also by itself. */
const PRESERVED = ['recursive', 'links', 'perms', 'times', 'owner', 'group'] as const;

export const SynchronizeParams = z
  .strictObject({
    src: text().describe('What to copy; with a slash at its end, what is in it.'),
    dest: text().describe('Where it goes.'),
    mode: z
      .enum(['push', 'pull'])
      .default('push')
      .describe('`push`: from the controller to the host; `pull`: from the host.'),
    archive: boolean()
      .default(true)
      .describe('Keep links, permissions, times, owner and group, and go into directories.'),
    recursive: boolean().optional().describe('Go into directories. Default: as `archive`.'),
    links: boolean().optional().describe('Copy links as links. Default: as `archive`.'),
    perms: boolean().optional().describe('Keep permissions. Default: as `archive`.'),
    times: boolean().optional().describe('Keep times. Default: as `archive`.'),
    owner: boolean().optional().describe('Keep the owner. Default: as `archive`.'),
    group: boolean().optional().describe('Keep the group. Default: as `archive`.'),
    checksum: boolean().default(false).describe('Compare contents instead of size and time.'),
    compress: boolean().default(true).describe('Compress on the way.'),
    copy_links: boolean().default(false).describe('Copy what links lead to.'),
    delay_updates: boolean().default(true).describe('Put all new files in place at the end.'),
    delete: boolean().default(false).describe('Remove what the source does not have.'),
    dirs: boolean().default(false).describe('Copy directories without what is in them.'),
    existing_only: boolean().default(false).describe('Make no new files.'),
    partial: boolean().default(false).describe('Keep what was transferred when interrupted.'),
    link_dest: list(path()).optional().describe('Directories with files to link to instead.'),
    rsync_opts: list(text()).default([]).describe('Further options of rsync.'),
    rsync_path: text().optional().describe('Command line that starts rsync on the host.'),
    rsync_timeout: integer().default(0).describe('Seconds of silence after which it fails.'),
    dest_port: integer().optional().describe(NO_EFFECT),
    private_key: path().optional().describe(NO_EFFECT),
    set_remote_user: boolean().default(true).describe(NO_EFFECT),
    ssh_connection_multiplexing: boolean().default(false).describe(NO_EFFECT),
    use_ssh_args: boolean().default(false).describe(NO_EFFECT),
    verify_host: boolean().default(false).describe(NO_EFFECT),
  })
  .refine(({ delete: deletes, recursive, archive }) => !deletes || (recursive ?? archive), {
    error: 'delete needs recursive',
  });
export type SynchronizeParams = z.output<typeof SynchronizeParams>;

/** Stands before each line that tells of a change. */
const MARK = '<<CHANGED>>';

/** The options of rsync. Arguments of the host travel inside the protocol, past every shell. */
export function rsyncOptions(params: SynchronizeParams, checkMode: boolean): string[] {
  const { archive, rsync_timeout: timeout, link_dest: linked = [] } = params;
  const flags: readonly (readonly [string, boolean])[] = [
    ['--delay-updates', params.delay_updates],
    ['--compress', params.compress],
    ['--dry-run', checkMode],
    ['--delete-after', params.delete],
    ['--existing', params.existing_only],
    ['--checksum', params.checksum],
    ['--copy-links', params.copy_links],
    ['--archive', archive],
    ['--dirs', params.dirs],
    ['--partial', params.partial],
  ];
  return [
    ...['-F', '--protect-args'],
    ...flags.filter(([, isOn]) => isOn).map(([flag]) => flag),
    ...PRESERVED.flatMap((name) => preserved(name, params[name], archive)),
    ...(timeout > 0 ? [`--timeout=${timeout}`] : []),
    ...linkOptions(linked),
    ...params.rsync_opts,
    `--out-format=${MARK}%i %n%L`,
  ];
}

/** Of what it links elsewhere rsync tells only when it tells of everything. */
function linkOptions(directories: readonly string[]): string[] {
  if (directories.length === 0) return [];
  const places = directories.map((directory) => `--link-dest=${directory}`);
  return ['--hard-links', '-ii', ...places];
}

function preserved(name: string, value: boolean | undefined, archive: boolean): string[] {
  if (value === undefined || value === archive) return [];
  return [value ? `--${name}` : `--no-${name}`];
}

export interface Item {
  readonly name: string;
  /** As rsync itemizes: `<f+++++++++`, `*deleting`, `.d..t......`. */
  readonly change: string;
}

/** `.f` and no more: the same on both sides. */
const UNCHANGED = new RegExp(`^${MARK}\\.\\w `);

/** The changes, and the output without their marks. */
export function parseOutput(output: string): {
  readonly items: readonly Item[];
  readonly text: string;
} {
  const lines = output.split('\n').filter((line) => line !== '' && !UNCHANGED.test(line));
  const items = lines
    .filter((line) => line.startsWith(MARK))
    .map((line) => {
      const [, change = '', name = ''] = /^(\S+) +(.*)$/.exec(line.slice(MARK.length)) ?? [];
      return { name, change };
    });
  return { items, text: lines.map((line) => `${line.replace(MARK, '')}\n`).join('') };
}
