/** The promises of the shell session; the suite that every shell passes which a host may have as `/bin/sh`. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { localTransport } from '../../src/connection/local.ts';
import { RUN_ARGUMENTS, WATCH_PAUSE } from '../../src/connection/session/sessionProgram.ts';
import { type SessionSettings, Sessions } from '../../src/connection/session/sessions.ts';
import { type SessionRequest, ShellSession } from '../../src/connection/session/shellSession.ts';
import type { Transport } from '../../src/connection/transport.ts';
import { ModuleError, UnreachableError } from '../../src/core/errors.ts';

const KINDS = ['probe', 'command', 'script'] as const;

/** @param path of the shell; the suite is skipped where it is not installed. */
export function shellSessionContract(name: string, path: string): void {
  describe.skipIf(!existsSync(path))(`shell session in ${name}`, () => {
    let transport: Transport;
    let sessions: Sessions;
    beforeAll(() => {
      transport = localTransport({ shell: '/bin/sh' });
      sessions = new Sessions(async () => transport, settings(path));
    });
    afterAll(async () => {
      sessions.close();
      await transport.close();
    });

    async function run(script: string, options: Partial<SessionRequest> = {}): Promise<object> {
      const { rc, stdout, stderr } = await sessions.run({ kind: 'script', script, ...options });
      return { rc, stdout: stdout.toString(), stderr: stderr.toString() };
    }

    const ok = (stdout: string): object => ({ rc: 0, stdout, stderr: '' });

    describe.each(KINDS)('%s', (kind) => {
      test('has arguments, environment, directory and exit code of its own', async () => {
        const script = 'printf "%s|" "$#" "$@" "$WORD"; pwd; echo oops >&2; exit 7';
        const args = ["it's", '', 'two\nlines', '$(id) `id` \\ "', '-n', 'ünï'];
        const options = { kind, args, env: { WORD: "a 'b' $c" }, cwd: '/usr' };
        expect(await run(script, options)).toEqual({
          rc: 7,
          stdout: `6|${args.join('|')}|a 'b' $c|/usr\n`,
          stderr: 'oops\n',
        });
      });

      test('cannot change directory, environment, umask, traps or options of the session', async () => {
        const change =
          'cd /; export LEAK=1; LEAK2=1; umask 0; trap "echo trapped" 0; set -f; set -- x';
        await run(change, { kind });
        const look =
          'echo "$LEAK|$LEAK2|$#"; [ "$(pwd)" = / ] && echo moved; umask | tail -c 3; echo /etc/host[n]ame';
        const expected = ok(`||0\n${octalUmask()}\n/etc/hostname\n`);
        expect(await run(look, { kind })).toEqual(expected);
      });

      test.each([
        ['exit', 'exit 5', 5],
        ['exec', 'exec sh -c "exit 6"', 6],
        ['a failure under set -e', 'set -e; false; true', 1],
        ['an unset variable under set -u', 'set -u; : "$NOPE_NOPE"; :', undefined],
        ['a syntax error', 'if then', undefined],
        ['an open quote', 'echo "', undefined],
        ['an open here-document', 'cat <<END\nx', undefined],
        ['closing its own streams', 'exec >&- 2>&- <&-; exit 4', 4],
      ])('survives %s', async (_, script, rc) => {
        const result = await sessions.run({ kind, script });
        if (rc !== undefined) expect(result.rc).toBe(rc);
        expect(await run('echo fine', { kind })).toEqual(ok('fine\n'));
      });

      test('keeps binary output of both streams apart and unchanged', async () => {
        const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
        const script = 'dd bs=1 count=256 2>/dev/null; cat >&2';
        const result = await sessions.run({ kind, script, stdin: Buffer.concat([bytes, bytes]) });
        expect(result).toEqual({ rc: 0, stdout: bytes, stderr: bytes });
      });

      test('carries megabytes both ways', async () => {
        const bytes = Buffer.alloc(5_000_003, 'megabytes\0\n\xff', 'latin1');
        const { stdout } = await sessions.run({ kind, script: 'cat', stdin: bytes });
        expect(stdout.equals(bytes)).toBe(true);
      });

      test.each([10, 5_000, 300_000])('drops %i bytes of stdin that nobody read', async (size) => {
        await run('exit 0', { kind, stdin: 'exit 1\n'.repeat(size / 5) });
        expect(await run('head -c 3', { kind, stdin: 'abcdef' })).toEqual(ok('abc'));
        expect(await run('cat; echo end', { kind })).toEqual(ok('end\n'));
      });

      test('takes scripts and arguments of any length', async () => {
        const long = 'x'.repeat(100_000);
        const script = `: '${long}'\nprintf %s "$1" "$2" | wc -c`;
        const { stdout } = await sessions.run({ kind, script, args: [long, long] });
        expect(Number(stdout)).toBe(200_000);
      });

      test('takes arguments of all characters', async () => {
        const two = Array.from({ length: 0x7ff }, (_, n) => String.fromCharCode(n + 1)).join('');
        const args = [two, `-n ${two}\n\n`, '\u20ac\uffff\u{1f600}\u{10ffff}', '\r\n', '\\', ''];
        const script = 'for word do printf "%s|" "$word"; done';
        expect(await run(script, { kind, args })).toEqual(ok(`${args.join('|')}|`));
      });

      test('is not fooled by output that looks like the end of a frame', async () => {
        const forged = `${'0'.repeat(32)} 0\n`;
        expect(await run('printf %s "$1"; exit 2', { kind, args: [forged] })).toEqual({
          rc: 2,
          stdout: forged,
          stderr: '',
        });
      });
    });

    test('never shows the nonce, the script, its arguments or environment in a process list', async () => {
      const secret = `s3cret${Math.random()}`;
      const look =
        'tr "\\0" " " </proc/*/cmdline 2>/dev/null; for f in /proc/[0-9]*/cmdline; do tr "\\0" " " <"$f"; done 2>/dev/null';
      const { stdout } = await sessions.run({
        kind: 'script',
        script: `: ${secret}; ${look}`,
        args: [secret],
        env: { PASSWORD: secret },
        stdin: secret,
      });
      expect(stdout.toString()).not.toContain(secret);
    });

    test.each(['command', 'script'] as const)(
      'runs a %s as its own process group, with the signals of a fresh login',
      async (kind) => {
        // Busybox becomes the last program of a `-c` text with signals that it ignores itself.
        const look = 'cat /proc/$$/stat; grep SigIgn /proc/self/status; :';
        const [script, args] = kind === 'command' ? asCommand(look) : [look, []];
        const { stdout } = await sessions.run({ kind, script, args });
        const [stat = '', ignored = ''] = stdout.toString().trim().split('\n');
        const [pid, , , , group] = stat.split(' ');
        expect(group).toBe(pid);
        expect(BigInt(`0x${ignored.split(/\s+/)[1]}`) & 0b110n).toBe(0n);
      },
    );

    test('hands the name of a program and all bytes of its errors on', async () => {
      const errors = Buffer.from(Array.from({ length: 600 }, (_, n) => (n % 255) + 1));
      const [script, args] = asCommand('cat >&2; exit 9');
      const result = await sessions.run({ kind: 'command', script, args, stdin: errors });
      expect(result).toEqual({ rc: 9, stdout: Buffer.alloc(0), stderr: errors });
      for (const text of ['one line\n', 'no end', '\n', '  blank \\n first\nand\nmore']) {
        const said = await run(script, { kind: 'command', args, stdin: text });
        expect(said).toEqual({ rc: 9, stdout: '', stderr: text });
      }
    });

    test('keeps scripts, and what differs stands before and behind them', async () => {
      const script = 'say() { printf "%s," "$@"; }';
      for (const n of ['1', '2', '3']) {
        const request = { kind: 'probe', args: [n], calls: `say $1 ${n}0` } as const;
        expect(await run(script, request)).toEqual(ok(`${n},${n}0,`));
      }
      const long = `${script}\n: '${'x'.repeat(5_000)}'`;
      for (const kind of KINDS) {
        expect(await run(long, { kind, calls: 'say last' })).toEqual(ok('last,'));
      }
    });

    test('reports a session that was killed as unreachable, and opens another for the next request', async () => {
      // The parent of a probe's subshell is the session's shell.
      const script = 'kill -9 $$';
      await expect(run(script, { kind: 'probe' })).rejects.toBeInstanceOf(UnreachableError);
      expect(await run('echo again')).toEqual(ok('again\n'));
    });

    test('runs requests that come at once side by side, and more than four in turn', async () => {
      const results = await Promise.all(
        Array.from({ length: 10 }, (_, n) => run(`sleep 0.0${n}; echo ${n}`)),
      );
      expect(results).toEqual(Array.from({ length: 10 }, (_, n) => ok(`${n}\n`)));
    });

    test('hands output on as it comes, and waits for a slow reader', async () => {
      let bytes = 0;
      const result = await sessions.run({
        kind: 'script',
        script: 'head -c 3000000 /dev/zero',
        async onStdout(chunk) {
          bytes += chunk.length;
          await delay(1);
        },
      });
      expect({ bytes, stdout: result.stdout.length }).toEqual({ bytes: 3_000_000, stdout: 0 });
    });

    describe('what hands output on', () => {
      let session: ShellSession;
      beforeEach(async () => {
        const interrupt = (): Promise<void> => Promise.reject(new Error('nothing interrupts it'));
        session = await ShellSession.open(transport, { ...settings(path), interrupt });
      });
      afterEach(() => session.close());

      async function both(request: SessionRequest): Promise<object> {
        const { rc, stdout, stderr } = await session.run(request);
        return { rc, stdout: stdout.toString(), stderr: stderr.toString() };
      }

      async function sessionPid(): Promise<number> {
        const { stdout } = await session.run({ kind: 'probe', script: 'echo "$$"' });
        return Number(stdout);
      }

      test('outlives requests, where a shell can do that', async () => {
        await both({ kind: 'script', script: 'echo first' });
        const first = pumps(await sessionPid());
        // mksh keeps here-documents in files.
        expect(first).toHaveLength(path.endsWith('/mksh') ? 0 : 2);
        for (const kind of KINDS) await both({ kind, script: 'echo more' });
        expect(pumps(await sessionPid())).toEqual(first);
      });

      test('keeps requests apart however many they are', async () => {
        for (let n = 0; n < 80; n += 1) {
          const [script, args] = asCommand(`echo ${n}; echo ${-n} >&2; exit ${n}`);
          const kind = n % 3 === 0 ? 'script' : 'command';
          const expected = { rc: n, stdout: `${n}\n`, stderr: `${-n}\n` };
          expect(await both({ kind, script, args })).toEqual(expected);
        }
      });

      test('is replaced when it was killed between two requests', async () => {
        await both({ kind: 'script', script: 'echo first' });
        endPumps(await sessionPid());
        const second = await both({ kind: 'script', script: 'echo second; echo oops >&2' });
        // bash tells there what was killed, before or behind it.
        const stderr = expect.stringContaining('oops\n');
        expect(second).toEqual({ rc: 0, stdout: 'second\n', stderr });
      });

      test('takes the session along when it is killed under a request', async () => {
        const pid = await sessionPid();
        const script = 'echo begun; while echo more; do sleep 0.05; done';
        const onStdout = (): void => endPumps(pid);
        const pending = session.run({ kind: 'script', script, onStdout });
        await expect(pending).rejects.toBeInstanceOf(UnreachableError);
        expect(session.isOpen).toBe(false);
      });
    });
  });
}

