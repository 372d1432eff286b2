/** From what is asked and what is there to the list of changes. Pure. */
import { ModuleError } from '../../../core/errors.ts';
import type { Change } from '../../../core/results.ts';
import { isOutdated } from '../image.ts';
import { canonicalName, isImageId } from '../imageName.ts';
import {
  comparisonModes,
  type Difference,
  differencesOf,
  draftOf,
  givenOptions,
  updateOf,
} from './differences.ts';
import type { Draft, Wanted } from './field.ts';
import { unexpectedLabels } from './fields/process.ts';
import type { ContainerInspect } from './inspect.ts';
import { type NetworkDifference, networkDifferences } from './networks.ts';
import type { EngineAnswers } from './observe.ts';
import type { Params } from './params.ts';

/** One step of `apply`; several changes can share one (`recreate` has a change for each differing option). */
export type Step =
  | { readonly type: 'pull' | 'pulled' | 'remove' }
  | { readonly type: 'create'; readonly draft: Draft }
  /** `isForImage`: not needed when a pull shows that the container runs that very image. */
  | { readonly type: 'recreate'; readonly draft: Draft; readonly isForImage: boolean }
  | { readonly type: 'update'; readonly settings: Readonly<Record<string, unknown>> }
  | { readonly type: 'start' | 'stop' | 'restart' | 'pause' | 'unpause' }
  | { readonly type: 'network'; readonly difference: NetworkDifference };
export type ContainerChange = Change<Step>;

/** @throws ModuleError when it cannot be done: no image to create from, an image that may not be pulled. */
export function planContainer(wanted: Wanted, answers: EngineAnswers): readonly ContainerChange[] {
  const { params } = wanted;
  if (params.state === 'absent') return planAbsent(params, answers.container);
  checkImage(params, answers);
  const container = isBeingRemoved(answers.container) ? undefined : answers.container;
  const pull = planPull(params, answers);
  return container === undefined
    ? [...pull, ...planNew(wanted)]
    : [...pull, ...planExisting(wanted, container, answers)];
}

export function isBeingRemoved(container: ContainerInspect | undefined): boolean {
  return container?.State.Status === 'removing' || container?.State.Status === 'dead';
}

function change(
  params: Params,
  detail: string,
  before: unknown,
  after: unknown,
  step: Step,
): ContainerChange {
  const what = detail === '' ? `container ${params.name}` : `container ${params.name}: ${detail}`;
  return { what, before, after, operation: step };
}

function planAbsent(
  params: Params,
  container: ContainerInspect | undefined,
): readonly ContainerChange[] {
  if (container === undefined) return [];
  return [change(params, '', container.State.Status, 'absent', { type: 'remove' })];
}

function checkImage(
  { image, pull, image_label_mismatch, labels }: Params,
  answers: EngineAnswers,
): void {
  if (image === undefined) {
    if (answers.container !== undefined) return;
    throw new ModuleError('a container cannot be created without "image"');
  }
  const { local } = answers.image;
  const mayPull = pull !== 'never' && !isImageId(image);
  if (local === undefined && !mayPull && !answers.isPredicted) {
    throw new ModuleError(`image "${image}" is not on the host`, {
      hint: isImageId(image) ? 'an id names an image that is there already' : 'set "pull: missing"',
    });
  }
  const unexpected = image_label_mismatch === 'fail' ? unexpectedLabels(local, labels) : [];
  if (unexpected.length > 0) {
    throw new ModuleError(
      `image "${image}" brings labels that are not asked for: ${unexpected.join(', ')}`,
    );
  }
}

function planPull({ image }: Params, { image: state }: EngineAnswers): readonly ContainerChange[] {
  if (image === undefined) return [];
  const what = `image ${image}`;
  const { local, remoteDigest, updatedFrom } = state;
  if (updatedFrom !== undefined) {
    return [{ what, before: updatedFrom, after: local?.Id, operation: { type: 'pulled' } }];
  }
  if (local === undefined) {
    return [{ what, before: 'absent', after: 'pulled', operation: { type: 'pull' } }];
  }
  if (!isOutdated(state)) return [];
  const before = local.RepoDigests ?? local.Id;
  return [{ what, before, after: remoteDigest, operation: { type: 'pull' } }];
}

