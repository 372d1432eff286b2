/** `docker_image` with `source: build`, `push` and `archive_path`, with the Engine of this machine and a registry beside it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dockerImage } from '../../../src/modules/docker/dockerImage.ts';
import { freePort } from '../../fleet/ports.ts';
import { notHere } from '../../support/onThisMachine.ts';
import { type EngineTest, engineTest, hasEngine, IMAGE } from './engine.ts';

if (!hasEngine) console.warn('SKIPPED: no Docker Engine answers, no image is built');

const DOCKERFILE = `
FROM ${IMAGE} AS base
ARG GREETING=none
RUN ["busybox", "mkdir", "/app"]
COPY . /app
RUN echo "$GREETING" >/app/greeting; busybox cat /etc/hosts >/app/hosts

FROM base AS other
ENV STAGE=other
`;

describe.skipIf(!hasEngine)('docker_image builds', () => {
  const name = 'dmod-built:1';
  let engine: EngineTest;
  let context: string;

  beforeAll(() => {
    engine = engineTest();
    context = join(engine.scratch.directory, 'context of app');
    mkdirSync(join(context, 'src/deep'), { recursive: true });
    mkdirSync(join(context, 'logs'));
    for (const file of ['a.txt', 'src/deep/b.js', 'src/deep/b.test.js', 'logs/old', 'logs/kept']) {
      writeFileSync(join(context, file), file);
    }
    writeFileSync(join(context, 'Dockerfile'), DOCKERFILE);
  });
  afterAll(async () => {
    for (const image of [name, 'dmod-built:2']) await remove(image);
    await engine?.close();
  });

  const remove = (image: string) =>
    engine.run(dockerImage, { name: image, state: 'absent', force_absent: true });
  const printed = (...command: string[]) =>
    engine.docker('run', '--rm', name, 'busybox', ...command).trim();

  test('once, with arguments, labels and names, from check mode to the second run', async () => {
    const build = {
      path: context,
      args: { GREETING: 'hello there' },
      labels: { made: 'here' },
      etc_hosts: { 'db.test': '192.0.2.7' },
      container_limits: { memory: '256M', memswap: 'unlimited' },
    };
    const args = { name, source: 'build', build };
    const predicted = await engine.run(dockerImage, args, { check: true });
    expect(predicted.changes).toMatchObject([
      { what: `image ${name}`, before: 'absent', after: `built from ${context}` },
    ]);
    const real = await engine.run(dockerImage, args);
    expect(real.changes).toEqual(predicted.changes);
    expect(real.data['stdout']).toContain('Successfully tagged dmod-built:1');
    expect(real.data['image']).toMatchObject({ Config: { Labels: { made: 'here' } } });
    expect(printed('cat', '/app/greeting')).toBe('hello there');
    expect(printed('cat', '/app/hosts')).toContain('192.0.2.7\tdb.test');
    expect((await engine.run(dockerImage, args)).changed).toBe(false);
  });

  test('again when it is asked to, and has changed where another image comes of it', async () => {
    const args = { name, source: 'build', build: { path: context }, force_source: true };
    expect((await engine.run(dockerImage, args)).changed).toBe(true);
    const again = await engine.run(dockerImage, args);
    expect(again.changed).toBe(false);
    expect(again.data['stdout']).toContain('Using cache');
    writeFileSync(join(context, 'a.txt'), 'changed');
    expect((await engine.run(dockerImage, args)).changes).toMatchObject([
      { before: expect.stringMatching(/^sha256:/), after: expect.stringMatching(/^sha256:/) },
    ]);
    expect(printed('cat', '/app/a.txt')).toBe('changed');
  });

  test('without what .dockerignore leaves out, of a stage and a Dockerfile elsewhere', async () => {
    writeFileSync(join(context, '.dockerignore'), 'logs\n!logs/kept\n**/*.test.js\nDockerfile\n');
    const dockerfile = join(engine.scratch.directory, 'Dockerfile.other');
    writeFileSync(dockerfile, DOCKERFILE);
    const build = { path: context, dockerfile, target: 'base', nocache: true };
    await engine.run(dockerImage, { name, source: 'build', build, force_source: true });
    const files = printed('find', '/app', '-type', 'f').split('\n').sort();
    expect(files).toEqual(
      ['.dockerignore', 'a.txt', 'greeting', 'hosts', 'logs/kept', 'src/deep/b.js']
        .map((file) => `/app/${file}`)
        .sort(),
    );
    const { Config } = JSON.parse(engine.docker('inspect', name))[0];
    expect(Config.Env).not.toContain('STAGE=other');
  });

  test('says which step failed, and where there is nothing to build', async () => {
    writeFileSync(join(context, 'Dockerfile.broken'), `FROM ${IMAGE}\nRUN exit 7\n`);
    const broken = { path: context, dockerfile: 'Dockerfile.broken' };
    const args = { name: 'dmod-built:2', source: 'build' };
    await expect(engine.run(dockerImage, { ...args, build: broken })).rejects.toThrow(
      /cannot build image dmod-built:2: .*exit 7.* returned a non-zero code: 7/,
    );
    await expect(engine.run(dockerImage, { ...args, build: { path: '/nowhere' } })).rejects.toThrow(
      'there is no folder /nowhere on the host to build in',
    );
    await expect(engine.run(dockerImage, args)).rejects.toThrow('"source: build" needs "build"');
  });

  test('archives an image where the archive is missing or of another image', async () => {
    const archive_path = join(engine.scratch.directory, 'built.tar');
    const archive = { name, source: 'local', archive_path };
    const predicted = await engine.run(dockerImage, archive, { check: true });
    const real = await engine.run(dockerImage, archive);
    expect(real.changes).toEqual(predicted.changes);
    expect((await engine.run(dockerImage, archive)).changed).toBe(false);
    const load = { name, source: 'load', load_path: archive_path, force_source: true };
    expect((await engine.run(dockerImage, load)).changed).toBe(false);
    await remove(name);
    expect((await engine.run(dockerImage, load)).changed).toBe(true);
    const other = { name: IMAGE, source: 'local', archive_path };
    expect((await engine.run(dockerImage, other)).changed).toBe(true);
  });
});

