// The Debian root file system below every image: debootstrap's where it can run, else Docker Hub's debian:bookworm.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machineAptSources, suite } from './aptSources.ts';
import { CommandError, docker, run } from './command.ts';
import { digestOf } from './digest.ts';
import { canInstall, hasProgram, installMissing, type Progress } from './machine.ts';
import type { State } from './state.ts';

const hubImage = `debian:${suite}`;

/** What Debian's own container image does beyond debootstrap: while packages are installed, no service is started, no
 *  document and no downloaded package is kept, and no file is synced. */
const prepareRoot = `
set -eu
cd "$1"
printf '#!/bin/sh\\nexit 101\\n' > usr/sbin/policy-rc.d
chmod 0755 usr/sbin/policy-rc.d
echo force-unsafe-io > etc/dpkg/dpkg.cfg.d/fleet
printf 'path-exclude /usr/share/%s/*\\n' doc man info locale lintian >> etc/dpkg/dpkg.cfg.d/fleet
echo 'path-include /usr/share/doc/*/copyright' >> etc/dpkg/dpkg.cfg.d/fleet
echo 'Acquire::Languages "none";' > etc/apt/apt.conf.d/fleet
cat > etc/apt/apt.conf.d/docker-clean <<'END'
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb"; };
END
rm -rf usr/share/doc/* usr/share/man/* usr/share/info/* usr/share/locale/*
rm -rf var/lib/apt/lists/* var/cache/apt/*.bin var/cache/apt/archives/*.deb var/log/*
`;

/** The base image's name and how to make it. The name changes with the recipe and with the machine's apt sources. */
export interface BaseImage {
  readonly tag: string;
  make(): Promise<void>;
}

/** Chooses the way to the base image; says so when it is not debootstrap. */
export async function baseImage(state: State, progress: Progress): Promise<BaseImage> {
  await installMissing(['debootstrap'], progress);
  if (canInstall() && hasProgram('debootstrap')) return bootstrapped(state, progress);
  progress(`without root and debootstrap, the base image is ${hubImage} from Docker Hub`);
  const make = async () => void (await docker(['pull', hubImage], { timeoutMs: 600_000 }));
  return { tag: hubImage, make };
}

async function bootstrapped(state: State, progress: Progress): Promise<BaseImage> {
  const sources = await machineAptSources();
  const tag = `drover-fleet/base:${digestOf(suite, prepareRoot, JSON.stringify(sources))}`;
  const make = async (): Promise<void> => {
    progress('bootstrapping Debian');
    await mkdir(state.folder, { recursive: true });
    const root = await mkdtemp(join(state.folder, 'root-'));
    try {
      await bootstrapInto(root, sources);
      await run('sh', ['-c', 'tar -C "$1" -c . | docker import - "$2"', 'import', root, tag]);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  };
  return { tag, make };
}

async function bootstrapInto(
  root: string,
  { mirror, list, proxy }: Awaited<ReturnType<typeof machineAptSources>>,
): Promise<void> {
  const options = ['--variant=minbase', '--include=ca-certificates'];
  const argv = [...options, suite, root, ...(mirror === undefined ? [] : [mirror])];
  await run('debootstrap', argv, { timeoutMs: 600_000 }).catch((error: unknown) => {
    throw error instanceof CommandError
      ? new Error(`no Debian root file system: ${error.message}`, { cause: error })
      : error;
  });
  if (list !== undefined) await writeFile(join(root, 'etc/apt/sources.list'), list);
  if (proxy !== '') await writeFile(join(root, 'etc/apt/apt.conf.d/proxy'), `${proxy}\n`);
  await run('sh', ['-c', prepareRoot, 'prepare', root]);
}
