import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { addHost } from '../../../../src/modules/control/addHost.ts';
import { assert } from '../../../../src/modules/control/assert.ts';
import { debug } from '../../../../src/modules/control/debug.ts';
import { fail } from '../../../../src/modules/control/fail.ts';
import { groupBy } from '../../../../src/modules/control/groupBy.ts';
import { includeVars } from '../../../../src/modules/control/includeVars.ts';
import { pause } from '../../../../src/modules/control/pause.ts';
import { ping } from '../../../../src/modules/control/ping.ts';
import { setFact } from '../../../../src/modules/control/setFact.ts';
import { setStats } from '../../../../src/modules/control/setStats.ts';
import { setup } from '../../../../src/modules/control/setup.ts';
import { runAction } from '../driver.ts';
import { useScratch } from '../scratch.ts';
import { testController } from '../testController.ts';

const scratch = useScratch();

describe('debug', () => {
  const variables = { port: 80, hosts: ['a', 'b'], which: 'port' };
  const controller = testController({ variables });
  const setting = () => ({ target: scratch.target, controller });

  it.each([
    [{}, { msg: 'Hello world!' }],
    [{ msg: ['a', 1] }, { msg: ['a', 1] }],
    [{ var: 'port' }, { port: 80 }],
    [{ var: 'hosts' }, { hosts: ['a', 'b'] }],
    [{ var: 'missing' }, { missing: 'VARIABLE IS NOT DEFINED!' }],
    [{ var: '{{which}}' }, { '{{which}}': 80 }],
    [{ var: ['port', 'which'] }, { "<class 'list'>": [80, 'port'] }],
  ])('%j shows %j', async (args, data) => {
    expect(await runAction(debug, args, setting())).toEqual({ changed: false, data });
  });

  it('keeps quiet below its verbosity', async () => {
    expect(await runAction(debug, { msg: 'x', verbosity: 1 }, setting())).toEqual({
      changed: false,
      skipped: 'Verbosity threshold not met.',
    });
  });

  it('does not take both', async () => {
    await expect(runAction(debug, { msg: 'x', var: 'y' }, setting())).rejects.toThrow(
      "'msg' and 'var' are incompatible options",
    );
  });
});

describe('assert and fail', () => {
  const controller = testController({ variables: { yes: true, no: false, all: [true, true] } });
  const setting = () => ({ target: scratch.target, controller });

  it.each([
    [{ that: 'yes' }, 'All assertions passed'],
    [{ that: ['yes', true] }, 'All assertions passed'],
    [{ that: '{{all}}', success_msg: 'fine' }, 'fine'],
  ])('%j holds', async (args, msg) => {
    expect(await runAction(assert, args, setting())).toEqual({ changed: false, data: { msg } });
  });

  it.each([
    [{ that: ['yes', 'no'] }, 'Assertion failed', { assertion: 'no', evaluated_to: false }],
    [{ that: false, msg: 'not so' }, 'not so', { assertion: false, evaluated_to: false }],
    [{ that: 'no', fail_msg: ['a', 'b'] }, 'a\nb', { assertion: 'no', msg: ['a', 'b'] }],
  ])('%j fails', async (args, message, data) => {
    await expect(runAction(assert, args, setting())).rejects.toThrow(
      expect.objectContaining({ message, data: expect.objectContaining(data) }),
    );
  });

  it('fail says why', async () => {
    await expect(runAction(fail, {}, setting())).rejects.toThrow('Failed as requested from task');
    await expect(runAction(fail, { msg: 'no disk' }, setting())).rejects.toThrow('no disk');
  });
});

