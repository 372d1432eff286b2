/**
 * Docker build contexts of the double's images. A context needs nothing but a Debian base: Node comes along as this
 * machine's own binary, the program as one bundled file.
 *
 *     await rancherBuildContext('server', directory);
 *     docker build --build-arg BASE=<debian image> --build-arg VERSION=v1.6.30 -t rancher/server:v1.6.30 <directory>
 */
import { chmod, copyFile, cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export type RancherImage = 'server' | 'agent';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Fills `directory` (made when missing) with a Dockerfile and all the files it copies. */
export async function rancherBuildContext(image: RancherImage, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await Promise.all([
    bundle(join(here, image, 'main.ts'), join(directory, `${image}.mjs`)),
    cp(join(here, 'images', image), directory, { recursive: true }),
    copyNode(join(directory, 'node')),
  ]);
}

async function bundle(entry: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    banner: { js: requireShim },
    logLevel: 'warning',
  });
}

/** Packages written for CommonJS ask for Node's own modules with `require`, which an ES module has not. */
const requireShim =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

async function copyNode(target: string): Promise<void> {
  await copyFile(process.execPath, target);
  await chmod(target, 0o755);
}