/** How requests are ended, and what they leave behind: the same in all shells, and slow to wait for. */
export function sessionProcessesContract(name: string, path: string): void {
  describe.skipIf(!existsSync(path))(`processes of a session in ${name}`, () => {
    let transport: Transport;
    let sessions: Sessions;
    beforeAll(() => {
      transport = localTransport({ shell: '/bin/sh' });
      sessions = new Sessions(async () => transport, settings(path));
    });
    afterAll(async () => {
      sessions.close();
      await transport.close();
    });

    async function run(script: string, options: Partial<SessionRequest> = {}): Promise<object> {
      const { rc, stdout, stderr } = await sessions.run({ kind: 'script', script, ...options });
      return { rc, stdout: stdout.toString(), stderr: stderr.toString() };
    }

    const ok = (stdout: string): object => ({ rc: 0, stdout, stderr: '' });

    describe.each(KINDS)('%s', (kind) => {
      test('is ended by its time, with everything that it started', async () => {
        const marker = `3${Math.floor(Math.random() * 1e6)}`;
        const script = `sleep ${marker} & (sleep ${marker}.5) & echo begun; sleep ${marker}`;
        const [text, args] = kind === 'command' ? asCommand(script) : [script, []];
        const started = performance.now();
        await expect(run(text, { kind, args, timeoutMs: 300 })).rejects.toMatchObject({
          code: 'DROVER_TIMEOUT',
        });
        expect(performance.now() - started).toBeLessThan(8_000);
        expect(sleepers(marker)).toEqual([]);
        expect(await run('echo next', { kind })).toEqual(ok('next\n'));
      });
    });

    // Beside each other: each waits for some seconds.
    test.concurrent.each([
      ['script', 'echo late; echo late >&2; sleep 0.3; echo later'],
      ['command', 'echo late; echo late >&2; sleep 0.3; echo later >&2'],
      ['command', 'printf late >&2'],
      ['command', ':'],
    ] as const)(
      'does not wait for what a %s leaves running, nor mixes its output into later requests: %s',
      async (kind, late) => {
        const started = performance.now();
        const leave = `(sleep 2; ${late}) & echo now; echo then >&2`;
        const [script, args] = kind === 'command' ? asCommand(leave) : [leave, []];
        const now = { rc: 0, stdout: 'now\n', stderr: 'then\n' };
        expect(await run(script, { kind, args })).toEqual(now);
        expect(performance.now() - started).toBeLessThan(1_900);
        const [mine, words] = asCommand('sleep "$1"; echo mine');
        for (const wait of ['0.05', '2.1', '0.4']) {
          const request = { kind: 'command', args: [...words, 'sh', wait] } as const;
          expect(await run(mine, request)).toEqual(ok('mine\n'));
          expect(await run(`echo probe`, { kind: 'probe' })).toEqual(ok('probe\n'));
        }
      },
    );

    test('is still watched over when a probe was ended', async () => {
      const slow = run('sleep 30', { kind: 'probe', timeoutMs: 200 });
      await expect(slow).rejects.toMatchObject({ code: 'DROVER_TIMEOUT' });
      const { stdout } = await sessions.run({ kind: 'script', script: 'echo "$PPID"' });
      expect(descendants(Number(stdout)).map(({ args }) => args)).toContain(WATCH_PAUSE);
      expect(await run('echo next')).toEqual(ok('next\n'));
    });

    test('leaves a background process of an earlier request alone when a later one is ended', async () => {
      const marker = `4${Math.floor(Math.random() * 1e6)}`;
      await run(`sleep ${marker} >/dev/null 2>&1 &`);
      await expect(run('sleep 30', { timeoutMs: 200 })).rejects.toBeInstanceOf(ModuleError);
      const left = sleepers(marker);
      expect(left).toHaveLength(1);
      for (const pid of left) process.kill(pid);
    });

    test('is cancelled by its signal', async () => {
      const abort = new AbortController();
      const pending = run('sleep 30', { signal: abort.signal });
      await delay(100);
      abort.abort();
      await expect(pending).rejects.toMatchObject({ code: 'DROVER_CANCELLED' });
      await expect(run(':', { signal: abort.signal })).rejects.toMatchObject({
        code: 'DROVER_CANCELLED',
      });
    });

    test('lets a script tidy up when it is cancelled', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'drover-tidy-'));
      const script = `trap 'rm -f -- "$file"' EXIT; file=$1/left; : >"$file"; sleep 30`;
      const pending = run(script, { args: [directory], timeoutMs: 300 });
      await expect(pending).rejects.toMatchObject({ code: 'DROVER_TIMEOUT' });
      await expect.poll(() => readdirSync(directory)).toEqual([]);
      rmSync(directory, { recursive: true });
    });

    test('lets a script tidy up when nobody reads its output any more', async () => {
      const directory = mkdtempSync(join(tmpdir(), 'drover-tidy-'));
      const script = `trap 'rm -f -- "$1/left" "$1/pipe"' EXIT
mkfifo "$1/pipe"; : >"$1/left"
: <"$1/pipe" & exec >"$1/pipe"
wait; printf 'into nowhere\n'; sleep 30`;
      expect(await run(script, { args: [directory] })).toMatchObject({ rc: 141 });
      expect(readdirSync(directory)).toEqual([]);
      rmSync(directory, { recursive: true });
    });

    test('ends processes that ignore TERM', async () => {
      const script = 'trap "" TERM; sleep 30; sleep 30';
      await expect(run(script, { timeoutMs: 200 })).rejects.toMatchObject({
        code: 'DROVER_TIMEOUT',
      });
      expect(await run('echo next')).toEqual(ok('next\n'));
    }, 15_000);
  });
}