function planNew(wanted: Wanted): readonly ContainerChange[] {
  const { params } = wanted;
  const { image, networks, state } = params;
  const after = { image, ...givenOptions(wanted), ...(networks && { networks }) };
  const step: Step = { type: 'create', draft: draftOf(wanted) };
  const creation = change(params, '', 'absent', after, step);
  const isStarted = state === 'started' || state === 'healthy';
  return isStarted ? [creation, started(params, 'created'), ...pausing(params, false)] : [creation];
}

function started(params: Params, before: string): ContainerChange {
  return change(params, 'state', before, 'running', { type: 'start' });
}

function planExisting(
  wanted: Wanted,
  container: ContainerInspect,
  answers: EngineAnswers,
): readonly ContainerChange[] {
  const { params } = wanted;
  const image = answers.currentImage ?? answers.image.local;
  const options = differencesOf(wanted, container, image);
  const reasons = [
    ...imageDifferences(params, container, answers),
    ...options.filter(({ isUpdatable }) => !isUpdatable),
  ];
  if (reasons.length > 0 || params.recreate)
    return planRecreation(wanted, container, reasons, options);
  const update: Step = { type: 'update', settings: updateOf(wanted) };
  return [
    ...options.map((difference) => optionChange(params, difference, update)),
    ...planNetworks(params, container),
    ...planState(params, container),
  ];
}

function optionChange(
  params: Params,
  { option, actual, desired }: Difference,
  step: Step,
): ContainerChange {
  return change(params, option, actual, desired, step);
}

function planRecreation(
  wanted: Wanted,
  container: ContainerInspect,
  reasons: readonly Difference[],
  options: readonly Difference[],
): readonly ContainerChange[] {
  const { params } = wanted;
  const isForImage = reasons.length > 0 && reasons.every(({ option }) => option === 'image');
  const step: Step = { type: 'recreate', draft: draftOf(wanted), isForImage };
  const updatable = options.filter(({ isUpdatable }) => isUpdatable);
  const differing = [...reasons, ...updatable].map((reason) => optionChange(params, reason, step));
  const changes =
    differing.length > 0 ? differing : [change(params, '', container.Id, 'recreated', step)];
  const isStarted = params.state === 'started' || params.state === 'healthy';
  return isStarted ? [...changes, started(params, 'created'), ...pausing(params, false)] : changes;
}

function imageDifferences(
  params: Params,
  container: ContainerInspect,
  { image: state }: EngineAnswers,
): readonly Difference[] {
  const { image, image_name_mismatch } = params;
  if (image === undefined || comparisonModes(params)('image', 'strict') === 'ignore') return [];
  const row = { option: 'image', isUpdatable: false };
  const isReplaced =
    state.local === undefined || isOutdated(state) || state.local.Id !== container.Image;
  const name = String(container.Config['Image'] ?? '');
  if (isReplaced) {
    const id = isOutdated(state) ? state.remoteDigest : state.local?.Id;
    return [
      {
        ...row,
        desired: `${image} (${id ?? 'to be pulled'})`,
        actual: `${name} (${container.Image})`,
      },
    ];
  }
  const isOtherName = !isImageId(image) && canonicalName(name) !== canonicalName(image);
  if (image_name_mismatch === 'ignore' || !isOtherName) return [];
  return [{ ...row, desired: image, actual: name }];
}

function planNetworks(params: Params, container: ContainerInspect): readonly ContainerChange[] {
  const mode = comparisonModes(params)('networks', 'allow_more_present');
  return networkDifferences(params.networks, container, mode).map((difference) =>
    change(
      params,
      `network ${difference.name}`,
      difference.actual ?? 'not connected',
      difference.desired ?? 'not connected',
      { type: 'network', difference },
    ),
  );
}

function planState(params: Params, container: ContainerInspect): readonly ContainerChange[] {
  const { Status, Running, Paused } = container.State;
  switch (params.state) {
    case 'started':
    case 'healthy':
      if (!Running) return [started(params, Status), ...pausing(params, false)];
      if (params.restart)
        return [change(params, 'state', Status, 'restarted', { type: 'restart' })];
      return pausing(params, Paused);
    case 'stopped':
      return Running ? [change(params, 'state', Status, 'stopped', { type: 'stop' })] : [];
    case 'present':
    case 'absent':
      return [];
    default:
      return params.state satisfies never;
  }
}

function pausing(params: Params, isPaused: boolean): readonly ContainerChange[] {
  const { paused } = params;
  if (paused === undefined || paused === isPaused) return [];
  return [change(params, 'paused', isPaused, paused, { type: paused ? 'pause' : 'unpause' })];
}
