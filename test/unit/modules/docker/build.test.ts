import { describe, expect, test } from 'vitest';
import { keptFiles } from '../../../../src/modules/docker/buildContext.ts';
import { buildQuery } from '../../../../src/modules/docker/buildImage.ts';
import { dockerImage } from '../../../../src/modules/docker/dockerImage.ts';
import { readManifest } from '../../../../src/modules/docker/imageArchive.ts';
import type { Params } from '../../../../src/modules/docker/imageParams.ts';
import { secondName } from '../../../../src/modules/docker/imagePlan.ts';
import { paramsOf } from '../driver.ts';

function imageParams(args: object): Params {
  return paramsOf(dockerImage, args) as Params;
}

describe('what a build is asked for', () => {
  test('options as the Engine names and counts them', () => {
    const { build } = imageParams({
      name: 'app',
      build: {
        path: '/srv/app',
        args: { VERSION: 2, http_proxy: 'own' },
        cache_from: ['app:1', 'base'],
        container_limits: { memory: '1G', memswap: '-1', cpushares: 10, cpusetcpus: '0-3' },
        etc_hosts: { db: '192.0.2.1' },
        shm_size: '64M',
        pull: true,
      },
    });
    if (build === undefined) throw new Error('no build');
    expect(buildQuery(build, { http_proxy: 'from config', HTTP_PROXY: 'from config' })).toEqual({
      buildargs: { VERSION: '2', http_proxy: 'own', HTTP_PROXY: 'from config' },
      cachefrom: '["app:1","base"]',
      extrahosts: ['db:192.0.2.1'],
      nocache: false,
      pull: true,
      rm: true,
      forcerm: true,
      shmsize: 67108864,
      memory: 1073741824,
      memswap: -1,
      cpushares: 10,
      cpusetcpus: '0-3',
    });
  });

  test('files by the rules of .dockerignore, the Dockerfile whatever they say', () => {
    const listed = ['.', './a', './a/x.md', './a/keep.md', './Dockerfile', './b c'].join('\0');
    const ignored = '# comment\n**/*.md\n!a/keep.md\nDockerfile\n';
    expect(keptFiles(`${listed}\0`, ignored, ['Dockerfile'])).toEqual([
      'a',
      'a/keep.md',
      'Dockerfile',
      'b c',
    ]);
  });
});

describe('the manifest of an archive', () => {
  const hash = 'ab'.repeat(32);
  test.each([
    ['of Engines before 25', `[{"Config":"${hash}.json","RepoTags":["app:1"],"Layers":[]}]`],
    ['of later ones', `[{"Config":"blobs/sha256/${hash}","RepoTags":["app:1"]}]`],
  ])('%s tells id and names', (_, text) => {
    expect(readManifest(text)).toEqual([{ id: `sha256:${hash}`, names: ['app:1'] }]);
  });
  test('that is none tells nothing', () => {
    expect(readManifest('')).toEqual([]);
    expect(readManifest('{"a":1}')).toEqual([]);
  });
});

test.each([
  ['its own tag', { name: 'app:1', repository: 'other:2' }, 'other:2'],
  ['the tag in the name', { name: 'app:1', tag: '3', repository: 'other' }, 'other:1'],
  ['the tag beside it', { name: 'app', tag: '3', repository: 'h:5000/other' }, 'h:5000/other:3'],
  ['latest', { name: 'app', repository: 'other' }, 'other:latest'],
])('a second name has %s', (_, args, expected) => {
  expect(secondName(imageParams(args))).toBe(expected);
});
