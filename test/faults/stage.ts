/** Hosts, a wire to each, the playbook's files, and how all of that looks before and after a run without faults. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { Fleet, FleetHost } from '../fleet/fleet.ts';
import { waitForHost } from '../fleet/hostReady.ts';
import { type Files, filesOf, onHost } from './look.ts';
import { prepare } from './prepare.ts';
import { type FinishedRun, type StartedRun, startRun } from './program.ts';
import { Relay } from './relay.ts';
import { type Gate, gateFiles, PROJECT, STEPS, siteWithGates } from './site.ts';

/** How long a host may take to start again, on a machine that is busy. */
export const BOOT_MS = 180_000;

export interface Place {
  readonly host: FleetHost;
  readonly wire: Relay;
}

export interface StageOptions {
  readonly fleet: Fleet;
  /** drover as one file. */
  readonly program: string;
  /** Where each stage makes a folder of its own. */
  readonly folder: string;
  /** Bytes of the large copy. */
  readonly payloadBytes: number;
  /** Steps that are left out. */
  readonly without: readonly string[];
  /** How long connecting may take: as long as the machine is busy, and for silence to be found. */
  readonly connectSeconds: number;
}

/** By host. */
export type Snapshot = ReadonlyMap<string, Files>;

export class Stage {
  readonly places: readonly Place[];
  readonly #options: StageOptions;
  readonly #folder: string;
  /** Hosts that nothing was done to yet. */
  clean: Snapshot = new Map();
  /** After a run without faults. */
  converged: Snapshot = new Map();
  /** How often a host is asked in each step; the same for all hosts. */
  requests: ReadonlyMap<string, number> = new Map();

