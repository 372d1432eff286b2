/** What can go wrong, as small definitions. What each comes to is said in docs/reliability.md. */
import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { WATCH_PAUSE } from '../../src/connection/session/sessionProgram.ts';
import { docker } from '../fleet/command.ts';
import type { FleetHost } from '../fleet/fleet.ts';
import { onHost } from './look.ts';
import type { Relay } from './relay.ts';

/** Where a fault strikes: a host, the wire to it, and the runner. */
export interface Scene {
  readonly host: FleetHost;
  readonly wire: Relay;
  readonly runner: ChildProcess;
  /** How long a laptop sleeps. */
  readonly sleepMs: number;
}

export interface Fault {
  readonly name: string;
  readonly summary: string;
  /** `runner`: the whole run is struck, not one host of it. */
  readonly strikes: 'host' | 'runner';
  /** Before the run. */
  prepare?(scene: Pick<Scene, 'host'>): Promise<void>;
  inject(scene: Scene): Promise<void>;
  /** After the run: the host is well again. */
  heal?(scene: Pick<Scene, 'host' | 'wire'>): Promise<void>;
  /** What the results of the host may be; `ok` when the fault was lived through. */
  readonly outcomes: readonly Outcome[];
  /** How a result that is not ok names the cause. */
  readonly says: RegExp;
  /** Nobody is left on the host to remove an unfinished file (docs/reliability.md). */
  readonly mayLeaveUnfinished?: true;
}

export type Outcome = 'ok' | 'failed' | 'unreachable' | 'ended';

const LOST =
  /connection was lost|connection refused|no answer|closed the connection|session .*ended|does not open|Keepalive timeout|ECONNRESET|DROVER_SSH_/i;
/** A job of the host fails, for all that is still known of it. */
const RESTARTED = new RegExp(`${LOST.source}|ended without a trace: did the host restart`, 'i');
const INTERRUPTED = /interrupted/;

const cut: Fault = {
  name: 'cut',
  summary: 'connection cut by a TCP reset',
  strikes: 'host',
  inject: async ({ wire }) => wire.reset(),
  outcomes: ['ok', 'unreachable'],
  says: LOST,
};

const silence: Fault = {
  name: 'silence',
  summary: 'connection falls silent, and new ones get no answer',
  strikes: 'host',
  inject: async ({ wire }) => wire.silence(),
  heal: async ({ wire }) => wire.heal(),
  outcomes: ['unreachable'],
  says: LOST,
};

const sshd: Fault = {
  name: 'sshd',
  summary: 'sshd is ended with all its connections, and started again',
  strikes: 'host',
  inject: async ({ host }) => void (await onHost(host, 'pkill -x sshd; systemctl restart ssh')),
  outcomes: ['ok', 'unreachable'],
  says: LOST,
};

const reboot: Fault = {
  name: 'reboot',
  summary: 'host reboots',
  strikes: 'host',
  inject: async ({ host }) => void (await docker(['restart', '--time', '20', host.container])),
  outcomes: ['ok', 'failed', 'unreachable'],
  says: RESTARTED,
};

const crash: Fault = {
  name: 'crash',
  summary: 'host loses its power and starts again',
  strikes: 'host',
  async inject({ host }) {
    await docker(['kill', host.container]);
    await docker(['start', host.container]);
  },
  outcomes: ['ok', 'failed', 'unreachable'],
  says: RESTARTED,
  mayLeaveUnfinished: true,
};

/** Of the ssh server's processes: `session` are the shells that sshd and sudo started, `command` what has no children of its own. */
const KILL = String.raw`
ps -e -o pid=,ppid=,comm=,args= | awk -v which="$1" '
  { parent[$1] = $2; name[$1] = $3; has[$2] = 1; watches[$1] = ($4 " " $5 == "${WATCH_PAUSE}") }
  END {
    for (pid in name) {
      above = name[parent[pid]]
      session = name[pid] !~ /^(sshd|sudo)$/ && (above == "sshd" || above == "sudo")
      command = name[pid] !~ /^(sshd|sudo)$/ && !session && !(pid in has) && !watches[pid]
      if (which == "session" ? session : command) print pid
    }
  }' | while read -r pid; do
  grep -q 'ssh\.service' "/proc/$pid/cgroup" 2>/dev/null && kill -s KILL "$pid"
done; :`;

const killed: Fault = {
  name: 'kill-command',
  summary: 'what the task runs on the host is killed',
  strikes: 'host',
  inject: async ({ host }) => void (await onHost(host, `set -- command\n${KILL}`)),
  outcomes: ['ok', 'failed', 'unreachable'],
  says: /killed|DROVER_SESSION_LOST|non-zero return code|137|not arrive whole|only \d+ of|cannot|lost|ended without a trace/i,
};

const sessionKilled: Fault = {
  name: 'kill-session',
  summary: 'the shell session on the host is killed',
  strikes: 'host',
  inject: async ({ host }) => void (await onHost(host, `set -- session\n${KILL}`)),
  outcomes: ['ok', 'unreachable'],
  says: /session .*ended|connection was lost|was killed/i,
};

const full: Fault = {
  name: 'disk-full',
  summary: 'the disk that holds the application is full',
  strikes: 'host',
  prepare: async ({ host }) =>
    void (await onHost(host, 'mount -t tmpfs -o size=64m,mode=0755 tmpfs /srv')),
  inject: async ({ host }) => void (await onHost(host, 'cat /dev/zero >/srv/.full 2>/dev/null; :')),
  heal: async ({ host }) => void (await onHost(host, 'rm -f /srv/.full')),
  outcomes: ['ok', 'failed'],
  // The second is what dash's `echo` says then.
  says: /no space left|I\/O error/i,
};

const slow: Fault = {
  name: 'slow',
  summary: '200 ms there and back, 5 % of the packets are sent twice',
  strikes: 'host',
  inject: async ({ wire }) => wire.slowDown({ delayMs: 100, loss: 0.05, resentAfterMs: 300 }),
  heal: async ({ wire }) => wire.heal(),
  outcomes: ['ok'],
  says: /(?!)/,
};

const ending = (name: string, signal: NodeJS.Signals): Fault => ({
  name,
  summary: `runner gets ${signal}`,
  strikes: 'runner',
  inject: async ({ runner }) => void runner.kill(signal),
  outcomes: signal === 'SIGKILL' ? ['ok', 'ended'] : ['ok', 'failed', 'ended'],
  says: INTERRUPTED,
});

const asleep: Fault = {
  name: 'asleep',
  summary: 'runner is stopped for a while, as a laptop that sleeps',
  strikes: 'runner',
  async inject({ runner, sleepMs }) {
    runner.kill('SIGSTOP');
    await delay(sleepMs);
    runner.kill('SIGCONT');
  },
  outcomes: ['ok'],
  says: /(?!)/,
};

export const FAULTS: readonly Fault[] = [
  cut,
  silence,
  sshd,
  reboot,
  crash,
  killed,
  sessionKilled,
  full,
  slow,
  ending('interrupt', 'SIGINT'),
  ending('terminate', 'SIGTERM'),
  ending('kill-runner', 'SIGKILL'),
  asleep,
];
