import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { becomeCommand, becomeProcess, type Escalation } from '../../../src/connection/become.ts';
import type {
  BecomeSettings,
  ExitStatus,
  RemoteProcess,
  Transport,
} from '../../../src/connection/transport.ts';
import { Secret } from '../../../src/core/secret.ts';

function escalation(settings: Partial<BecomeSettings> = {}): Escalation {
  return {
    settings: { method: 'sudo', user: 'root', ...settings },
    host: 'web1',
    shell: '/bin/sh',
    timeoutMs: 500,
  };
}

describe('becomeCommand', () => {
  const command = (settings: Partial<BecomeSettings>): string =>
    becomeCommand(escalation(settings), 'READY', 'PROMPT:').replace(/\/bin\/sh -c .*/s, 'SHELL');

  test.each<[string, Partial<BecomeSettings>, string]>([
    ['sudo never asks where no password is known', {}, 'sudo -H -n -u root -- SHELL'],
    [
      'sudo asks with our own prompt',
      { password: new Secret('x') },
      'sudo -H -S -p PROMPT: -u root -- SHELL',
    ],
    ['flags of the settings', { flags: ['-n', '-S', '-E'] }, 'sudo -E -n -u root -- SHELL'],
    ['users are quoted', { user: 'a b;id' }, "sudo -H -n -u 'a b;id' -- SHELL"],
    ['another executable', { executable: '/opt/bin/sudo' }, '/opt/bin/sudo -H -n -u root -- SHELL'],
    ['doas', { method: 'doas' }, 'doas -n -u root -- SHELL'],
  ])('%s', (_, settings, expected) => {
    expect(command(settings)).toBe(expected);
  });

  test('su takes the command as one word', () => {
    expect(becomeCommand(escalation({ method: 'su', user: 'www' }), 'READY', 'P:')).toMatch(
      /^su www -s \/bin\/sh -c '\/bin\/sh -c /,
    );
  });
});

/** A host's side of the conversation that a test plays. */
class Host implements RemoteProcess {
  readonly stdin = new PassThrough();
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly exit: Promise<ExitStatus>;
  received = '';
  end: (code: number) => void = () => undefined;

  constructor() {
    this.exit = new Promise((resolve) => {
      this.end = (code) => resolve({ code });
    });
    this.stdin.on('data', (chunk: Buffer) => {
      this.received += chunk.toString();
      this.onInput();
    });
  }

  onInput: () => void = () => undefined;
  kill(): void {}

  get ready(): string {
    return this.received.match(/printf %s ([0-9a-f]{32})/)?.[1] ?? '';
  }

  get prompt(): string {
    return this.received.match(/-p (drover-[0-9a-f]+:)/)?.[1] ?? '';
  }
}

const password = new Secret('pass word');

function escalate(host: Host, escalated: Escalation): Promise<RemoteProcess> {
  const transport: Pick<Transport, 'exec'> = { exec: async () => host };
  return becomeProcess(transport, escalated);
}

describe('becomeProcess', () => {
  test('answers the prompt once, and is done when the shell is there', async () => {
    const host = new Host();
    host.onInput = () => {
      if (host.received.endsWith('pass word\n')) host.stdout.write(host.ready);
      else host.stderr.write(`We trust you have received the usual lecture\n${host.prompt}`);
    };
    await escalate(host, escalation({ password }));
    expect(host.received.split('\n').slice(1)).toEqual(['pass word', '']);
  });

  test('is done without a prompt', async () => {
    const host = new Host();
    host.onInput = () => void host.stdout.write(`motd\n${host.ready}`);
    await escalate(host, escalation({ password }));
    expect(host.received).not.toContain('pass word');
  });

  test('a second prompt means the wrong password: failed at once', async () => {
    const host = new Host();
    host.onInput = () => void host.stderr.write(`Sorry, try again.\n${host.prompt}`);
    await expect(escalate(host, escalation({ password }))).rejects.toMatchObject({
      name: 'ModuleError',
      code: 'DROVER_BECOME_PASSWORD',
      message: 'sudo to root on web1 refused the password: Sorry, try again.\nSorry, try again.',
    });
  });

  test('when it is killed nobody refused anything: the host is lost, and may be asked again', async () => {
    const host = new Host();
    host.onInput = () => setImmediate(() => host.end(137));
    await expect(escalate(host, escalation({ password }))).rejects.toMatchObject({
      name: 'UnreachableError',
      code: 'DROVER_SESSION_LOST',
      message: 'sudo to root on web1 was killed (exit code 137) before its shell began',
    });
  });

  test.each<[string, Partial<BecomeSettings>, string, string]>([
    ['no password', {}, 'sudo: a password is required', 'DROVER_BECOME_PASSWORD_MISSING'],
    [
      'sudo-rs without password',
      {},
      'sudo: interactive authentication is required',
      'DROVER_BECOME_PASSWORD_MISSING',
    ],
    ['not allowed', { password }, 'joe is not in the sudoers file.', 'DROVER_BECOME_FAILED'],
    [
      'doas without password',
      { method: 'doas' },
      'doas: Authentication required',
      'DROVER_BECOME_PASSWORD_MISSING',
    ],
    ['no sudo', {}, '/bin/sh: 1: exec: sudo: not found', 'DROVER_BECOME_FAILED'],
  ])('says what the method printed: %s', async (_, settings, printed, code) => {
    const host = new Host();
    host.onInput = () => {
      host.stderr.write(`${printed}\n`);
      setImmediate(() => host.end(1));
    };
    await expect(escalate(host, escalation(settings))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(printed),
    });
  });

  test('su: a question in any language is answered, the method naming itself is not one', async () => {
    const host = new Host();
    host.onInput = () => {
      if (!host.received.endsWith('pass word\n')) return void host.stderr.write('Mot de passe : ');
      host.stderr.write('\nsu:');
      setTimeout(() => {
        host.stderr.write(' Authentication failure\n');
        setImmediate(() => host.end(1));
      }, 20);
    };
    await expect(escalate(host, escalation({ method: 'su', password }))).rejects.toMatchObject({
      code: 'DROVER_BECOME_PASSWORD',
      message: expect.stringContaining('Authentication failure'),
    });
  });

  test('a method that hangs is given up', async () => {
    const host = new Host();
    await expect(escalate(host, { ...escalation(), timeoutMs: 50 })).rejects.toMatchObject({
      code: 'DROVER_BECOME_TIMEOUT',
      message: 'sudo to root on web1 gave no shell within 0.05 s',
    });
  });
});
