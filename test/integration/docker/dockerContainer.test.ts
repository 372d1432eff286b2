import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dockerContainer } from '../../../src/modules/docker/dockerContainer.ts';
import { type EngineTest, engineTest, hasEngine, IMAGE } from './engine.ts';

if (!hasEngine) console.warn('SKIPPED: no Docker Engine answers, docker_container is not tested');

describe.skipIf(!hasEngine)('docker_container', () => {
  let engine: EngineTest;
  beforeAll(() => {
    engine = engineTest(['ENV FROM_IMAGE=1', 'LABEL from=image', 'VOLUME /state', 'EXPOSE 8080']);
  });
  afterAll(() => engine?.close());

  const container = (args: object, options?: { check?: boolean }) =>
    engine.run(dockerContainer, args, options);
  const named = (name: string, args: object = {}) => ({
    name: `dmod-${name}`,
    image: IMAGE,
    command: 'sleep 1000',
    force_kill: true,
    network_mode: 'none',
    ...args,
  });
  const shown = (name: string, format: string) =>
    engine.docker('inspect', '--format', format, `dmod-${name}`).trim();
  const optionsOf = ({ changes }: Awaited<ReturnType<typeof container>>) =>
    changes.map(({ what }) => what);

  /** Every option at once: what the Engine makes of it must count as what was asked. */
  const everything = {
    command: ['sleep', '1000'],
    entrypoint: [],
    env: { NAME: 'value with = and spaces', EMPTY: '' },
    labels: { role: 'test', empty: '' },
    user: '1000:1000',
    groups: ['audio'],
    working_dir: '/tmp',
    hostname: 'inside',
    domainname: 'example.org',
    tty: true,
    interactive: true,
    stop_signal: 'SIGINT',
    stop_timeout: 3,
    healthcheck: { test: 'true', interval: '1m30s', timeout: '5s', retries: 2, start_period: '1s' },
    init: false,
    privileged: false,
    capabilities: ['NET_ADMIN', 'CAP_SYS_TIME'],
    cap_drop: ['mknod'],
    security_opts: ['no-new-privileges:true'],
    sysctls: { 'net.ipv4.ip_forward': 1 },
    ulimits: ['nofile:1024:2048', 'nproc:100'],
    ipc_mode: 'private',
    uts: '',
    log_driver: 'json-file',
    log_options: { 'max-size': '10m', 'max-file': 3 },
    restart_policy: 'on-failure',
    restart_retries: 3,
    memory: '64M',
    memory_reservation: '32M',
    memory_swap: '128M',
    shm_size: '16M',
    oom_score_adj: 100,
    pids_limit: 50,
    cpus: 0.5,
    cpu_shares: 512,
    cpuset_cpus: '0',
    devices: ['/dev/null:/dev/other:rw'],
    volumes: ['dmod-data:/data', '/tmp:/host:ro', '/anonymous'],
    mounts: [
      { type: 'tmpfs', target: '/scratch', tmpfs_size: '1M', tmpfs_mode: '1777' },
      { type: 'bind', source: '/usr', target: '/usr/host', read_only: true },
      { source: 'dmod-more', target: '/more', labels: { a: 'b' } },
    ],
    tmpfs: ['/run:size=1m'],
    read_only: true,
    published_ports: ['18080:80', '127.0.0.1:18081-18082:81-82/udp', '18090-18099:90'],
    exposed_ports: ['9000-9002', '53/udp'],
    etc_hosts: { database: '10.0.0.1' },
    dns_servers: ['10.0.0.53'],
    dns_opts: ['ndots:2'],
    dns_search_domains: ['example.org'],
    cgroupns_mode: 'private',
  };

  test('creates what was asked, and finds it so on the second run', async () => {
    const args = named('all', { ...everything, state: 'present' });
    const first = await container(args);
    const second = await container(args);
    expect(optionsOf(first)).toEqual(['container dmod-all']);
    expect(second.changes).toEqual([]);
    expect(second.data['container']).toMatchObject({ Name: '/dmod-all' });
  });

  test('a strict comparison of everything does not count what the image gives', async () => {
    const args = named('all', { ...everything, state: 'present', comparisons: { '*': 'strict' } });
    expect(optionsOf(await container(args))).toEqual([]);
  });

  test('predicts in check mode and changes nothing there', async () => {
    const check = await container(named('check'), { check: true });
    expect(optionsOf(check)).toEqual(['container dmod-check', 'container dmod-check: state']);
    expect(() => shown('check', '{{.Id}}')).toThrow();
  });

  test('starts, stops, restarts and removes', async () => {
    const states: (readonly string[])[] = [];
    for (const args of [
      named('life', { state: 'present' }),
      named('life'),
      named('life'),
      named('life', { restart: true, stop_timeout: 0 }),
      named('life', { state: 'stopped' }),
      named('life', { state: 'stopped' }),
      { name: 'dmod-life', state: 'absent' },
      { name: 'dmod-life', state: 'absent' },
    ]) {
      states.push((await container(args)).changes.map(({ after }) => String(after)));
    }
    expect(states).toEqual([
      ['[object Object]'],
      ['running'],
      [],
      ['restarted'],
      ['stopped'],
      [],
      ['absent'],
      [],
    ]);
  });

  test('changes limits in place, and replaces the container for the rest', async () => {
    await container(named('limits', { memory: '64M', memory_swap: '64M', env: { A: '1' } }));
    const id = shown('limits', '{{.Id}}');
    const updated = await container(
      named('limits', { memory: '128M', memory_swap: '128M', restart_policy: 'always' }),
    );
    expect(updated.changes.map(({ what, before, after }) => [what, before, after])).toEqual([
      ['container dmod-limits: restart_policy', '', 'always'],
      ['container dmod-limits: memory', 64 * 2 ** 20, 128 * 2 ** 20],
      ['container dmod-limits: memory_swap', 64 * 2 ** 20, 128 * 2 ** 20],
    ]);
    expect(shown('limits', '{{.Id}} {{.HostConfig.Memory}}')).toBe(`${id} ${128 * 2 ** 20}`);
    const replaced = await container(named('limits', { env: { A: '2' } }));
    expect(optionsOf(replaced)).toEqual([
      'container dmod-limits: env',
      'container dmod-limits: state',
    ]);
    expect(shown('limits', '{{.State.Running}} {{.Config.Env}}')).toContain('true [A=2');
    expect(shown('limits', '{{.Id}}')).not.toBe(id);
  });

  test('runs to the end with detach: false', async () => {
    const done = await container(
      named('job', {
        command: ['sh', '-c', 'echo out; echo err >&2'],
        detach: false,
        cleanup: true,
      }),
    );
    expect(done.data).toMatchObject({ status: 0 });
    expect(String(done.data['output']).split('\n').sort()).toEqual(['', 'err', 'out']);
    expect(() => shown('job', '{{.Id}}')).toThrow();
    const failing = container(
      named('bad', { command: ['sh', '-c', 'echo no; exit 3'], detach: false }),
    );
    await expect(failing).rejects.toMatchObject({
      message: 'container dmod-bad ended with status 3',
      hint: 'it said: no',
      data: { status: 3, output: 'no\n' },
    });
  });

  test('waits until it is healthy, and says what the check said when it is not', async () => {
    const healthcheck = { test: ['CMD', 'true'], interval: '100ms', retries: 1 };
    const healthy = await container(named('healthy', { healthcheck, state: 'healthy' }));
    expect(healthy.data['container']).toMatchObject({ State: { Health: { Status: 'healthy' } } });
    const failing = { test: 'echo broken; false', interval: '100ms', retries: 1 };
    const sick = container(
      named('sick', { healthcheck: failing, state: 'healthy', healthy_wait_timeout: 2 }),
    );
    await expect(sick).rejects.toThrow(
      /dmod-sick is unhealthy after 2 s; its last check ended with 1: broken/,
    );
  });

  test('says what to do about an image that is not there', async () => {
    const missing = container(named('none', { image: 'dmod-nowhere:1', pull: 'never' }));
    await expect(missing).rejects.toMatchObject({
      message: 'image "dmod-nowhere:1" is not on the host',
      hint: 'set "pull: missing"',
    });
  });
});
