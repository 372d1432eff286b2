import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dockerContainer } from '../../../src/modules/docker/dockerContainer.ts';
import { dockerHostInfo } from '../../../src/modules/docker/dockerHostInfo.ts';
import { dockerImage } from '../../../src/modules/docker/dockerImage.ts';
import { dockerNetwork } from '../../../src/modules/docker/dockerNetwork.ts';
import { dockerVolume } from '../../../src/modules/docker/dockerVolume.ts';
import type { AnyResource } from '../../../src/modules/module.ts';
import { runAction } from '../../unit/modules/driver.ts';
import { dockerHost, type EngineTest, engineTest, hasEngine, IMAGE } from './engine.ts';

if (!hasEngine)
  console.warn('SKIPPED: no Docker Engine answers, the Docker modules are not tested');

describe.skipIf(!hasEngine)('Docker modules', () => {
  let engine: EngineTest;
  beforeAll(() => {
    engine = engineTest();
  });
  afterAll(() => engine?.close());

  /** What check mode predicts, what happens, and what is left to do after it. */
  async function converge(module: AnyResource, args: object) {
    const predicted = await engine.run(module, args, { check: true });
    const real = await engine.run(module, args);
    const again = await engine.run(module, args);
    expect(real.changes).toEqual(predicted.changes);
    expect(again.changes).toEqual([]);
    return real.changes.map(({ what, before, after }) => ({ what, before, after }));
  }

  test('a volume is made once and refuses another driver option', async () => {
    const name = 'dmod-volume';
    const labels = { a: 'b' };
    expect(await converge(dockerVolume, { name, labels })).toEqual([
      { what: 'volume dmod-volume', before: 'absent', after: { driver: 'local', labels } },
    ]);
    await expect(engine.run(dockerVolume, { name, labels: { a: 'c' } })).rejects.toThrow(
      'volume dmod-volume exists with another labels',
    );
    await converge(dockerVolume, { name, state: 'absent' });
  });

  test('a network is made, and made anew with its containers when its range differs', async () => {
    const name = 'dmod-network';
    const ipam = (third: number) => ({ ipam_config: [{ subnet: `10.213.${third}.0/24` }] });
    await converge(dockerNetwork, { name, ...ipam(1) });
    const container = { name: 'dmod-peer', image: IMAGE, command: 'sleep 1000', force_kill: true };
    const networks = [{ name, ipv4_address: '10.213.1.9', aliases: ['peer'] }];
    await converge(dockerContainer, { ...container, networks });
    const changes = await converge(dockerNetwork, { name, ...ipam(2), appends: true });
    expect(changes.map(({ what }) => what)).toEqual([
      'network dmod-network: ipam_config',
      'network dmod-network: container dmod-peer',
    ]);
    const moved = [{ name, ipv4_address: '10.213.2.7' }];
    expect(await converge(dockerContainer, { ...container, networks: moved })).toEqual([
      {
        what: 'container dmod-peer: network dmod-network',
        before: expect.anything(),
        after: { name, ipv4_address: '10.213.2.7' },
      },
    ]);
    await converge(dockerContainer, { name: 'dmod-peer', state: 'absent', force_kill: true });
    await converge(dockerNetwork, { name, state: 'absent' });
  });

  test('a network that only holds settings is what another takes them from', async () => {
    const config = { name: 'dmod-config', config_only: true };
    const ipam_config = [{ subnet: '10.213.9.0/24' }];
    await converge(dockerNetwork, { ...config, ipam_config });
    const user = { name: 'dmod-from', config_from: 'dmod-config' };
    await converge(dockerNetwork, user);
    const [shown] = JSON.parse(engine.docker('network', 'inspect', 'dmod-from'));
    expect(shown.IPAM.Config).toMatchObject([{ Subnet: '10.213.9.0/24' }]);
    for (const { name } of [user, config]) {
      await converge(dockerNetwork, { name, state: 'absent' });
    }
  });

  test('the Engine lists what it has, by filters', async () => {
    const labels = { 'dmod.kind': 'listed' };
    await converge(dockerVolume, { name: 'dmod-listed', labels });
    await converge(dockerNetwork, { name: 'dmod-listed', labels });
    const container = { name: 'dmod-listed', image: IMAGE, command: 'true', labels };
    await converge(dockerContainer, { ...container, state: 'present' });
    const filters = { label: 'dmod.kind=listed' };
    const { data = {} } = await runAction(
      dockerHostInfo,
      {
        docker_host: dockerHost,
        ...{ containers: true, containers_all: true, containers_filters: filters },
        ...{ volumes: true, volumes_filters: filters },
        ...{ networks: true, networks_filters: { label: ['dmod.kind'], name: 'dmod-listed' } },
        ...{ images: true, images_filters: { reference: IMAGE }, disk_usage: true },
      },
      { target: engine.scratch.target },
    );
    expect(data).toMatchObject({
      can_talk_to_docker: true,
      containers: [{ Names: ['/dmod-listed'], Image: IMAGE, Status: 'Created' }],
      volumes: [{ Driver: 'local', Name: 'dmod-listed' }],
      networks: [{ Driver: 'bridge', Name: 'dmod-listed', Scope: 'local' }],
      images: [{ RepoTags: [IMAGE] }],
      disk_usage: { LayersSize: expect.any(Number) },
    });
    expect(data['volumes']).toEqual([{ Driver: 'local', Name: 'dmod-listed' }]);
    for (const module of [dockerContainer, dockerNetwork, dockerVolume]) {
      await converge(module, { name: 'dmod-listed', state: 'absent' });
    }
  });

  test('an image gets a second name, is saved, loaded and removed', async () => {
    await converge(dockerImage, { name: IMAGE, repository: 'dmod-second:2' });
    const archive = `${engine.scratch.directory}/image.tar`;
    engine.docker('save', '-o', archive, 'dmod-second:2');
    await converge(dockerImage, { name: 'dmod-second:2', state: 'absent' });
    const changes = await converge(dockerImage, {
      name: 'dmod-second',
      tag: '2',
      source: 'load',
      load_path: archive,
    });
    expect(changes.map(({ what }) => what)).toEqual(['image dmod-second:2']);
    await converge(dockerImage, { name: 'dmod-second:2', state: 'absent' });
    await expect(engine.run(dockerImage, { name: 'dmod-second:2' })).rejects.toMatchObject({
      hint: 'set "source: build", "source: pull" or "source: load"',
    });
  });
});
