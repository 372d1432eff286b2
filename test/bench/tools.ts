/** The tools that are compared, as commands for one playbook and inventory. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { transformSync } from 'esbuild';
import { type Command, NODE } from './measure.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export const TOOLS = ['drover', 'pipelining', 'mitogen'] as const;
export type Tool = (typeof TOOLS)[number];

export interface Job {
  readonly inventory: string;
  readonly playbook: string;
  readonly folder: string;
}

export function drover(...args: readonly string[]): readonly string[] {
  return [...NODE, join(ROOT, 'dist/main.cjs'), ...args];
}

export function commandOf(tool: Tool, { inventory, playbook, folder }: Job): Command {
  const args = ['-i', inventory, '-f', '50', playbook];
  const environment = {
    ANSIBLE_HOST_KEY_CHECKING: '0',
    ANSIBLE_NOCOWS: '1',
    // Fifty logins at once on a machine that is busy with as many targets take their time.
    ANSIBLE_TIMEOUT: '120',
  };
  switch (tool) {
    case 'drover':
      return { argv: drover('run', ...args), cwd: folder, environment };
    case 'pipelining':
      return {
        argv: ['ansible-playbook', ...args],
        cwd: folder,
        environment: { ...environment, ANSIBLE_PIPELINING: '1' },
      };
    case 'mitogen':
      return {
        argv: ['ansible-playbook', ...args],
        cwd: folder,
        environment: { ...environment, ...mitogenEnvironment() },
      };
    default:
      return tool satisfies never;
  }
}

/** `MITOGEN_PATH` names a folder that holds the Python packages `mitogen` and `ansible_mitogen` when they are not installed. */
function mitogenEnvironment(): Record<string, string> {
  const folder = process.env['MITOGEN_PATH'] ?? '/usr/lib/python3/dist-packages';
  return {
    ANSIBLE_STRATEGY: 'mitogen_linear',
    ANSIBLE_STRATEGY_PLUGINS: join(folder, 'ansible_mitogen/plugins/strategy'),
    PYTHONPATH: folder,
  };
}

/** Those that are here; says which are not. */
export function toolsHere(say: (text: string) => void): Tool[] {
  return TOOLS.filter((tool) => {
    const isHere = tool === 'drover' || answers(tool);
    if (!isHere) say(`NOT MEASURED: ${tool} is not installed`);
    return isHere;
  });
}

function answers(tool: 'pipelining' | 'mitogen'): boolean {
  if (spawnSync('ansible-playbook', ['--version']).status !== 0) return false;
  if (tool === 'pipelining') return true;
  const env = { ...process.env, ...mitogenEnvironment() };
  return spawnSync('python3', ['-c', 'import ansible_mitogen'], { env }).status === 0;
}

/** As plain JavaScript: reading TypeScript would cost it half as much again as it takes for one host. */
export function floor(keyFile: string, ...work: readonly string[]): Command {
  return { argv: [...NODE, compiledFloor(), keyFile, ...work], cwd: ROOT };
}

/** Below `node_modules`, so that it finds the SSH library. */
function compiledFloor(): string {
  const file = join(ROOT, 'node_modules/.cache/drover-bench/floor.mjs');
  const { code } = transformSync(readFileSync(join(import.meta.dirname, 'floor.ts'), 'utf8'), {
    loader: 'ts',
  });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, code);
  return file;
}
