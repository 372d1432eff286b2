/** All that is asked before a container is planned: of the host by a script, of the Engine over its API. */
import { ModuleError } from '../../../core/errors.ts';
import type { Probe } from '../../../target/probe.ts';
import type { Target } from '../../../target/target.ts';
import type { ObserveContext } from '../../module.ts';
import { script } from '../../script.ts';
import { askEngine, type Engine } from '../client.ts';
import { type ImageInspect, type ImageState, inspectImage, observeImage } from '../image.ts';
import { peerOf, type Wanted } from './field.ts';
import { isRelative } from './fields/storage.ts';
import { type ContainerInspect, inspectContainer } from './inspect.ts';
import type { Params } from './params.ts';

/** What the script says: where relative sources of volumes start, and the lines of `env_file`. */
export type HostAnswers = Pick<Wanted, 'home' | 'directory' | 'fileEnvironment'>;

const NOTHING_ASKED: HostAnswers = { home: '', directory: '', fileEnvironment: {} };

const HOST = script`
printf '%s\n%s\n' "$HOME" "$PWD"
[ -z "$1" ] || cat -- "$1"
`;

export function hostProbes(params: Params): { readonly host?: Probe<HostAnswers> } {
  const { state, env_file, volumes = [] } = params;
  const isAsked = env_file !== undefined || volumes.some(isRelative);
  if (state === 'absent' || !isAsked) return {};
  const host: Probe<HostAnswers> = {
    script: HOST,
    args: [env_file ?? ''],
    parse({ rc, stdout, stderr }) {
      if (rc !== 0) throw new ModuleError(`env_file: ${stderr.toString().trim()}`);
      const [home = '', directory = '', ...lines] = stdout.toString().split('\n');
      return { home, directory, fileEnvironment: parseEnvFile(lines) };
    },
  };
  return { host };
}

/** Lines `NAME=value`; empty ones and `#` comments do not count, quotes belong to the value. */
export function parseEnvFile(lines: readonly string[]): Readonly<Record<string, string>> {
  const given = lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    given.map((line) => {
      const at = line.indexOf('=');
      if (at < 1) {
        throw new ModuleError(`env_file: "${line}" is no variable`, { hint: 'write NAME=value' });
      }
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

export interface EngineAnswers {
  readonly container: ContainerInspect | undefined;
  readonly image: ImageState;
  /** Image that the container runs, where its defaults count. */
  readonly currentImage: ImageInspect | undefined;
  readonly peers: Readonly<Record<string, string>>;
  /** No Engine answers in check mode: an earlier task would have installed it. */
  readonly isPredicted: boolean;
}

const NO_ENGINE: EngineAnswers = {
  container: undefined,
  image: { local: undefined },
  currentImage: undefined,
  peers: {},
  isPredicted: true,
};

export function observeContainer(
  target: Target,
  params: Params,
  context: ObserveContext,
): Promise<EngineAnswers> {
  const ask = async (engine: Engine): Promise<EngineAnswers> => {
    const container = await inspectContainer(engine, params.name);
    if (params.state === 'absent') return { ...NO_ENGINE, container, isPredicted: false };
    const image = await wantedImage(engine, target, params, context.checkMode);
    const currentImage = await runningImage(engine, params, container);
    const peers = await idsOfPeers(engine, params);
    return { container, image, currentImage, peers, isPredicted: false };
  };
  return askEngine(target, params, context, ask, NO_ENGINE);
}

async function wantedImage(
  engine: Engine,
  target: Target,
  { image: name, pull, platform }: Params,
  checkMode: boolean,
): Promise<ImageState> {
  if (name === undefined) return { local: undefined };
  return observeImage(engine, target, { name, pull, platform }, checkMode);
}

async function runningImage(
  engine: Engine,
  { image, image_comparison }: Params,
  container: ContainerInspect | undefined,
): Promise<ImageInspect | undefined> {
  const counts = image === undefined || image_comparison === 'current-image';
  return container === undefined || !counts ? undefined : inspectImage(engine, container.Image);
}

async function idsOfPeers(
  engine: Engine,
  params: Params,
): Promise<Readonly<Record<string, string>>> {
  const { network_mode, ipc_mode, pid_mode } = params;
  const names = [network_mode, ipc_mode, pid_mode].flatMap((mode) => peerOf(mode) ?? []);
  const found = await Promise.all(
    [...new Set(names)].map(
      async (name) => [name, (await inspectContainer(engine, name))?.Id] as const,
    ),
  );
  const known = found.flatMap(([name, id]) => (id === undefined ? [] : [[name, id] as const]));
  return Object.fromEntries(known);
}

export function wantedOf(
  params: Params,
  { host = NOTHING_ASKED, peers }: { readonly host?: HostAnswers; readonly peers: Wanted['peers'] },
): Wanted {
  return { params: withOldDefaults(params), ...host, peers };
}

/** `container_default_behavior: compatibility` and the shorthand of `published_ports`. */
function withOldDefaults(params: Params): Params {
  if (params.container_default_behavior !== 'compatibility') return params;
  const defaults = {
    auto_remove: false,
    detach: true,
    init: false,
    interactive: false,
    memory: '0',
    paused: false,
    privileged: false,
    read_only: false,
    tty: false,
  };
  const given = Object.entries(params).filter(([, value]) => value !== undefined);
  return { ...params, ...defaults, ...Object.fromEntries(given) };
}
