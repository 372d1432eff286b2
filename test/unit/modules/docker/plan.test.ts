import { describe, expect, test } from 'vitest';
import { ContainerInspect } from '../../../../src/modules/docker/container/inspect.ts';
import type { EngineAnswers } from '../../../../src/modules/docker/container/observe.ts';
import { wantedOf } from '../../../../src/modules/docker/container/observe.ts';
import { params as schema } from '../../../../src/modules/docker/container/params.ts';
import { planContainer } from '../../../../src/modules/docker/container/plan.ts';
import { dockerContainer } from '../../../../src/modules/docker/dockerContainer.ts';
import { ImageInspect } from '../../../../src/modules/docker/image.ts';
import { paramsOf } from '../driver.ts';

const IMAGE_ID = 'sha256:1111';
const image = ImageInspect.parse({
  Id: IMAGE_ID,
  RepoDigests: ['nginx@sha256:aaaa'],
  Config: {
    Env: ['PATH=/bin', 'NGINX=1'],
    Labels: { maintainer: 'x' },
    ExposedPorts: { '80/tcp': {} },
  },
});

/** As Engine 20.10 shows `docker run -d --name web -p 80:80 -e A=1 nginx`, cut to what is read. */
const running = ContainerInspect.parse({
  Id: 'c1',
  Name: '/web',
  Image: IMAGE_ID,
  State: { Status: 'running', Running: true, Paused: false, ExitCode: 0, Error: '' },
  Config: {
    Image: 'nginx',
    Hostname: 'c1',
    Env: ['A=1', 'PATH=/bin', 'NGINX=1'],
    Cmd: ['nginx', '-g', 'daemon off;'],
    Labels: { maintainer: 'x' },
    ExposedPorts: { '80/tcp': {} },
    Tty: false,
    OpenStdin: false,
  },
  HostConfig: {
    PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '80' }] },
    RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
    Memory: 0,
    Binds: ['data:/data:rw'],
    CapAdd: null,
    NetworkMode: 'default',
    Init: null,
    SecurityOpt: null,
  },
  NetworkSettings: { Networks: { bridge: { NetworkID: 'n1', Aliases: null } } },
});

const answers: EngineAnswers = {
  container: running,
  image: { local: image },
  currentImage: undefined,
  peers: {},
  isPredicted: false,
};

function plan(args: object, more: Partial<EngineAnswers> = {}) {
  const params = schema.parse(paramsOf(dockerContainer, { name: 'web', image: 'nginx', ...args }));
  const changes = planContainer(wantedOf(params, { peers: {} }), { ...answers, ...more });
  return changes.map(({ what, before, after }) => [
    what.replace('container web', '').replace(': ', ''),
    before,
    after,
  ]);
}

describe('a container that is as asked is left alone', () => {
  test.each<[string, object]>([
    ['nothing else is given', {}],
    ['full name of the image', { image: 'docker.io/library/nginx:latest' }],
    ['any address is no address', { ports: ['80:80'] }],
    [
      'the environment of the image is not more than asked',
      { env: { A: '1' }, comparisons: { env: 'strict' } },
    ],
    ['labels of the image likewise', { labels: {}, comparisons: { '*': 'strict' } }],
    [
      'unset and false, 0 and no are the same',
      { init: false, memory: '0', restart_policy: 'no', tty: false },
    ],
    ['rw is the default of volumes', { volumes: ['data:/data'] }],
    ['bridge is the default network', { network_mode: 'bridge' }],
    ['text is split as a shell would', { command: "nginx -g 'daemon off;'" }],
    ['ignored differences', { env: { A: '2' }, comparisons: { env: 'ignore' } }],
    ['ignored image', { image: 'other:1', comparisons: { '*': 'ignore' } }],
  ])('%s', (_, args) => {
    expect(plan(args)).toEqual([]);
  });
});

const STATE = ['state', 'created', 'running'];

describe('what differs is named', () => {
  test.each<[string, object, Partial<EngineAnswers>, unknown[]]>([
    [
      'an option that needs a new container',
      { env: { A: '2' }, memory: '64M' },
      {},
      [['env', { A: '1', PATH: '/bin', NGINX: '1' }, { A: '2' }], ['memory', 0, 2 ** 26], STATE],
    ],
    ['a limit that does not', { memory: '64M' }, {}, [['memory', 0, 2 ** 26]]],
    [
      'strict comparisons find what is too much',
      { volumes: [], comparisons: { volumes: 'strict' } },
      {},
      [['volumes', ['data:/data'], []], STATE],
    ],
    [
      'another image',
      {},
      { image: { local: { ...image, Id: 'sha256:2222' } } },
      [['image', `nginx (${IMAGE_ID})`, 'nginx (sha256:2222)'], STATE],
    ],
    [
      'a newer image in the registry',
      { pull: 'always' },
      { image: { local: image, remoteDigest: 'sha256:bbbb' } },
      [
        ['image nginx', ['nginx@sha256:aaaa'], 'sha256:bbbb'],
        ['image', `nginx (${IMAGE_ID})`, 'nginx (sha256:bbbb)'],
        STATE,
      ],
    ],
    [
      'the registry has the same',
      { pull: 'always' },
      { image: { local: image, remoteDigest: 'sha256:aaaa' } },
      [],
    ],
    [
      'a network',
      { networks: [{ name: 'back' }] },
      {},
      [['network back', 'not connected', { name: 'back' }]],
    ],
    [
      'a network too much',
      { networks: [], purge_networks: true },
      {},
      [['network bridge', {}, 'not connected']],
    ],
    ['a state', { state: 'stopped' }, {}, [['state', 'running', 'stopped']]],
    ['a removal', { state: 'absent' }, {}, [['', 'running', 'absent']]],
    ['a restart', { restart: true }, {}, [['state', 'running', 'restarted']]],
    ['a pause', { paused: true }, {}, [['paused', false, true]]],
    [
      'a new container, with an image to pull',
      { env: { A: '1' } },
      { container: undefined, image: { local: undefined } },
      [
        ['image nginx', 'absent', 'pulled'],
        ['', 'absent', { image: 'nginx', env: { A: '1' } }],
        STATE,
      ],
    ],
  ])('%s', (_, args, more, expected) => {
    expect(plan(args, more)).toEqual(expected);
  });
});

describe('what cannot be is refused', () => {
  test.each<[object, Partial<EngineAnswers>, string]>([
    [
      { image: undefined },
      { container: undefined },
      'a container cannot be created without "image"',
    ],
    [{ pull: 'never' }, { image: { local: undefined } }, 'image "nginx" is not on the host'],
    [{ comparisons: { evn: 'strict' } }, {}, 'comparisons: "evn" is no option of a container'],
    [{ comparisons: { memory: 'allow_more_present' } }, {}, 'comparisons: "memory" has one value'],
    [{ ports: ['80:80:80:80'] }, {}, 'published_ports: "80:80:80:80" is no port'],
    [{ memory: 'much' }, {}, 'memory: "much" is no size'],
    [{ env: { A: true } }, {}, 'a value of "env" is no text'],
  ])('%j', (args, more, message) => {
    expect(() => plan(args, more)).toThrow(message);
  });
});
