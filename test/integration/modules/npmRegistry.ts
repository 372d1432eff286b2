/** A registry of npm with packages made for the tests, and projects that have some of them. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from 'vitest';

interface TestPackage {
  readonly name: string;
  readonly version: string;
  /** Of `package.json`. */
  readonly content?: object;
}

const PACKAGES: readonly TestPackage[] = [
  { name: 'one', version: '1.0.0' },
  { name: 'one', version: '1.1.0' },
  { name: 'one', version: '2.0.0' },
  { name: 'two', version: '1.0.0', content: { dependencies: { one: '^1.0.0' } } },
  { name: '@scope/three', version: '1.0.0', content: { bin: { three: 'index.js' } } },
  { name: 'four', version: '1.0.0', content: { scripts: { install: 'echo ran >ran' } } },
  { name: 'five', version: '1.0.0', content: { optionalDependencies: { one: '^1.0.0' } } },
];

/** Projects by name: what their `package.json` asks for, and what npm was told to install. */
const PROJECTS = {
  asks: { dependencies: { one: '^1.0.0' }, devDependencies: { four: '1.0.0' } },
  older: { dependencies: { one: '1.0.0' } },
  whole: { dependencies: { two: '1.0.0' } },
} as const;

export interface NpmRegistry {
  readonly url: string;
  /** Holds the projects `asks` (nothing installed), `older`, `locked` (only a lock file), `whole`, and the prefix `global`. */
  readonly folder: string;
}

/** Call at the top of a file; the projects are there from the first test on. */
export async function useNpmRegistry(): Promise<NpmRegistry> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'drover-npm-'));
  const server = createServer(serve(folder));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  beforeAll(async () => {
    publish(folder, url);
    await makeProjects(folder, url);
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { url, folder };
}

function serve(folder: string): RequestListener {
  return ({ url = '/' }, response) => {
    const name = fileName(decodeURIComponent(new URL(url, 'http://registry').pathname.slice(1)));
    try {
      response.end(readFileSync(join(folder, 'registry', name)));
    } catch {
      response.writeHead(404).end('{}');
    }
  };
}

/** Names of packages with a scope hold a slash. */
function fileName(name: string): string {
  return name.replaceAll('/', '_');
}

function publish(folder: string, url: string): void {
  mkdirSync(join(folder, 'registry'));
  for (const name of new Set(PACKAGES.map((each) => each.name))) {
    const versions = PACKAGES.filter((each) => each.name === name);
    const manifests = versions.map((each) => [each.version, pack(folder, url, each)] as const);
    const latest = versions.at(-1)?.version;
    const document = {
      name,
      'dist-tags': { latest, old: '1.0.0' },
      versions: Object.fromEntries(manifests),
    };
    writeFileSync(join(folder, 'registry', fileName(name)), JSON.stringify(document));
  }
}

/** @returns what the registry says of the version. */
function pack(folder: string, url: string, { name, version, content = {} }: TestPackage): object {
  const manifest = { name, version, ...content };
  const root = join(folder, 'build', fileName(`${name}-${version}`));
  mkdirSync(join(root, 'package'), { recursive: true });
  writeFileSync(join(root, 'package/package.json'), JSON.stringify(manifest));
  writeFileSync(join(root, 'package/index.js'), '#!/usr/bin/env node\n');
  const tarball = fileName(`${name}-${version}.tgz`);
  execFileSync('tar', ['-czf', join(folder, 'registry', tarball), '-C', root, 'package']);
  return { ...manifest, dist: { tarball: `${url}/${tarball}` } };
}

async function makeProjects(folder: string, url: string): Promise<void> {
  for (const [name, content] of Object.entries(PROJECTS)) {
    mkdirSync(join(folder, name));
    const text = JSON.stringify({ name: 'app', version: '1.0.0', ...content });
    writeFileSync(join(folder, name, 'package.json'), text);
  }
  const env = { ...process.env, npm_config_cache: join(folder, 'cache'), npm_config_registry: url };
  const npm = (project: string, ...args: string[]) =>
    promisify(execFile)('npm', args, { cwd: join(folder, project), env });
  await npm('older', 'install');
  await npm('whole', 'install');
  await npm('older', 'install', '--global', '--prefix', join(folder, 'global'), 'one@1.0.0');
  execFileSync('cp', ['-a', join(folder, 'older'), join(folder, 'locked')]);
  rmSync(join(folder, 'locked/node_modules'), { recursive: true });
}
