/** What `docker_image` takes. */
import * as z from 'zod';
import { boolean, object, path, text } from '../params.ts';
import { buildParams } from './buildParams.ts';
import { engineParams } from './engineParams.ts';

export const params = z.strictObject({
  name: text().describe('Image, by name or id; a tag in it wins over `tag`.'),
  tag: text().default('latest').describe('Tag, where the name has none.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether it shall be there.'),
  source: z
    .enum(['build', 'pull', 'load', 'local'])
    .optional()
    .describe(
      'Where it comes from: a Dockerfile on the host, a registry, an archive on the host, or it must be there.',
    ),
  build: buildParams.optional().describe('How it is built, for `source: build`.'),
  pull: object({ platform: text().optional().describe('Platform to pull, e.g. linux/amd64.') })
    .optional()
    .describe('How it is pulled.'),
  load_path: path().optional().describe('Archive on the host, for `source: load`.'),
  archive_path: path().optional().describe('Archive on the host that it is written to.'),
  repository: text()
    .optional()
    .describe('Second name, `repository[:tag]`, that it gets; without a tag it keeps its own.'),
  push: boolean()
    .default(false)
    .describe('Push it to the registry in `repository` or `name`, where that has another or none.'),
  force_source: boolean()
    .default(false)
    .describe('Build, pull or load again; it has changed where that brings another image.'),
  force_tag: boolean()
    .default(false)
    .describe('Let `repository` name this image even if it names another.'),
  force_absent: boolean()
    .default(false)
    .describe('Remove it even if it has other names or stopped containers.'),
  ...engineParams,
});
export type Params = z.output<typeof params>;
