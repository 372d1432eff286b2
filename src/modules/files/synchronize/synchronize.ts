/** `synchronize`: rsync between the controller and the host. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { ModuleError } from '../../../core/errors.ts';
import type { Target } from '../../../target/target.ts';
import type { Controller } from '../../controller.ts';
import { type ActionContext, type ActionOutcome, defineAction } from '../../module.ts';
import { type Bridge, openBridge } from './bridge.ts';
import { type Item, parseOutput, rsyncOptions, SynchronizeParams } from './params.ts';

export const synchronize = defineAction({
  name: 'synchronize',
  collection: 'ansible.posix',
  aliases: ['ansible.builtin.synchronize'],
  summary: 'Copy directory trees with rsync, only what differs',
  description:
    'rsync must be on both sides. With `delegate_to: "{{ inventory_hostname }}"` it copies within the host. It speaks over the connection of the task, as the user that the task becomes: no key or password of its own is needed.',
  params: SynchronizeParams,
  examples: [
    '- synchronize:\n    src: site/\n    dest: /srv/www\n    delete: true\n    rsync_opts: ["--exclude=.git"]\n',
    '- synchronize:\n    mode: pull\n    src: /var/log/app/\n    dest: logs/\n',
  ],
  returns: {
    msg: 'What changed, a line for each, as rsync itemizes it.',
    stdout_lines: 'The same as a list.',
    cmd: 'The command.',
    rc: 'Exit code of rsync.',
  },
  checkMode: 'predict',
  run: runSynchronize,
});

async function runSynchronize(
  context: ActionContext,
  params: SynchronizeParams,
): Promise<ActionOutcome> {
  const { target, controller, checkMode } = context;
  if (target.host !== controller.host) throw elsewhere(target.host, controller.host);
  const options = rsyncOptions(params, checkMode);
  if (controller.delegate === controller.host) {
    const words = [...options, params.src, params.dest];
    return outcomeOf(await rsyncOnHost(words, context), words);
  }
  const words = [...options, ...(await places(context, params))];
  const bridge = await openBridge((command) => target.program(command));
  try {
    const ended = await runRsync(words, bridge, params, context);
    if (ended.rc !== 0 && params.rsync_path === undefined) await requireRsync(target, ended);
    return outcomeOf(ended, words, bridge.problem());
  } finally {
    await bridge.close();
  }
}

/** rsync itself only says that the other side ended. @throws ModuleError when the host has none. */
async function requireRsync(target: Target, { rc, stdout, stderr }: Ended): Promise<void> {
  const found = await target.sh('command -v rsync');
  if (found.rc === 0) return;
  throw new ModuleError('this host has no rsync', {
    code: 'DROVER_TOOL_MISSING',
    hint: 'install the package rsync on the host',
    data: { rc, stdout, stderr },
  });
}

function elsewhere(delegate: string, host: string): ModuleError {
  return new ModuleError(`synchronize does not copy between ${delegate} and ${host}`, {
    code: 'DROVER_UNSUPPORTED',
    hint: 'it works from here to the host of the task (no delegate_to), and within that host (delegate_to: "{{ inventory_hostname }}")',
  });
}

/** Within the host, as its delegation to itself asks. */
async function rsyncOnHost(
  words: readonly string[],
  { target, signal }: ActionContext,
): Promise<Ended> {
  const env = { LC_ALL: 'C.UTF-8' };
  const { rc, stdout, stderr } = await target.sh('rsync "$@"', { args: words, env, signal });
  return { rc, stdout: stdout.toString(), stderr: stderr.toString() };
}

async function places(
  { controller }: ActionContext,
  { mode, src, dest }: SynchronizeParams,
): Promise<readonly [string, string]> {
  if (mode === 'push') return [await localSource(controller, src), remotePlace(dest)];
  const local = isDaemon(dest) ? dest : resolve(controller.playbookDir, dest);
  return [remotePlace(src), dest.endsWith('/') ? `${local}/` : local];
}

async function localSource(controller: Controller, src: string): Promise<string> {
  if (isDaemon(src)) return src;
  const found = await controller.findFile('files', src);
  return src.endsWith('/') && !found.endsWith('/') ? `${found}/` : found;
}

/** For rsync, which needs a name for the other side: there is only one. Relative places are in the home directory. */
function remotePlace(path: string): string {
  return isDaemon(path) ? path : `host:${path.replace(/^~($|\/)/, '.$1')}`;
}

function isDaemon(path: string): boolean {
  return path.startsWith('rsync://');
}

interface Ended {
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
}

function runRsync(
  words: readonly string[],
  bridge: Bridge,
  { rsync_path: path }: SynchronizeParams,
  { controller, signal }: ActionContext,
): Promise<Ended> {
  const remote = path === undefined ? [] : [`--rsync-path=${path}`];
  const args = [`--rsh=${bridge.shell}`, ...remote, ...words];
  return new Promise((done, reject) => {
    const env = { ...controller.environment, LC_ALL: 'C.UTF-8' };
    const program = controller.variable('ansible_rsync_path') ?? 'rsync';
    const child = spawn(String(program), args, { env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        said[name] += chunk;
      });
    }
    child.on('error', (error) => reject(signal.aborted ? error : missing(error)));
    child.on('close', (code) => done({ ...said, rc: code ?? 1 }));
  });
}

function missing(cause: Error): ModuleError {
  return new ModuleError(`rsync cannot be started on the controller: ${cause.message}`, {
    hint: 'install the package rsync on this machine',
    cause,
  });
}

function outcomeOf(
  { rc, stdout, stderr }: Ended,
  words: readonly string[],
  cause?: Error,
): ActionOutcome {
  const cmd = ['rsync', ...words.filter((word) => word !== '--dry-run')].join(' ');
  if (rc !== 0) {
    const problem = cause?.message ?? '';
    throw new ModuleError(`rsync failed: ${[problem, stderr.trim()].filter(Boolean).join('\n')}`, {
      data: { rc, cmd, stdout, stderr },
      cause,
    });
  }
  const { items, text } = parseOutput(stdout);
  return {
    changed: items.length > 0,
    data: { msg: text, rc, cmd, stdout_lines: text.split('\n').slice(0, -1) },
    changes: items.map(changeOf),
  };
}

function changeOf({ name, change }: Item) {
  // `hf` and `cd` are as in the directory to link to, and new here.
  const isNew = change.includes('+++') || change.length === 2;
  const isDeleted = change === '*deleting';
  const before = isNew ? 'absent' : isDeleted ? 'present' : 'other';
  return { what: name, before, after: isDeleted ? 'absent' : change, operation: undefined };
}