describe('set_fact', () => {
  it('sets variables of any kind, with the words of YAML 1.1 as booleans', async () => {
    const args = { a: 1, b: { c: [] }, d: 'YES', e: 'false', f: 'text', g: null, cacheable: true };
    const outcome = await runAction(setFact, args, scratch);
    expect(outcome.data).toEqual({
      ansible_facts: { a: 1, b: { c: [] }, d: true, e: false, f: 'text', g: null },
    });
    expect(outcome.effects).toEqual([
      {
        type: 'setFacts',
        cacheable: true,
        facts: new Map<string, unknown>([
          ['a', 1],
          ['b', new Map([['c', []]])],
          ['d', true],
          ['e', false],
          ['f', 'text'],
          ['g', null],
        ]),
      },
    ]);
  });

  it.each([
    [{}, /^No key\/value pairs provided/],
    [{ 'not-a-name': 1 }, /^The variable name 'not-a-name' is not valid/],
  ])('refuses %j', async (args, message) => {
    await expect(runAction(setFact, args, scratch)).rejects.toThrow(message);
  });
});

describe('include_vars', () => {
  const setting = () => ({
    target: scratch.target,
    controller: testController({ files: scratch.directory }),
  });
  const write = (files: Readonly<Record<string, string>>) =>
    Promise.all(Object.entries(files).map(([name, text]) => writeFile(scratch.path(name), text)));

  it('loads a file, also in the short form', async () => {
    await write({ 'web.json': '{"port": 80}' });
    const effect = { type: 'includeVars', variables: new Map([['port', 80]]), merge: false };
    const outcome = await runAction(includeVars, 'web.json', setting());
    expect(outcome.effects).toEqual([effect]);
    expect(outcome.data).toEqual({ ansible_included_var_files: [scratch.path('web.json')] });
    const named = { file: 'web.json', name: 'web', hash_behaviour: 'merge' };
    expect((await runAction(includeVars, named, setting())).effects).toEqual([
      { ...effect, name: 'web', merge: true },
    ]);
  });

  it('loads a directory in order, as deep as asked', async () => {
    await mkdir(scratch.path('d/sub'), { recursive: true });
    await write({
      'd/b.json': '{"x": "b"}',
      'd/a.json': '{"x": "a", "only": "a"}',
      'd/sub/c.json': '{"x": "c"}',
      'd/skip.json': '{"x": "skip"}',
    });
    const args = { dir: 'd', ignore_files: ['skip.json'] };
    const all = await runAction(includeVars, args, setting());
    expect(all.effects).toMatchObject([
      {
        variables: new Map([
          ['x', 'c'],
          ['only', 'a'],
        ]),
      },
    ]);
    const flat = await runAction(includeVars, { ...args, depth: 1 }, setting());
    expect(flat.data).toEqual({
      ansible_included_var_files: ['d/a.json', 'd/b.json'].map(scratch.path),
    });
    const matching = await runAction(includeVars, { ...args, files_matching: '^[ac]' }, setting());
    expect(matching.data).toEqual({
      ansible_included_var_files: ['d/a.json', 'd/sub/c.json'].map(scratch.path),
    });
  });

  it('refuses other extensions unless told', async () => {
    await mkdir(scratch.path('d'));
    await write({ 'd/a.txt': '{}', 'x.txt': '{}' });
    await expect(runAction(includeVars, { dir: 'd' }, setting())).rejects.toThrow(
      /valid extension/,
    );
    await expect(runAction(includeVars, 'x.txt', setting())).rejects.toThrow(/valid extension/);
    const ignoring = { dir: 'd', ignore_unknown_extensions: true };
    expect((await runAction(includeVars, ignoring, setting())).data).toEqual({
      ansible_included_var_files: [],
    });
  });
});

