/** Sets of five hosts, side by side: an experiment waits more than it works, so several go on at once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fleet, fleetDown, fleetUp } from '../fleet/fleet.ts';
import type { State } from '../fleet/state.ts';
import { bundledProgram } from './program.ts';
import { Stage } from './stage.ts';

/** What one run of the matrix has. */
export const HOSTS = 5;

export interface TheatreOptions {
  /** How many sets of hosts. */
  readonly sets: number;
  /** In each of them; five when it is not said. */
  readonly hosts?: number;
  readonly state: State;
  /** Bytes of the large copy. */
  readonly payloadBytes: number;
  /** Steps that are left out. */
  readonly without?: readonly string[];
  readonly connectSeconds: number;
  readonly say: (message: string) => void;
}

export class Theatre {
  readonly stages: readonly Stage[];
  readonly #close: (keeps: boolean) => Promise<void>;

  private constructor(stages: readonly Stage[], close: (keeps: boolean) => Promise<void>) {
    this.stages = stages;
    this.#close = close;
  }

  /** Brings the hosts up, and runs the playbook once without faults, and again. */
  static async open(options: TheatreOptions): Promise<Theatre> {
    const folder = mkdtempSync(join(tmpdir(), 'drover-faults-'));
    const program = await bundledProgram();
    const close = async (keeps: boolean): Promise<void> => {
      rmSync(folder, { recursive: true, force: true });
      rmSync(program, { force: true });
      if (!keeps) await fleetDown({ state: options.state });
    };
    try {
      return new Theatre(await stagesIn(folder, program, options), close);
    } catch (error) {
      await close(false);
      throw error;
    }
  }

  /** The first one. */
  get stage(): Stage {
    const [stage] = this.stages;
    if (stage === undefined) throw new Error('a theatre without a stage');
    return stage;
  }

  /** @param keeps whether the hosts stay up */
  async close({ keeps = false } = {}): Promise<void> {
    await Promise.all(this.stages.map((stage) => stage.close()));
    await this.#close(keeps);
  }
}

async function stagesIn(
  folder: string,
  program: string,
  { sets, hosts = HOSTS, state, payloadBytes, without = [], connectSeconds, say }: TheatreOptions,
): Promise<Stage[]> {
  const fleet = await fleetUp({ hosts: hosts * sets, state, progress: say });
  say('a run without faults');
  const options = { fleet, program, folder, payloadBytes, without, connectSeconds };
  return Promise.all(setsOf(fleet, sets, hosts).map((set) => Stage.set(set, options)));
}

function setsOf({ hosts }: Fleet, sets: number, size: number): Fleet['hosts'][] {
  return Array.from({ length: sets }, (_, n) => hosts.slice(n * size, (n + 1) * size));
}