function settings(shell: string): SessionSettings {
  return { host: 'web1', shell, startTimeoutMs: 10_000 };
}

/** `script` as a request of the kind `command`: its text and arguments. */
function asCommand(script: string): [string, string[]] {
  return [RUN_ARGUMENTS, ['sh', '-c', script]];
}

function octalUmask(): string {
  return process.umask().toString(8).padStart(2, '0').slice(-2);
}

/** Living `sleep` processes with that argument. */
function sleepers(argument: string): number[] {
  return living()
    .filter(({ args }) => args.includes(`sleep ${argument}`))
    .map(({ pid }) => pid);
}

/** The processes that hand the output of a session's requests on. */
function pumps(sessionPid: number): number[] {
  const below = descendants(sessionPid).filter(({ args }) => /\bcat\b/.test(args));
  return below.map(({ pid }) => pid);
}

function endPumps(sessionPid: number): void {
  for (const pid of pumps(sessionPid)) process.kill(pid, 'SIGKILL');
}

interface Listed {
  readonly pid: number;
  readonly parent: number;
  readonly args: string;
}

function descendants(ancestor: number, processes = living()): Listed[] {
  const direct = processes.filter(({ parent }) => parent === ancestor);
  return [...direct, ...direct.flatMap(({ pid }) => descendants(pid, processes))];
}

/** All processes but the dead. */
function living(): Listed[] {
  const listing = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  return [...listing.matchAll(/^ *(\d+) +(\d+) +([^Z]\S*) +(.*)$/gm)].map(
    ([, pid, parent, , args = '']) => ({ pid: Number(pid), parent: Number(parent), args }),
  );
}
