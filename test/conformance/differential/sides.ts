/** The two sides of a comparison: the real `ansible-playbook` as a process, drover in this one, on a copy of the files each. */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { main } from '../../../src/cli/program.ts';
import type { Case } from './caseFile.ts';

/** What one run said. Paths below its scratch folder read `DIR`. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Side = (args: readonly string[], folder: string, theme: Case) => Promise<Said>;

const ANSIBLE = 'ansible-playbook';
const COMMON_SETTINGS = { LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8', CASE_SETTING: 'from outside' };
const ANSIBLE_SETTINGS = {
  ANSIBLE_NOCOLOR: '1',
  ANSIBLE_RETRY_FILES_ENABLED: '0',
  ANSIBLE_PIPELINING: '1',
  ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
};

/** The first line of `ansible-playbook --version`; undefined when there is none here. */
export function ansibleVersion(): string | undefined {
  const { status, stdout } = spawnSync(ANSIBLE, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n')[0] : undefined;
}

/** All runs of a case by one side, in one scratch folder that is gone afterwards. */
export async function runsOf(side: Side, theme: Case): Promise<Said[]> {
  const folder = mkdtempSync(join(tmpdir(), 'drover-differential-'));
  try {
    for (const [name, text] of Object.entries(theme.files)) writeScratch(folder, name, text);
    const said: Said[] = [];
    for (const run of theme.runs) {
      const args = ['-i', theme.inventory, '-c', 'local', ...words(run), 'site.yml'];
      said.push(withoutFolder(await side(args, folder, theme), folder));
    }
    return said;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const ansible: Side = (args, folder, { environment }) =>
  new Promise((resolve, reject) => {
    const env = { ...settings(folder, environment), ...ANSIBLE_SETTINGS, ...environment };
    const child = spawn(ANSIBLE, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      stdout += more;
    });
    child.stderr.setEncoding('utf8').on('data', (more: string) => {
      stderr += more;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });

export const drover: Side = async (args, folder, { environment }) => {
  let stdout = '';
  let stderr = '';
  const code = await main(['run', ...args], {
    cwd: folder,
    home: folder,
    userName: process.env['USER'] ?? 'root',
    processId: process.pid,
    environment: settings(folder, environment),
    stdout: {
      write: (more) => {
        stdout += more;
      },
      hasColors: false,
      columns: undefined,
    },
    stderr: {
      write: (more) => {
        stderr += more;
      },
      hasColors: false,
      columns: undefined,
    },
    prompt: async () => undefined,
    writeBytes: () => undefined,
    readStdin: async () => Buffer.alloc(0),
    now: () => new Date(),
    signal: new AbortController().signal,
  });
  return { code, stdout, stderr };
};

function settings(
  folder: string,
  environment: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  return { PATH: process.env['PATH'], HOME: folder, ...COMMON_SETTINGS, ...environment };
}

/** Splits as a shell does, as far as cases need it: spaces, and single quotes around what has some. */
function words(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

function writeScratch(folder: string, name: string, text: string): void {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  if (text.startsWith('#!')) chmodSync(file, 0o755);
}

function withoutFolder({ code, stdout, stderr }: Said, folder: string): Said {
  return {
    code,
    stdout: stdout.replaceAll(folder, 'DIR'),
    stderr: stderr.replaceAll(folder, 'DIR'),
  };
}
