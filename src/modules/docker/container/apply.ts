/** Carries out the plan of a container, step by step in the one order that works. */
import { ModuleError } from '../../../core/errors.ts';
import type { ResultData } from '../../../core/results.ts';
import type { Target } from '../../../target/target.ts';
import type { ApplyContext } from '../../module.ts';
import { type Engine, withEngine } from '../client.ts';
import { type ImageInspect, pullImage } from '../image.ts';
import { comparisonModes } from './differences.ts';
import type { Draft } from './field.ts';
import { type ContainerInspect, inspectContainer } from './inspect.ts';
import { endpointSettings, networkDifferences } from './networks.ts';
import type { Params } from './params.ts';
import type { ContainerChange, Step } from './plan.ts';
import {
  connect,
  pause,
  remove,
  restart,
  runToEnd,
  start,
  stop,
  update,
  waitUntilGone,
} from './steps.ts';

export function applyContainer(
  changes: readonly ContainerChange[],
  target: Target,
  params: Params,
  context: ApplyContext,
): Promise<ResultData> {
  return withEngine(target, params, context.signal, async (engine) => {
    const steps = uniqueSteps(changes);
    const isPulled = steps.some(({ type }) => type === 'pull');
    const image = isPulled ? await pull(engine, target, params) : undefined;
    let ended: ResultData = {};
    for (const step of steps) {
      ended = { ...ended, ...(await applyStep(engine, params, step, image, context)) };
    }
    const container = await inspectContainer(engine, params.name);
    return { ...(container && { container }), ...ended };
  });
}

/** The changes of one recreation or update are one step. */
function uniqueSteps(changes: readonly ContainerChange[]): readonly Step[] {
  const steps = changes.map(({ operation }) => operation);
  const isOnce = (step: Step) => step.type !== 'network';
  return steps.filter(
    (step, index) => !isOnce(step) || steps.findIndex(({ type }) => type === step.type) === index,
  );
}

function pull(engine: Engine, target: Target, { image: name = '', platform }: Params) {
  return pullImage(engine, target, { name, platform });
}

async function applyStep(
  engine: Engine,
  params: Params,
  step: Step,
  pulled: ImageInspect | undefined,
  context: ApplyContext,
): Promise<ResultData | undefined> {
  switch (step.type) {
    case 'pull':
    case 'pulled':
      return undefined;
    case 'create':
      return void (await create(engine, params, step.draft, context));
    case 'recreate':
      return void (await recreate(engine, params, step, pulled, context));
    case 'update':
      return void (await update(engine, params, step.settings));
    case 'network':
      return void (await connect(engine, params, step.difference));
    case 'start':
      return startIt(engine, params, context);
    case 'stop':
      return void (await stop(engine, params));
    case 'restart':
      return void (await restart(engine, params));
    case 'pause':
    case 'unpause':
      return void (await pause(engine, params, step.type));
    case 'remove':
      return void (await remove(engine, params));
    default:
      return step satisfies never;
  }
}

async function create(
  engine: Engine,
  params: Params,
  draft: Draft,
  { controller }: ApplyContext,
): Promise<void> {
  const { name, platform } = params;
  const leftover = await inspectContainer(engine, name);
  if (leftover !== undefined) await waitUntilGone(engine, params, leftover.Id);
  const answer = await engine.call({
    method: 'POST',
    path: '/containers/create',
    query: { name, platform },
    body: createBody(params, draft),
    doing: `create container ${name}`,
  });
  const { Warnings: warnings } = answer as { readonly Warnings?: readonly string[] | null };
  for (const warning of warnings ?? []) controller.warn(`container ${name}: ${warning}`);
  await connectNetworks(engine, params);
}

/** The body of `POST /containers/create`. */
export function createBody(params: Params, { config, hostConfig }: Draft): Record<string, unknown> {
  const { image, networks = [], network_mode, networks_cli_compatible } = params;
  const [first] = networks;
  const usual = networks_cli_compatible ? first?.name : undefined;
  const mode = network_mode ?? usual;
  const joined = networks.find(({ name }) => name === mode);
  return {
    ...attachments(params),
    ...config,
    Image: image,
    HostConfig: {
      ...hostConfig,
      ...(mode !== undefined && { NetworkMode: hostConfig['NetworkMode'] ?? mode }),
    },
    ...(joined && {
      NetworkingConfig: { EndpointsConfig: { [joined.name]: endpointSettings(joined) } },
    }),
  };
}

function attachments({ detach, interactive }: Params): Readonly<Record<string, boolean>> {
  if (detach !== false) return {};
  const input = interactive === true ? { AttachStdin: true, StdinOnce: true } : {};
  return { AttachStdout: true, AttachStderr: true, ...input };
}

/** The Engine connects a new container to one network only; the others follow before it starts. */
async function connectNetworks(engine: Engine, params: Params): Promise<void> {
  if (params.networks === undefined) return;
  const container = await existing(engine, params);
  const mode = comparisonModes(params)('networks', 'allow_more_present');
  for (const difference of networkDifferences(params.networks, container, mode)) {
    await connect(engine, params, difference);
  }
}

async function existing(engine: Engine, { name }: Params): Promise<ContainerInspect> {
  const container = await inspectContainer(engine, name);
  if (container !== undefined) return container;
  throw new ModuleError(`container ${name} vanished while it was being set up`);
}

async function recreate(
  engine: Engine,
  params: Params,
  { draft, isForImage }: Extract<Step, { type: 'recreate' }>,
  pulled: ImageInspect | undefined,
  context: ApplyContext,
): Promise<void> {
  const container = await inspectContainer(engine, params.name);
  if (isForImage && pulled !== undefined && pulled.Id === container?.Image) return;
  await remove(engine, params);
  const image = params.image ?? container?.Image;
  await create(engine, { ...params, image }, draft, context);
}

async function startIt(
  engine: Engine,
  params: Params,
  { controller }: ApplyContext,
): Promise<ResultData | undefined> {
  if (params.detach !== false) return void (await start(engine, params));
  const { status, output } = await runToEnd(engine, params);
  if (params.output_logs) controller.log(output, 0);
  const container = await inspectContainer(engine, params.name);
  if (params.cleanup) await remove(engine, params);
  const data = {
    status,
    output,
    ...(container && { container: { ...container, Output: output } }),
  };
  if (status === 0) return data;
  throw new ModuleError(`container ${params.name} ended with status ${status}`, {
    code: 'DROVER_CONTAINER_FAILED',
    hint: lastLines(output),
    data,
  });
}

function lastLines(output: string): string | undefined {
  const lines = output.trimEnd().split('\n').slice(-3).join('\n');
  return lines === '' ? undefined : `it said: ${lines}`;
}