  private constructor(places: readonly Place[], options: StageOptions) {
    this.places = places;
    this.#options = options;
    this.#folder = mkdtempSync(join(options.folder, 'stage-'));
    writeProject(this.#folder, places, options);
  }

  /** Runs the playbook once without faults, and again. */
  static async set(hosts: readonly FleetHost[], options: StageOptions): Promise<Stage> {
    const place = async (host: FleetHost): Promise<Place> => ({
      host,
      wire: await Relay.to(host.containerIp, 22),
    });
    const stage = new Stage(await Promise.all(hosts.map(place)), options);
    await stage.#rehearse();
    return stage;
  }

  /** Some of the hosts as a stage of its own: runs of several such ones may go on side by side. */
  part(hosts: readonly string[]): Stage {
    const stage = new Stage(
      hosts.map((host) => this.place(host)),
      this.#options,
    );
    stage.clean = this.clean;
    stage.converged = this.converged;
    stage.requests = this.requests;
    return stage;
  }

  /** Those of the playbook that run here. */
  get steps(): readonly string[] {
    return STEPS.filter((step) => !this.#options.without.includes(step));
  }

  place(host: string): Place {
    const found = this.places.find((each) => each.host.name === host);
    if (found === undefined) throw new Error(`no host ${host}`);
    return found;
  }

  /** Removes what a part has for itself. */
  leave(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  gate(step: string): Gate {
    return gateFiles(join(this.#folder, 'gates'), step);
  }

  /** Starts a run that waits before each of `steps`. */
  start(steps: readonly string[] = []): StartedRun {
    const gates = join(this.#folder, 'gates');
    rmSync(gates, { recursive: true, force: true });
    mkdirSync(gates);
    const site = siteWithGates(steps, gates, this.#options.without);
    writeFileSync(join(this.#folder, 'site.yml'), site);
    const { program, connectSeconds } = this.#options;
    return startRun(program, this.#folder, connectSeconds);
  }

  run(): Promise<FinishedRun> {
    return this.start().ended;
  }

  /** All hosts as they were before the first run. */
  async reset(): Promise<void> {
    rmSync(join(this.#folder, 'fetched'), { recursive: true, force: true });
    await this.each((place) => onHost(place.host, RESET));
  }

  /** Once the hosts answer again. */
  async look(): Promise<Snapshot> {
    const found = await this.each(async ({ host }) => {
      await waitForHost(host, BOOT_MS);
      return [host.name, await filesOf(host)] as const;
    });
    return new Map(found);
  }

  each<T>(work: (place: Place) => Promise<T>): Promise<T[]> {
    return Promise.all(this.places.map(work));
  }

  async close(): Promise<void> {
    await this.each(({ wire }) => wire.stop());
  }

  async #rehearse(): Promise<void> {
    await this.each(({ host }) => prepare(host));
    await this.reset();
    this.clean = await this.look();
    const { ended } = this.start(this.steps);
    this.requests = await this.#countRequests(ended);
    const first = await ended;
    if (first.code !== 0) throw new Error(`the run without faults failed:\n${unwanted(first)}`);
    this.converged = await this.look();
    const again = await this.run();
    if (again.code !== 0 || unwanted(again) !== '')
      throw new Error(`the run without faults does not converge:\n${unwanted(again)}`);
  }

  /** Opens all gates, one after the other. */
  async #countRequests(ended: Promise<unknown>): Promise<Map<string, number>> {
    const wire = this.places[0]?.wire;
    const counts = new Map<string, number>();
    let last: { readonly step: string; readonly requests: number } | undefined;
    const count = (): void => {
      if (last !== undefined) counts.set(last.step, (wire?.requests ?? 0) - last.requests);
    };
    for (const step of this.steps) {
      if (!(await this.reached(step, ended))) break;
      count();
      last = { step, requests: wire?.requests ?? 0 };
      this.open(step);
    }
    await ended;
    count();
    return counts;
  }

  /** Whether the run came to the gate before `step`; false when it ended. */
  async reached(step: string, ended: Promise<unknown>): Promise<boolean> {
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    const { reached } = this.gate(step);
    while (!existsSync(reached)) {
      if (isOver) return false;
      await delay(20);
    }
    return true;
  }

  open(step: string): void {
    writeFileSync(this.gate(step).open, '');
  }
}

/** Changes and failures, one a line. */
function unwanted({ told }: FinishedRun): string {
  const lines = [...told].flatMap(([host, tasks]) =>
    tasks
      .filter(({ isChanged, status }) => isChanged || /^(failed|unreachable)$/.test(status))
      .map(({ step, status, message }) => `${host}: ${step}: ${status}: ${message}`),
  );
  return lines.join('\n');
}

/** Undoes the playbook, and what faults left. */
const RESET = `
umount /srv 2>/dev/null
systemctl disable --now faults-app 2>/dev/null
rm -rf /etc/systemd/system/faults-app.service /srv/app /root/.ansible_async /home/faults
systemctl daemon-reload
pkill -KILL -u faults
userdel -rf faults 2>/dev/null; groupdel faults 2>/dev/null
rm -f /etc/passwd.lock /etc/group.lock /etc/shadow.lock /etc/gshadow.lock
dpkg --force-all --purge faults-tool >/dev/null 2>&1
find /tmp /var/tmp -mindepth 1 -maxdepth 1 ! -name 'systemd-private-*' -exec rm -rf {} +
:`;

function writeProject(
  folder: string,
  places: readonly Place[],
  { fleet, payloadBytes }: StageOptions,
): void {
  cpSync(PROJECT, folder, { recursive: true });
  mkdirSync(join(folder, 'files/tree'), { recursive: true });
  writeFileSync(join(folder, 'files/payload'), Buffer.alloc(payloadBytes, 'payload '));
  for (let n = 1; n <= 8; n++) {
    mkdirSync(join(folder, `files/tree/part${n % 3}`), { recursive: true });
    writeFileSync(join(folder, `files/tree/part${n % 3}/file${n}`), `${n}\n`.repeat(500));
  }
  const knownHosts = places.reduce(
    (text, { host, wire }) => text.replaceAll(`]:${host.sshPort} `, `]:${wire.port} `),
    readFileSync(fleet.knownHostsFile, 'utf8'),
  );
  writeFileSync(join(folder, 'known_hosts'), knownHosts);
  writeFileSync(join(folder, 'hosts.yml'), stringify(inventory(folder, fleet, places)));
}

/** Silent connections are noticed within ten seconds, so that the matrix does not last for days. */
function inventory(folder: string, { privateKeyFile }: Fleet, places: readonly Place[]): object {
  const keepalive = '-o ServerAliveInterval=2 -o ServerAliveCountMax=4';
  const hosts = places.map(({ host, wire }) => [host.name, { ansible_port: wire.port }]);
  return {
    all: {
      vars: {
        ansible_host: '127.0.0.1',
        ansible_user: 'deploy',
        ansible_ssh_private_key_file: privateKeyFile,
        ansible_ssh_common_args: `-F none ${keepalive} -o UserKnownHostsFile=${folder}/known_hosts`,
      },
      hosts: Object.fromEntries(hosts),
    },
  };
}
