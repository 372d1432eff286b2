/** A host that is not on our side: what it prints, forges, floods and keeps silent about ends at its own tasks. */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connector } from '../../../src/connection/connect.ts';
import { ConnectionPool } from '../../../src/connection/pool.ts';
import { KnownHosts } from '../../../src/connection/ssh/knownHosts.ts';
import { RemoteTarget } from '../../../src/target/remoteTarget.ts';
import { Scratch } from '../../support/drover.ts';
import { localSettings } from '../../support/fakeTarget.ts';
import { type Behaviour, hostileShell } from '../../support/hostileShell.ts';

const MEBIBYTE = 1024 * 1024;

describe('a shell session with a hostile host', () => {
  const scratch = new Scratch();
  let pool: ConnectionPool;
  beforeAll(() => {
    const context = { homeDirectory: '/nonexistent', userName: 'x', environment: process.env };
    pool = new ConnectionPool(connector({ ...context, knownHosts: new KnownHosts() }));
  });
  afterAll(async () => {
    await pool.close();
    scratch[Symbol.dispose]();
  });

  let made = 0;
  function host(behaviour: Behaviour, connectTimeoutMs = 10_000): RemoteTarget {
    const shell = hostileShell(scratch.path(`shell-${made++}`), behaviour);
    const settings = localSettings({ shell, connectTimeoutMs });
    return new RemoteTarget({ connection: pool.connection(settings) });
  }

  const said = async (target: RemoteTarget, script = 'x'): Promise<string> => {
    const { rc, stdout } = await target.sh(script);
    return `${rc}|${stdout.toString()}`;
  };

  test('is one as any other while it keeps to the form', async () => {
    expect(await said(host({ answer: "out('hello'); end(3)" }))).toBe('3|hello');
  });

  test.each([
    ['stdout', 'flood(process.stdout, "x")'],
    ['stderr', 'flood(process.stderr, "x")'],
  ])('endless %s ends the request, and costs nothing afterwards', async (_, answer) => {
    const target = host({ answer: `count > 1 || text.includes('mine') ? end(0) : ${answer}` });
    await expect(target.sh('x')).rejects.toMatchObject({ code: 'DROVER_ENDLESS_OUTPUT' });
    const before = process.cpuUsage();
    await delay(1_000);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(300);
    expect(await said(target, 'mine')).toBe('0|');
  });

  test('endless output that is taken as it comes needs no memory', async () => {
    const target = host({ answer: 'flood(process.stdout, "x")' });
    const stream = await target.download('/endless');
    let bytes = 0;
    let most = 0;
    for await (const chunk of stream) {
      bytes += chunk.length;
      most = Math.max(most, process.memoryUsage().external);
      if (bytes > 300 * MEBIBYTE) break;
    }
    expect(most).toBeLessThan(200 * MEBIBYTE);
  });

  test.each([
    ['a mark without an end of its line', 'out(nonce + " "); flood(process.stdout, "0")'],
    ['an exit code that is none', 'for (const p of [out, err]) p(nonce + " zero\\n")'],
    ['a negative exit code', 'for (const p of [out, err]) p(nonce + " -1\\n")'],
    ['no exit code', 'for (const p of [out, err]) p(nonce + " \\n")'],
  ])('%s makes the host unreachable, never ok', async (_, answer) => {
    await expect(host({ answer }).sh('x')).rejects.toMatchObject({
      name: 'UnreachableError',
      code: 'DROVER_SESSION_LOST',
    });
  });

  test.each([
    ['the key of the session', 'key'],
    ['the nonce of an earlier request', 'globalThis.first ??= nonce'],
    ['a nonce of its own', 'crypto.randomUUID()'],
    ['the nonce without its blank', 'nonce'],
  ])('%s in the output ends no frame', async (name, nonce) => {
    const blank = name.includes('without') ? '' : ' ';
    const forged = `const old = ${nonce}; if (count > 1) out(old + '${blank}0\\n'); out('rest'); end(count)`;
    const target = host({ answer: forged });
    await target.sh('first');
    expect(await said(target)).toMatch(new RegExp(`^2\\|[0-9a-f-]{32,36}${blank}0\nrest$`));
  });

  test('what it prints before it is asked is nobody’s output', async () => {
    const target = host({ answer: "out('mine'); end(0); out('early'); err('early')" });
    expect(await said(target)).toBe('0|mine');
    await delay(200);
    expect(await said(target)).toBe('0|mine');
  });

  test.each([
    ['an endless banner', 'flood(process.stdout, "Welcome! "); flood(process.stderr, "\\x1b[2J")'],
    ['silence', ';'],
    ['the key of another session', 'out("0".repeat(32) + " 1\\n")'],
  ])('%s instead of a greeting is no shell, within the time to connect', async (_, hello) => {
    const started = performance.now();
    const before = process.memoryUsage().rss;
    await expect(host({ hello }, 1_000).sh('x')).rejects.toMatchObject({
      name: 'UnreachableError',
      code: 'DROVER_NO_SHELL',
    });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MEBIBYTE);
  });

  test('a process id that is none is nothing to end', async () => {
    const hello = "for (const p of [out, err]) p(key + ' -1;reboot\\n')";
    const target = host({ hello, answer: "text.includes('slow') ? 0 : end(0)" });
    await expect(target.sh('slow', { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'DROVER_TIMEOUT',
    });
  });

  test('one that never answers is given up by time, whatever else it is asked', async () => {
    const target = host({ answer: ';' });
    const started = performance.now();
    await expect(target.sh('x', { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'DROVER_TIMEOUT',
    });
    expect(performance.now() - started).toBeLessThan(15_000);
  });

  test('one that says it ended does not take the next request along', async () => {
    const target = host({ answer: "end(0); if (text.includes('die')) process.exit(0)" });
    await target.sh('die');
    await delay(200);
    expect(await said(target)).toBe('0|');
  });
});

/** Clears the screen, sets the window's title, moves up, C1's CSI, and turns the direction of writing. */
const EVIL = 'EVIL\u001b[2J\u001b]0;owned\u0007\u001b[1A\r\u009b31m\u202e';
const CONTROLS = /(?![\n\t])[\p{Cc}\u2028-\u202e\u2066-\u2069]/u;

describe('a run with a hostile host', () => {
  const scratch = new Scratch();
  afterAll(() => scratch[Symbol.dispose]());

  function run(tasks: readonly object[], ...flags: string[]) {
    const hosts = { web1: { ansible_connection: 'local', there: scratch.path('there') } };
    scratch.write('hosts.yml', JSON.stringify({ all: { hosts } }));
    scratch.write('site.yml', JSON.stringify([{ hosts: 'all', gather_facts: false, tasks }]));
    return scratch.drover(['run', '-i', 'hosts.yml', ...flags, 'site.yml']);
  }

  test.each(['', '-v', '-vvvv'])(
    'no control of its texts reaches the terminal %s',
    async (flag) => {
      scratch.write('there/evil', EVIL);
      scratch.write(`there/names/${EVIL.replaceAll('/', '')}`, 'x');
      scratch.write('there/facts.d/evil.fact', `#!/bin/sh\necho '${JSON.stringify({ a: EVIL })}'`);
      const evil = { argv: ['cat', '{{ there }}/evil'] };
      const { stdout, stderr } = await run(
        [
          { command: evil, register: 'evil' },
          { shell: 'cat {{ there }}/evil >&2; exit 3', ignore_errors: true },
          { debug: { var: 'evil' } },
          { debug: { msg: '{{ evil.stdout }}' }, loop: ['{{ evil.stdout }}'] },
          { name: 'named {{ evil.stdout }}', command: 'true' },
          { find: { paths: '{{ there }}/names' } },
          { slurp: { src: '{{ there }}/evil' } },
          { setup: { fact_path: '{{ there }}/facts.d' } },
          { debug: { var: 'ansible_local' } },
          { copy: { content: 'other', dest: '{{ there }}/evil' } },
          { copy: { content: '{{ evil.stdout }}', dest: '{{ there }}/evil' } },
          { add_host: { name: 'x{{ evil.stdout }}', ansible_connection: 'local' } },
          { fail: { msg: '{{ evil.stdout }}' }, ignore_errors: true },
          { assert: { that: 'false', fail_msg: '{{ evil.stdout }}' }, ignore_errors: true },
          { command: '{{ evil.stdout }}', ignore_errors: true },
          { file: { path: '{{ evil.stdout }}/x/y', state: 'touch' }, ignore_errors: true },
          { include_tasks: '{{ evil.stdout }}', ignore_errors: true },
          { pause: { seconds: 0, prompt: '{{ evil.stdout }}' } },
        ],
        '--diff',
        ...(flag === '' ? [] : [flag]),
      );
      expect(stdout).toContain(String.raw`EVIL\x1b[2J`);
      expect(stdout).toMatch(/web1 +: ok=1\d/);
      expect(stdout).not.toMatch(CONTROLS);
      expect(stderr).not.toMatch(CONTROLS);
    },
  );

  test('template code in its texts and facts is never evaluated', async () => {
    const code =
      "{{ lookup('pipe', 'touch ' ~ there ~ '/CANARY') }}{% for x in [1] %}{{ x }}{% endfor %}";
    scratch.write('there/code', code);
    scratch.write('templates/page.j2', '{{ copied }}');
    scratch.write('there/code.d/evil.fact', JSON.stringify({ code, list: [code], [code]: code }));
    const {
      stdout,
      stderr,
      code: exit,
    } = await run([
      { setup: { fact_path: '{{ there }}/code.d' } },
      { command: { argv: ['cat', '{{ there }}/code'] }, register: 'said' },
      { slurp: { src: '{{ there }}/code' }, register: 'slurped' },
      { set_fact: { copied: '{{ said.stdout }}', deep: { a: ['{{ ansible_local.evil.code }}'] } } },
      { debug: { msg: '{{ copied }} {{ deep }} {{ ansible_local }} {{ hostvars.web1.copied }}' } },
      { debug: { msg: '{{ item }}' }, loop: '{{ said.stdout_lines + ansible_local.evil.list }}' },
      { debug: { msg: '{{ slurped.content | b64decode }}' } },
      { name: 'as {{ said.stdout }}', copy: { content: '{{ copied }}', dest: '{{ there }}/out' } },
      { template: { src: 'page.j2', dest: '{{ there }}/page' } },
      { debug: { msg: 'x' }, when: 'said.stdout != "" and copied == said.stdout' },
      { debug: { msg: '{{ v }}' }, vars: { v: '{{ said.stdout }}' } },
      { command: { argv: ['echo', '{{ copied }}'] }, environment: { WORD: '{{ said.stdout }}' } },
    ]);
    expect(exit, stdout + stderr).toBe(0);
    expect(existsSync(scratch.path('there/CANARY'))).toBe(false);
    expect(stdout).toContain('{% for x in [1] %}');
    for (const file of ['out', 'page']) {
      expect(readFileSync(scratch.path(`there/${file}`), 'utf8')).toBe(code);
    }
  });
});
