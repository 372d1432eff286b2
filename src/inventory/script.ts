/** Runs executable inventories: `--list`, and `--host NAME` for each host when the answer has no `_meta`. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { LoadError } from '../core/errors.ts';
import { entryOf, type MappingEntry, type MappingNode, type Node } from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import { isNull } from '../source/shapes.ts';
import { parseYaml } from '../source/yaml.ts';
import type { Inventory } from './inventory.ts';
import { readScriptInventory } from './yamlSource.ts';

/** The standard output of a program. @throws LoadError when it fails or takes too long. */
export type RunProgram = (file: string, args: readonly string[]) => string;

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/** Runs programs on this machine, each for at most `timeoutMs`; one that prints more than `maxBytes` is ended too. */
export function programRunner(
  env: NodeJS.ProcessEnv,
  timeoutMs = 60_000,
  maxBytes = MAX_OUTPUT_BYTES,
): RunProgram {
  return (file, args) => {
    const done = spawnSync(resolve(file), [...args], {
      env,
      timeout: timeoutMs,
      // One that ignores SIGTERM would hold the run for ever.
      killSignal: 'SIGKILL',
      encoding: 'utf8',
      maxBuffer: maxBytes,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (done.error === undefined && done.status === 0) return done.stdout;
    throw failure(file, args, done, { timeoutMs, maxBytes });
  };
}

interface Done {
  readonly error?: Error | undefined;
  readonly status: number | null;
  readonly signal: string | null;
  readonly stderr: string | null;
}

interface Limits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** Of what a program says on stderr, in characters. */
const MAX_SAID = 4_000;

function howItEnded({ error, status, signal }: Done, { timeoutMs, maxBytes }: Limits): string {
  const code = error !== undefined && 'code' in error ? error.code : undefined;
  if (code === 'ETIMEDOUT') return `took more than ${timeoutMs} ms`;
  if (code === 'ENOBUFS') return `printed more than ${Math.round(maxBytes / 1024 / 1024)} MiB`;
  return error?.message ?? `ended with ${status ?? signal}`;
}

function failure(file: string, args: readonly string[], done: Done, limits: Limits): LoadError {
  const how = howItEnded(done, limits);
  const output = (done.stderr ?? '').trim().slice(-MAX_SAID);
  return new LoadError(
    `inventory script "${[file, ...args].join(' ')}" ${how}${output && `: ${output}`}`,
    {
      code: 'DROVER_INVENTORY_SCRIPT',
      cause: done.error,
    },
  );
}

/** Adds what the script says. */
export function readScript(
  file: string,
  run: RunProgram,
  inventory: Inventory,
  problems: Problems,
): void {
  const list = answer(file, ['--list'], run);
  readScriptInventory(list, file, inventory, problems);
  if (list.kind === 'mapping' && entryOf(list, '_meta') !== undefined) return;
  const before = list.kind === 'mapping' ? list : undefined;
  for (const host of hostsIn(before, inventory)) {
    const vars = answer(file, ['--host', host], run);
    if (vars.kind === 'mapping') setVars(host, vars, inventory);
  }
}

function answer(file: string, args: readonly string[], run: RunProgram): Node {
  return parseYaml(run(file, args), `${file} ${args[0]}`).content;
}

/** Hosts of the groups that the script named. */
function hostsIn(list: MappingNode | undefined, inventory: Inventory): readonly string[] {
  const groups = (list?.entries ?? []).filter(({ value }: MappingEntry) => !isNull(value));
  const hosts = groups.flatMap(({ key }) => inventory.groupHosts().get(String(key.value)) ?? []);
  return [...new Set(hosts)];
}

function setVars(host: string, vars: MappingNode, inventory: Inventory): void {
  for (const { key, value } of vars.entries) inventory.setHostVar(host, String(key.value), value);
}
