/** `build:` of `docker_image`: how an image is made of a folder on the host. */
import type * as z from 'zod';
import { boolean, dict, integer, list, object, path, seconds, text } from '../params.ts';

const containerLimits = object({
  memory: text().optional().describe('Memory, e.g. 512M.'),
  memswap: text().optional().describe('Memory and swap together; `unlimited` or -1 for no limit.'),
  cpushares: integer().optional().describe('Share of the CPU, relative to others.'),
  cpusetcpus: text().optional().describe('CPUs that may be used, e.g. 0-3 or 0,1.'),
});

const shape = {
  path: path().describe('Folder on the host that holds the Dockerfile and what it copies.'),
  dockerfile: text().optional().describe('Another Dockerfile; relative to `path`.'),
  args: dict(text()).optional().describe('Values for the ARGs of the Dockerfile.'),
  cache_from: list(text()).optional().describe('Images whose layers may be taken.'),
  container_limits: containerLimits.optional().describe('Limits of the containers that build.'),
  etc_hosts: dict(text()).optional().describe('Addresses by name, for /etc/hosts while building.'),
  http_timeout: seconds()
    .optional()
    .describe('Longest time for the whole build, in seconds; no limit without it.'),
  labels: dict(text()).optional().describe('Labels of the image.'),
  network: text().optional().describe('Network for RUN.'),
  nocache: boolean().default(false).describe('Build every layer anew.'),
  platform: text().optional().describe('Platform of the image, e.g. linux/arm64.'),
  pull: boolean().default(false).describe('Bring the image of FROM up to date.'),
  rm: boolean().default(true).describe('Remove the containers of the build afterwards.'),
  shm_size: text().optional().describe('Size of /dev/shm, e.g. 64M.'),
  target: text().optional().describe('Stage of the Dockerfile that becomes the image.'),
  use_config_proxy: boolean()
    .default(false)
    .describe("Build with the proxies of the client's config.json on the host."),
} satisfies z.ZodRawShape;

export const buildParams = object(shape);
export type BuildParams = z.output<typeof buildParams>;