describe('pause', () => {
  it('waits', async () => {
    const controller = testController();
    const { data } = await runAction(
      pause,
      { minutes: 0.5 },
      { target: scratch.target, controller },
    );
    expect(controller.slept).toEqual([30_000]);
    expect(data).toMatchObject({
      delta: 0,
      stdout: 'Paused for 0.0 minutes',
      user_input: '',
      echo: true,
    });
  });

  it('asks, and goes on without a terminal', async () => {
    const answering = testController({ prompt: async (text) => `${text} yes` });
    const asked = await runAction(
      pause,
      { prompt: 'Sure?' },
      { target: scratch.target, controller: answering },
    );
    expect(asked.data).toMatchObject({ user_input: 'Sure?: yes' });
    const silent = testController();
    await runAction(pause, {}, { target: scratch.target, controller: silent });
    expect(silent.warnings).toEqual([
      'Not waiting for response to prompt as stdin is not interactive',
    ]);
  });

  it('lets the user end a wait, and hides what is typed without echo', async () => {
    const asked: unknown[] = [];
    const logged: string[] = [];
    const controller = testController({
      log: (text) => void logged.push(text),
      prompt: async (text, { signal: _, ...options }) => {
        asked.push([text, options]);
        return '';
      },
    });
    const setting = { target: scratch.target, controller };
    await runAction(pause, { seconds: 3, prompt: 'Look' }, setting);
    await runAction(pause, { echo: false, prompt: 'Word' }, setting);
    expect(controller.slept).toEqual([]);
    expect(logged).toEqual(['Pausing for 3 seconds']);
    const keys = "(ctrl+C then 'C' = continue early, ctrl+C then 'A' = abort)";
    expect(asked).toEqual([
      [`${keys}\nLook:\n`, { echo: false, waitMs: 3000, mayAbort: true }],
      ['Word (output is hidden):', { echo: false, mayAbort: true }],
    ]);
  });

  it('does not wait in check mode', async () => {
    const controller = testController({ checkMode: true });
    await runAction(pause, { seconds: 100 }, { target: scratch.target, controller });
    expect(controller.slept).toEqual([]);
  });
});

describe('add_host, group_by and set_stats', () => {
  const controller = testController({
    variables: { groups: { all: ['web1', 'db1'], db: ['db1'] }, hostvars: { db1: { port: 1 } } },
  });
  const setting = () => ({ target: scratch.target, controller });

  it('adds a host with its variables', async () => {
    const args = { hostname: 'new:2222', groups: 'web,db', tier: 'gold' };
    expect(await runAction(addHost, args, setting())).toEqual({
      changed: true,
      data: {
        add_host: {
          host_name: 'new',
          groups: ['web', 'db'],
          host_vars: { tier: 'gold', ansible_port: 2222 },
        },
      },
      effects: [
        {
          type: 'addHost',
          host: 'new',
          groups: ['web', 'db'],
          variables: new Map<string, unknown>([
            ['tier', 'gold'],
            ['ansible_port', 2222],
          ]),
        },
      ],
    });
  });

  it.each([
    [{ name: 'db1', groups: 'db', port: 1 }, false],
    [{ name: 'db1', groups: 'db', port: 2 }, true],
    [{ name: 'db1', groups: 'web' }, true],
  ])('knows whether %j is new', async (args, changed) => {
    expect((await runAction(addHost, args, setting())).changed).toBe(changed);
  });

  it('groups the host', async () => {
    expect(await runAction(groupBy, { key: 'os Debian 12', parents: 'linux' }, setting())).toEqual({
      changed: true,
      data: { add_group: 'os-Debian-12', parent_groups: ['linux'] },
      effects: [{ type: 'addToGroup', group: 'os-Debian-12', parents: ['linux'] }],
    });
    expect((await runAction(groupBy, { key: 'all' }, setting())).changed).toBe(false);
  });

  it('hands statistics on', async () => {
    expect(
      (await runAction(setStats, { data: { n: 1 }, per_host: true }, setting())).effects,
    ).toEqual([{ type: 'setStats', stats: new Map([['n', 1]]), perHost: true, aggregate: true }]);
  });
});

describe('ping and setup', () => {
  it('answer from the host', async () => {
    expect(await runAction(ping, {}, scratch)).toEqual({ changed: false, data: { ping: 'pong' } });
    await expect(runAction(ping, { data: 'crash' }, scratch)).rejects.toThrow('boom');
    const outcome = await runAction(
      setup,
      { gather_subset: '!all', filter: 'ansible_kernel' },
      scratch,
    );
    expect(outcome.data).toEqual({
      ansible_facts: { ansible_kernel: expect.stringMatching(/^\d/) },
    });
    expect(outcome.effects).toMatchObject([{ type: 'hostFacts' }]);
  });
});
