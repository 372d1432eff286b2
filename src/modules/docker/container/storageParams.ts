/** What a container sees of files: volumes, mounts, tmpfs. */
import * as z from 'zod';
import { boolean, dict, list, object, text } from '../../params.ts';

const mount = object({
  target: text().describe('Where it is mounted in the container.'),
  source: text().optional().describe('Volume, or path on the host.'),
  type: z
    .enum(['bind', 'npipe', 'tmpfs', 'volume', 'cluster', 'image'])
    .default('volume')
    .describe('Kind of mount; `cluster` needs Engine 23, `image` Engine 28.'),
  read_only: boolean().optional().describe('Mount it read-only.'),
  consistency: z
    .enum(['cached', 'consistent', 'default', 'delegated'])
    .optional()
    .describe('Consistency, where the platform knows it.'),
  propagation: z
    .enum(['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave'])
    .optional()
    .describe('Propagation of a bind mount.'),
  create_mountpoint: boolean().optional().describe('Create the source of a bind mount.'),
  non_recursive: boolean().optional().describe('Leave out what is mounted below the source.'),
  read_only_non_recursive: boolean()
    .optional()
    .describe('What is mounted below a read-only source stays writable. Engine 25.'),
  read_only_force_recursive: boolean()
    .optional()
    .describe('Fail where what is mounted below cannot be read-only too. Engine 25.'),
  no_copy: boolean().optional().describe("Do not fill a new volume with the image's files."),
  labels: dict(text()).optional().describe('Labels of a new volume.'),
  volume_driver: text().optional().describe('Driver of a new volume.'),
  volume_options: dict(text()).optional().describe("The driver's options."),
  subpath: text().optional().describe('Directory in the volume or image to mount.'),
  tmpfs_size: text().optional().describe('Size of a tmpfs.'),
  tmpfs_mode: text().optional().describe('Mode of a tmpfs, octal.'),
  tmpfs_options: list(dict(text().nullable()))
    .optional()
    .describe('Further options of a tmpfs, each a dict of one key; null for a flag. Engine 27.'),
});

export type Mount = z.output<typeof mount>;

export const storageParams = {
  volumes: list(text())
    .optional()
    .describe('`source:target[:options]`, or a path in the container for an anonymous volume.'),
  mounts: list(mount).optional().describe('Mounts in the long form.'),
  tmpfs: list(text()).optional().describe('tmpfs mounts: `target[:options]`.'),
  volumes_from: list(text()).optional().describe('Containers whose volumes it gets.'),
  volume_driver: text().optional().describe('Driver of volumes that do not name one.'),
  storage_opts: dict(text()).optional().describe('Options of the storage driver.'),
  read_only: boolean().optional().describe('Mount its root file system read-only.'),
} satisfies z.ZodRawShape;
