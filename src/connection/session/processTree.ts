/**
 * Ending what a session runs, from a second session: which processes of the host belong to its request, and the
 * signals that end them. The first session then reports the request's end as it would any other.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ShellSession } from './shellSession.ts';

export interface HostProcess {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/** From `/proc` (the `stat` lines, after the command's name), which also tells the dead; else by POSIX's `ps`. */
const LIST_SCRIPT = String.raw`
if [ -r /proc/1/stat ]; then
  for stat in /proc/[0-9]*/stat; do
    read -r line <"$stat" || continue
    pid=\${line%% *}
    set -- \${line##*)}
    [ "$1" = Z ] || echo "$pid $2 $3"
  done 2>/dev/null
else ps -A -o pid= -o ppid= -o pgid=
fi`.replaceAll('\\$', '$');

const SIGNAL_SCRIPT = 'signal=$1; shift; kill -s "$signal" -- "$@" 2>/dev/null; :';

/** How long processes get between TERM and KILL. */
const GRACE_MS = 2_000;
const POLL_MS = 50;

/**
 * Ends what the session with the shell `sessionPid` runs now: TERM to its process groups, then KILL to what is left of
 * those. The session must not begin another request before this returns.
 */
export async function endRequest(control: ShellSession, sessionPid: number): Promise<void> {
  let left = requestTargets(await list(control), sessionPid);
  if (left.length === 0) return;
  await send(control, 'TERM', left);
  const deadline = performance.now() + GRACE_MS;
  do {
    await delay(POLL_MS);
    left = stillThere(left, await list(control));
  } while (left.length > 0 && performance.now() < deadline);
  if (left.length > 0) await send(control, 'KILL', left);
}

async function list(control: ShellSession): Promise<HostProcess[]> {
  const { stdout } = await control.run({ kind: 'probe', script: LIST_SCRIPT });
  return parseProcesses(stdout.toString());
}

async function send(
  control: ShellSession,
  signal: string,
  targets: readonly number[],
): Promise<void> {
  const args = [signal, ...targets.map(String)];
  await control.run({ kind: 'probe', script: SIGNAL_SCRIPT, args });
}

export function parseProcesses(output: string): HostProcess[] {
  return [...output.matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)\s*$/gm)].map(([, pid, parent, group]) => ({
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
  }));
}

/**
 * What `kill` is to be given: `-group` for the process groups below the session, else every process below it. The
 * session's own group holds its pumps and what earlier requests left running: those are spared.
 */
export function requestTargets(processes: readonly HostProcess[], sessionPid: number): number[] {
  const session = processes.find(({ pid }) => pid === sessionPid);
  if (!session) return [];
  const below = descendants(processes, sessionPid);
  const groups = new Set(
    below.map(({ group }) => group).filter((group) => group !== session.group),
  );
  return groups.size > 0 ? [...groups].map((group) => -group) : below.map(({ pid }) => pid);
}

function descendants(processes: readonly HostProcess[], ancestor: number): HostProcess[] {
  const found: HostProcess[] = [];
  const queue = [ancestor];
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    const direct = processes.filter(({ parent }) => parent === pid);
    found.push(...direct);
    queue.push(...direct.map((child) => child.pid));
  }
  return found;
}

function stillThere(targets: readonly number[], processes: readonly HostProcess[]): number[] {
  return targets.filter((target) =>
    processes.some(({ pid, group }) => (target < 0 ? group === -target : pid === target)),
  );
}
