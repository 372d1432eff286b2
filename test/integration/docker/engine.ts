/** The Docker Engine of this machine for tests, with an image of our own that needs no registry. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnyResource } from '../../../src/modules/module.ts';
import { type ScratchTarget, scratchTarget } from '../../support/fakeTarget.ts';
import { notHere } from '../../support/onThisMachine.ts';
import { type Outcome, runResource } from '../../unit/modules/driver.ts';
import { testController } from '../../unit/modules/testController.ts';

/** `DOCKER_HOST` when it is set, as for every Docker tool. */
export const dockerHost = process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';

export const hasEngine = answers();

/** Holds busybox and nothing else; built from the machine's own. */
export const IMAGE = 'dmod-busybox:1';

function docker(...args: readonly string[]): string {
  return execFileSync('docker', ['-H', dockerHost, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function answers(): boolean {
  try {
    return (
      docker('version', '--format', '{{.Server.Version}}') !== '' && existsSync('/bin/busybox')
    );
  } catch {
    return notHere('a Docker Engine');
  }
}

export interface EngineTest {
  /** Runs a Docker module on this machine, in check mode on request. */
  run(module: AnyResource, args: object, options?: { readonly check?: boolean }): Promise<Outcome>;
  /** The client's command line. */
  readonly docker: typeof docker;
  readonly scratch: ScratchTarget;
  close(): Promise<void>;
}

/** @param image more settings of the test image, as Dockerfile instructions (`ENV A=1`). */
export function engineTest(image: readonly string[] = []): EngineTest {
  importBusybox(image);
  const scratch = scratchTarget();
  return {
    scratch,
    docker,
    run(module, args, { check = false } = {}) {
      const controller = testController({
        checkMode: check,
        now: () => new Date(),
        sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      });
      return runResource(
        module,
        { docker_host: dockerHost, ...args },
        { target: scratch.target, controller },
      );
    },
    async close() {
      removeAll();
      await scratch.close();
    },
  };
}

/** Busybox with the libraries it is linked against, if any. */
const PACK = `
cd "$1" && mkdir bin tmp
cp /bin/busybox bin/busybox
for name in sh sleep true false cat env httpd; do ln -s busybox "bin/$name"; done
for library in $(ldd bin/busybox 2>/dev/null | grep -o '/[^ ]*'); do
  mkdir -p ".\${library%/*}" && cp -L "$library" ".$library"
done
tar -c .
`;

function importBusybox(changes: readonly string[]): void {
  const root = mkdtempSync(join(tmpdir(), 'drover-image-'));
  try {
    const flags = changes.flatMap((change) => ['--change', change]);
    const archive = execFileSync('sh', ['-c', PACK, 'sh', root], { maxBuffer: 64 * 1024 * 1024 });
    execFileSync('docker', ['-H', dockerHost, 'import', ...flags, '-', IMAGE], {
      input: archive,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
  } finally {
    rmSync(root, { recursive: true });
  }
}

function removeAll(): void {
  const ids = docker('ps', '-aq', '--filter', 'name=dmod-').split('\n').filter(Boolean);
  if (ids.length > 0) docker('rm', '-fv', ...ids);
}
