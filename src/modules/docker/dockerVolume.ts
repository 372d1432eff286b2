/** `docker_volume`: named volumes. A volume's settings cannot be changed, so a difference is an error or a new volume. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import { defineResource } from '../module.ts';
import { dict, text } from '../params.ts';
import { askEngine, type Engine, withEngine } from './client.ts';
import { matches } from './container/compare.ts';
import { engineParams } from './engineParams.ts';

const params = z.strictObject({
  volume_name: text()
    .describe('Name of the volume.')
    .meta({ aliases: ['name'] }),
  state: z.enum(['present', 'absent']).default('present').describe('Whether it shall exist.'),
  driver: text().default('local').describe('Driver that keeps it.'),
  driver_options: dict(text()).optional().describe("The driver's options."),
  labels: dict(text()).optional().describe('Labels.'),
  recreate: z
    .enum(['always', 'never', 'options-changed'])
    .default('never')
    .describe('Whether a volume that differs is removed, with its data, and made anew.'),
  ...engineParams,
});
type Params = z.output<typeof params>;

const VolumeInspect = z.looseObject({
  Name: z.string(),
  Driver: z.string(),
  Options: z.record(z.string(), z.string()).nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
});
export type VolumeInspect = z.output<typeof VolumeInspect>;

type VolumeOperation = { readonly type: 'create' | 'recreate' | 'remove' };

export const dockerVolume = defineResource({
  name: 'docker_volume',
  collection: 'community.docker',
  aliases: ['community.general.docker_volume', 'ansible.builtin.docker_volume'],
  summary: 'Create and remove volumes',
  params,
  examples: ['- docker_volume: { name: data }', '- docker_volume: { name: data, state: absent }'],
  returns: { volume: 'The volume as the Engine shows it.' },
  observe: () => ({}),
  async observeWith(target, input, _state, context) {
    const ask = (engine: Engine) => inspectVolume(engine, input.volume_name);
    return { volume: await askEngine(target, input, context, ask, undefined) };
  },
  plan: (input, { volume }) => planVolume(input, volume),
  apply: (changes, target, input, { signal }) =>
    withEngine(target, input, signal, async (engine) => {
      for (const { operation } of changes) await applyOne(engine, input, operation);
      const volume = await inspectVolume(engine, input.volume_name);
      return { volume: volume ?? {} };
    }),
  result: (_input, { volume }) => ({ volume: volume ?? {} }),
});

async function inspectVolume(engine: Engine, name: string): Promise<VolumeInspect | undefined> {
  const path = `/volumes/${encodeURIComponent(name)}`;
  const answer = await engine.find({ method: 'GET', path, doing: `inspect volume ${name}` });
  return answer === undefined ? undefined : VolumeInspect.parse(answer);
}

export function planVolume(
  input: Params,
  volume: VolumeInspect | undefined,
): readonly Change<VolumeOperation>[] {
  const { volume_name: name, driver, driver_options, labels, state, recreate } = input;
  const what = `volume ${name}`;
  const after = { driver, ...(driver_options && { driver_options }), ...(labels && { labels }) };
  if (volume === undefined) {
    return state === 'absent'
      ? []
      : [{ what, before: 'absent', after, operation: { type: 'create' } }];
  }
  if (state === 'absent')
    return [{ what, before: 'present', after: 'absent', operation: { type: 'remove' } }];
  const differing = differencesOf(input, volume);
  if (recreate === 'always' || (recreate === 'options-changed' && differing.length > 0)) {
    const before = { driver: volume.Driver, driver_options: volume.Options, labels: volume.Labels };
    return [{ what, before, after, operation: { type: 'recreate' } }];
  }
  if (differing.length === 0) return [];
  throw new ModuleError(`${what} exists with another ${differing.join(' and ')}`, {
    hint: 'a volume cannot be changed: set "recreate: options-changed" to lose its data and make it anew',
  });
}

function differencesOf({ driver, driver_options, labels }: Params, volume: VolumeInspect) {
  const rows: readonly (readonly [string, boolean])[] = [
    ['driver', driver === volume.Driver],
    ['driver_options', matches('dict', 'allow_more_present', driver_options, volume.Options)],
    ['labels', matches('dict', 'allow_more_present', labels, volume.Labels)],
  ];
  return rows.filter(([, isSame]) => !isSame).map(([option]) => option);
}

async function applyOne(engine: Engine, input: Params, { type }: VolumeOperation): Promise<void> {
  const { volume_name: Name, driver: Driver, driver_options: DriverOpts, labels: Labels } = input;
  if (type !== 'create') {
    const path = `/volumes/${encodeURIComponent(Name)}`;
    await engine.call({ method: 'DELETE', path, doing: `remove volume ${Name}` });
  }
  if (type === 'remove') return;
  const body = { Name, Driver, DriverOpts, Labels };
  await engine.call({
    method: 'POST',
    path: '/volumes/create',
    body,
    doing: `create volume ${Name}`,
  });
}