const hasRegistry =
  hasEngine &&
  (spawnSync('docker-registry', ['--version']).status === 0 || notHere('docker-registry'));
if (!hasRegistry) console.warn('SKIPPED: no docker-registry, no image is pushed');

describe.skipIf(!hasRegistry)('docker_image pushes', () => {
  let engine: EngineTest;
  let registry: ChildProcess;
  let address: string;

  beforeAll(async () => {
    engine = engineTest();
    address = `127.0.0.1:${await freePort(5600, new Set())}`;
    const config = join(engine.scratch.directory, 'registry.yml');
    const storage = { filesystem: { rootdirectory: join(engine.scratch.directory, 'registry') } };
    writeFileSync(config, JSON.stringify({ version: 0.1, storage, http: { addr: address } }));
    registry = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
    while (!(await answers(address))) await sleep(50);
  });
  afterAll(async () => {
    registry?.kill();
    for (const tag of ['1', 'v7']) engine.docker('rmi', '-f', `${address}/team/app:${tag}`);
    await engine?.close();
  });

  test('under its second name, once', async () => {
    const args = { name: IMAGE, repository: `${address}/team/app`, push: true, source: 'local' };
    const predicted = await engine.run(dockerImage, args, { check: true });
    const real = await engine.run(dockerImage, args);
    expect(real.changes).toEqual(predicted.changes);
    expect(real.changes.map(({ what }) => what)).toEqual([
      `image ${address}/team/app:1`,
      `registry: ${address}/team/app:1`,
    ]);
    expect(await tagsOf(address)).toEqual(['1']);
    expect((await engine.run(dockerImage, args)).changed).toBe(false);
  });

  test('under another tag of the same image', async () => {
    const name = `${address}/team/app`;
    await engine.run(dockerImage, { name: IMAGE, repository: `${name}:v7`, source: 'local' });
    const push = { name, tag: 'v7', push: true, source: 'local' };
    expect((await engine.run(dockerImage, push)).changed).toBe(true);
    expect((await engine.run(dockerImage, push)).changed).toBe(false);
    expect((await tagsOf(address)).sort()).toEqual(['1', 'v7']);
  });
});

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(`http://${address}/v2/`)).ok;
  } catch {
    return false;
  }
}

async function tagsOf(address: string): Promise<string[]> {
  const answer = await fetch(`http://${address}/v2/team/app/tags/list`);
  return ((await answer.json()) as { tags: string[] }).tags;
}
