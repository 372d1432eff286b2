/** `examples/rancher-2015`, unchanged but for its inventory, on fresh hosts of its own: twice. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/events.ts';
import { type Fleet, fleetDown, fleetMissing, fleetUp } from '../fleet/fleet.ts';
import { stateFor } from '../fleet/state.ts';
import { runCli } from '../support/runPlaybook.ts';

const EXAMPLE = resolve(import.meta.dirname, '../../examples/rancher-2015');

const missing = fleetMissing();
if (missing.length > 0) process.stderr.write(`no fleet on this machine:\n${missing.join('\n')}\n`);

describe.skipIf(missing.length > 0 && process.env['CI'] === undefined)('rancher-2015', () => {
  const state = stateFor('rancher2015');
  const folder = mkdtempSync(join(tmpdir(), 'drover-2015-'));
  let fleet: Fleet;

  beforeAll(async () => {
    fleet = await fleetUp({ state });
    cpSync(EXAMPLE, folder, { recursive: true });
    writeFileSync(join(folder, 'hosts'), inventoryOf(fleet));
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await fleetDown({ state });
  });

  const run = () =>
    runCli(['-i', 'hosts', '--output', 'jsonl', join(folder, 'site.yml')], { folder });

  it('runs, names the new spelling of all that is old, and has nothing to do the second time', async () => {
    const first = await run();
    expect(failuresOf(first.events)).toEqual([]);
    expect(first.code).toBe(0);
    expect(deprecationsOf(first.events)).toEqual([
      'hosts: write "ansible_host" instead',
      'hosts: write "ansible_port" instead',
      'hosts: write "ansible_user" instead',
      'roles/blog/tasks/main.yml: write "is succeeded" instead',
      'roles/docker/tasks/main.yml: write "is version" instead',
      'roles/docker/tasks/main.yml: write "{{ docker_users }}" instead',
      `roles/rancher_agent/tasks/main.yml: write "old_tokens.json['data'] | length == 0" instead`,
      'roles/rancher_server/tasks/main.yml: write "is search" instead',
      'site.yml: write "become" instead',
    ]);

    const second = await run();
    expect(changesOf(second.events)).toEqual({ rancher: 0, node1: 0, node2: 0 });
    expect(second.code).toBe(0);
  });

  it('serves the blog, and Rancher lists the machines', async () => {
    const page = await fetch(`${published(fleet, 'node2', 80)}/`);
    expect(await page.text()).toContain('WordPress');

    const hosts = await fetch(`${published(fleet, 'rancher', 8080)}/v1/projects/1a5/hosts`);
    const { data } = (await hosts.json()) as { data: { hostname: string; state: string }[] };
    expect(data.map(({ hostname, state }) => `${hostname} ${state}`).sort()).toEqual([
      'node1 active',
      'node2 active',
    ]);
  });

  const relative = (file: string) => file.replace(`${folder}/`, '');

  /** Each once, sorted. */
  function deprecationsOf(events: readonly RunEvent[]): string[] {
    const said = events.flatMap((event) =>
      event.type === 'warning' && event.warning.kind === 'deprecation'
        ? [`${relative(event.warning.source?.file ?? '?')}: ${event.warning.hint}`]
        : [],
    );
    return [...new Set(said)].sort();
  }
});

function inventoryOf({ hosts, privateKeyFile, knownHostsFile, registry }: Fleet): string {
  const lines = hosts.map(
    ({ name, address, sshPort }) =>
      `${name} ansible_ssh_host=${address} ansible_ssh_port=${sshPort}`,
  );
  return `${lines.join('\n')}

[agents]
node[1:2]
[database]
node1
[blog]
node2
[all:vars]
ansible_ssh_user=deploy
ansible_ssh_private_key_file=${privateKeyFile}
ansible_ssh_common_args=-o UserKnownHostsFile="${knownHostsFile}"
docker_registry_mirrors=["${registry.mirror}"]
`;
}

/** `host task: message` of each failed task. */
function failuresOf(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) =>
    event.type === 'hostFinished' && /failed|unreachable/.test(event.result.status)
      ? [`${event.host} ${event.task.name}: ${JSON.stringify(event.registered['msg'])}`]
      : [],
  );
}

function changesOf(events: readonly RunEvent[]): Record<string, number> {
  const last = events.at(-1);
  if (last?.type !== 'recap') throw new Error('the run has no recap');
  return Object.fromEntries(
    Object.entries(last.hosts).map(([host, { changed }]) => [host, changed]),
  );
}

function published(fleet: Fleet, name: string, port: number): string {
  const host = fleet.hosts.find((each) => each.name === name);
  return `http://${host?.address}:${host?.publishedPorts[port]}`;
}
