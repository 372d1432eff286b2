import { expect, test } from 'vitest';
import { parsePorts } from '../../../../src/modules/docker/container/ports.ts';
import { logText } from '../../../../src/modules/docker/container/steps.ts';
import { canonicalName, registryOf } from '../../../../src/modules/docker/imageName.ts';
import { bytes, nanoseconds } from '../../../../src/modules/docker/units.ts';

const any = (port: string) => ({ HostIp: '0.0.0.0', HostPort: port });

test.each<[string, object]>([
  ['80', { '80/tcp': [any('')] }],
  ['8080:80', { '80/tcp': [any('8080')] }],
  ['127.0.0.1:8080:80/udp', { '80/udp': [{ HostIp: '127.0.0.1', HostPort: '8080' }] }],
  ['127.0.0.1::80', { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] }],
  ['[::1]:8080:80', { '80/tcp': [{ HostIp: '::1', HostPort: '8080' }] }],
  ['8000-8001:9000-9001', { '9000/tcp': [any('8000')], '9001/tcp': [any('8001')] }],
  ['8000-8010:80', { '80/tcp': [any('8000-8010')] }],
])('port %s', (entry, expected) => {
  expect(parsePorts([entry], '0.0.0.0')).toEqual(expected);
});

test.each(['', 'x', '80-70', '8000-8002:1-2', '1:2:3:4', '70000'])('%j is no port', (entry) => {
  expect(() => parsePorts([entry], '')).toThrow('published_ports');
});

test.each<[string, string, string]>([
  ['nginx', 'docker.io/library/nginx:latest', 'docker.io'],
  ['team/app:1', 'docker.io/team/app:1', 'docker.io'],
  ['localhost:5000/app', 'localhost:5000/app:latest', 'localhost:5000'],
  ['quay.io/a/b@sha256:ff', 'quay.io/a/b@sha256:ff', 'quay.io'],
])('image %s', (name, canonical, registry) => {
  expect([canonicalName(name), registryOf(name)]).toEqual([canonical, registry]);
});

test('sizes and durations', () => {
  expect(['1', '1k', '1.5G', '64MiB', '2 gb'].map((size) => bytes(size, 'memory'))).toEqual([
    1,
    1024,
    1.5 * 2 ** 30,
    2 ** 26,
    2 ** 31,
  ]);
  expect(['1m30s', '500ms', '0'].map((time) => nanoseconds(time, 'interval'))).toEqual([
    9e10, 5e8, 0,
  ]);
});

test('a log without a terminal is frames of both streams', () => {
  const frame = (stream: number, text: string) =>
    Buffer.concat([Buffer.from([stream, 0, 0, 0, 0, 0, 0, text.length]), Buffer.from(text)]);
  expect(logText(Buffer.concat([frame(1, 'out\n'), frame(2, 'err\n')]), false)).toBe('out\nerr\n');
  expect(logText(Buffer.from('plain'), true)).toBe('plain');
});
