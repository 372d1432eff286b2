/** The parameters of `docker_container`, with the names and defaults that its users know. */
import * as z from 'zod';
import { boolean, integer, seconds, text } from '../../params.ts';
import { engineParams } from '../engineParams.ts';
import { networkParams } from './networkParams.ts';
import { processParams } from './processParams.ts';
import { resourceParams } from './resourceParams.ts';
import { storageParams } from './storageParams.ts';

/** `pull: true` and `pull: false` are older spellings of `always` and `missing`. */
function pullPolicy() {
  const spellings = new Map([
    ['true', 'always'],
    ['yes', 'always'],
    ['false', 'missing'],
    ['no', 'missing'],
  ]);
  return z.preprocess(
    (value) => spellings.get(String(value).toLowerCase()) ?? value,
    z.enum(['never', 'missing', 'always']),
  );
}

const comparisonMode = z.enum(['strict', 'ignore', 'allow_more_present']);

const lifecycleParams = {
  name: text().describe('Name of the container, or its id for one that exists.'),
  state: z
    .enum(['absent', 'present', 'healthy', 'stopped', 'started'])
    .default('started')
    .describe(
      '`present`: exists with these settings, running or not; `healthy`: started, and waits for its health check.',
    ),
  image: text().optional().describe('Image to run, by name or id. Needed to create a container.'),
  pull: pullPolicy()
    .default('missing')
    .describe('`missing` pulls an image that is not there, `always` also brings it up to date.'),
  pull_check_mode_behavior: z
    .enum(['image_not_present', 'always'])
    .default('image_not_present')
    .describe('Has no effect: check mode asks the registry whether a pull would bring something.'),
  platform: text().optional().describe('Platform of the image, e.g. linux/amd64.'),
  image_comparison: z
    .enum(['desired-image', 'current-image'])
    .default('desired-image')
    .describe(
      "Whose defaults count in comparisons: the wanted image's or the running container's.",
    ),
  image_label_mismatch: z
    .enum(['ignore', 'fail'])
    .default('ignore')
    .describe('`fail` when the image brings labels that `labels` does not name.'),
  image_name_mismatch: z
    .enum(['recreate', 'ignore'])
    .default('recreate')
    .describe('Recreate the container when its image has the same content under another name.'),
  ignore_image: boolean()
    .default(false)
    .describe('Do not compare the image. Older spelling of `comparisons: {image: ignore}`.'),
  comparisons: z
    .preprocess(
      (value) => (value instanceof Map ? Object.fromEntries(value) : value),
      z.record(z.string(), comparisonMode),
    )
    .optional()
    .describe('How options are compared: strict, ignore or allow_more_present, by option or `*`.'),
  recreate: boolean().default(false).describe('Replace the container even if nothing differs.'),
  restart: boolean().default(false).describe('Restart the container if it runs already.'),
  paused: boolean().optional().describe('Whether its processes are paused.'),
  force_kill: boolean()
    .default(false)
    .describe('Kill instead of stopping.')
    .meta({ aliases: ['forcekill'] }),
  kill_signal: text().optional().describe('Signal that `force_kill` sends; KILL without it.'),
  stop_timeout: integer()
    .optional()
    .describe('Seconds between the stop signal and KILL. Not compared by default.'),
  keep_volumes: boolean()
    .default(true)
    .describe('Keep anonymous volumes when the container is removed.'),
  removal_wait_timeout: seconds()
    .optional()
    .describe('Seconds to wait for a removal to end; without it as long as it takes.'),
  healthy_wait_timeout: seconds()
    .default(300_000)
    .describe('Seconds to wait for `state: healthy`; 0 or less waits for ever.'),
  detach: boolean()
    .optional()
    .describe('With `false` the task waits for the end of the container and fails when it fails.'),
  cleanup: boolean()
    .default(false)
    .describe('With `detach: false`, remove the container when it has ended.'),
  output_logs: boolean().default(false).describe('Print the output of `detach: false` in the log.'),
  auto_remove: boolean().optional().describe('The Engine removes the container when it ends.'),
  restart_policy: z
    .preprocess(
      (value) => (value === false ? 'no' : value),
      z.enum(['no', 'on-failure', 'always', 'unless-stopped']),
    )
    .optional()
    .describe('When the Engine starts the container again.'),
  restart_retries: integer().optional().describe('How often, for `restart_policy: on-failure`.'),
  command_handling: z
    .enum(['correct', 'compatibility'])
    .default('correct')
    .describe('`compatibility` splits `command` and `entrypoint` again as old releases did.'),
  container_default_behavior: z
    .enum(['no_defaults', 'compatibility'])
    .default('no_defaults')
    .describe('`compatibility` sets what old releases set for options that are not given.'),
} satisfies z.ZodRawShape;

export const params = z.strictObject({
  ...lifecycleParams,
  ...processParams,
  ...resourceParams,
  ...storageParams,
  ...networkParams,
  ...engineParams,
});
export type Params = z.output<typeof params>;
