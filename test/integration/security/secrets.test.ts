/**
 * Canaries: a secret from each source goes through tasks that print, fail, loop and show diffs, and must come out nowhere.
 * They are looked for by their first letters, plain, in hex and in base64 at any place, so that no spelling hides them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCli } from '../../support/cli.ts';
import { Scratch } from '../../support/drover.ts';
import { hasSshd, type SshServer, startSshServer } from '../../support/sshServer.ts';
import { argvRecorder } from './argvRecorder.ts';

const SOURCES = [
  'vaulted',
  'vaultfile',
  'vaultcopy',
  'extra',
  'prompted',
  'become',
  'login',
  'argument',
  'nolog',
] as const;
type Source = (typeof SOURCES)[number];

/** With a character for every kind of quoting. */
const canary = (source: Source): string => `cnry-${source}-'"$&+/% <é>`;

const VAULT_PASSWORD = 'open sesame';

const OUTPUT_TASKS = `
    - debug: {msg: "{{ secrets }}"}
      loop: [1, 2]
    - debug: {var: item}
      loop: "{{ secrets }}"
      loop_control: {label: "item {{ item }}"}
    - debug: {msg: "{{ item | b64encode }} {{ ('u:' ~ item) | b64encode }} {{ item | urlencode }} {{ item | quote }} {{ item | to_json }} {{ [item] | to_nice_yaml }}"}
      loop: "{{ secrets }}"
    - name: "named {{ vaulted }}"
      command: {argv: ["printf", "%s", "{{ secrets | join(' ') }}"]}
    - shell: cat; exit 3
      args: {stdin: "{{ secrets | join('\\n') }}"}
      ignore_errors: true
    - shell: echo "$WORD" >&2; false
      environment: {WORD: "{{ secrets | to_json }}"}
      ignore_errors: true
    - copy: {content: "{{ secrets | join('\\n') }}", dest: "{{ there }}/plain"}
    - copy: {src: secret.txt, dest: "{{ there }}/copied"}
    - template: {src: page.j2, dest: "{{ there }}/page"}
    - lineinfile: {path: "{{ there }}/page", line: "new {{ vaulted }}"}
    - blockinfile: {path: "{{ there }}/page", block: "{{ secrets | join('\\n') }}"}
    - slurp: {src: "{{ there }}/copied"}
    - set_fact: {learned: "{{ secrets }}", login_password: "{{ from_host | default('cnry-argument') }}"}
    - fail: {msg: "no {{ secrets }}"}
      ignore_errors: true
    - assert: {that: "vaulted == 'other'", fail_msg: "{{ vaulted }}"}
      ignore_errors: true
    - debug: {msg: "{{ item | from_json }} {{ item.nothing }} {{ item | int(base=99) }}"}
      ignore_errors: true
      loop: "{{ secrets }}"
    - file: {path: "{{ there }}/{{ vaulted }}", state: "{{ vaulted }}"}
      ignore_errors: true
    - stat: {path: "{{ there }}", unknown: "{{ vaulted }}"}
      ignore_errors: true
    - command: "true"
      register: tried
      until: tried.rc == vaulted
      retries: 1
      delay: 0
      ignore_errors: true
      vars: {shown: "{{ secrets }}"}
    - include_vars: more.yml
    - debug: {var: in_more}
    - uri: {url: "http://127.0.0.1:9/", url_username: ops, url_password: "{{ argument }}"}
      ignore_errors: true
    - get_url: {url: "http://ops:{{ argument | urlencode }}@127.0.0.1:9/", dest: "{{ there }}/got"}
      ignore_errors: true
    - command: {argv: ["echo", "{{ argument }}"]}
    - docker_login: {registry: "127.0.0.1:9", username: ops, password: "{{ login }}", docker_host: "tcp://127.0.0.1:9"}
      ignore_errors: true
    - docker_container: {name: x, image: y, env: {DB_PASSWORD: "{{ login }}"}, docker_host: "tcp://127.0.0.1:9"}
      ignore_errors: true
    - debug: {msg: "{{ login }}"}
    - command: {argv: ["id"]}
      become: true
      ignore_errors: true
      ignore_unreachable: true
    - debug: {msg: "{{ ansible_become_password }}"}
    - name: silent
      no_log: true
      block:
        - debug: {msg: "{{ nolog }}"}
        - debug: {msg: "{{ item }}"}
          loop: ["{{ nolog }}"]
          loop_control: {label: "{{ item }}"}
        - copy: {content: "{{ nolog }}", dest: "{{ there }}/silent"}
        - command: {argv: ["sh", "-c", "echo \\"$1\\"; exit 4", "sh", "{{ nolog }}"]}
          register: silent
          until: silent.rc == 0
          retries: 1
          delay: 0
          ignore_errors: true
        - fail: {msg: "{{ nolog }}"}
          ignore_errors: true
        - debug: {msg: "{{ nolog.nothing }}"}
          ignore_errors: true
        - debug: {msg: x}
          loop: "{{ nolog | from_json }}"
          ignore_errors: true
        - stat: {path: /, nothing: "{{ nolog }}"}
          ignore_errors: true
        - file: {path: /, state: "{{ nolog }}"}
          ignore_errors: true
        - command: {argv: ["echo", "{{ nolog }}"]}
          async: 20
          poll: 1
`;

/** Where nothing that the user asked for puts a secret into a command line or an environment. */
const UNSEEN_TASKS = `
    - command: {argv: ["true"]}
      become: true
    - shell: cat >/dev/null; sleep 1
      args: {stdin: "{{ vaulted }}"}
    - copy: {content: "{{ secrets | join('\\n') }}", dest: "{{ there }}/quiet"}
    - copy: {content: "{{ vaulted }}", dest: "{{ there }}/checked", validate: "test -s %s", backup: true}
    - template: {src: page.j2, dest: "{{ there }}/page2", mode: "0600"}
    - lineinfile: {path: "{{ there }}/page2", line: "new {{ vaulted }}"}
    - replace: {path: "{{ there }}/page2", regexp: "^new .*", replace: "{{ extra }}"}
    - blockinfile: {path: "{{ there }}/page2", block: "{{ vaulted }}"}
    - ini_file: {path: "{{ there }}/ini", section: db, option: password, value: "{{ vaulted }}"}
    - htpasswd: {path: "{{ there }}/passwords", name: ops, password: "{{ argument }}"}
    - openssl_privatekey: {path: "{{ there }}/key", type: ECC, curve: secp256r1, passphrase: "{{ argument }}", cipher: auto}
    - openssl_csr: {path: "{{ there }}/csr", privatekey_path: "{{ there }}/key", privatekey_passphrase: "{{ argument }}", common_name: x}
    - openssh_keypair: {path: "{{ there }}/id", type: ed25519, passphrase: "{{ argument }}"}
    - openssh_keypair: {path: "{{ there }}/id", type: ed25519, passphrase: "{{ argument }}", comment: other}
`;

/** Where drover puts none into a command line, but for that of the shell which a task's own text asks for. */
const QUIET_TASKS = `${UNSEEN_TASKS}
    - shell: "true # {{ vaulted }}"
    - shell: cat; test -n "$WORD"
      args: {stdin: "{{ vaulted }}"}
      environment: {WORD: "{{ vaulted }}"}
`;

const PROMPTED = `
  vars_prompt:
    - {name: prompted, prompt: Word, private: true}`;

/** @param head what is asked first; without it the word is that of \`-e\` */
function playbook(tasks: string, head = PROMPTED): string {
  return `- hosts: all
  gather_facts: false${head}
  vars:
    secrets: ["{{ vaulted }}", "{{ in_file.deep[0] }}", "{{ extra }}", "{{ prompted }}"]
  tasks:${tasks}`;
}

/** Asks as it is told to with -p, says what it heard, and starts the shell behind \`--\`. */
const TALKATIVE_SUDO = `#!/bin/bash
while [ "$1" != -- ]; do [ "$1" = -p ] && prompt=$2; shift; done
printf %s "$prompt" >&2
IFS= read -r answer
echo "the answer was $answer" >&2
[ "$MOOD" = bad ] && exit 1
shift; exec "$@"
`;

if (!hasSshd) process.stderr.write('no sshd here: canaries are not tested\n');

describe.skipIf(!hasSshd)('canaries', () => {
  const scratch = new Scratch();
  const recorder = argvRecorder(scratch.path('shims'));
  let server: SshServer;

  beforeAll(async () => {
    server = await startSshServer(`SetEnv PATH=${recorder.path}`);
    await writeProject();
  });

  afterAll(async () => {
    await server.stop();
    scratch[Symbol.dispose]();
  });

  async function writeProject(): Promise<void> {
    scratch.write('vault-password', VAULT_PASSWORD);
    for (const name of ['loud', 'quiet']) {
      scratch.write(`${name}.yml`, playbook(name === 'loud' ? OUTPUT_TASKS : QUIET_TASKS));
    }
    scratch.write('unseen.yml', playbook(UNSEEN_TASKS, ''));
    const given = { extra: canary('extra'), extra_password: canary('extra'), prompted: '' };
    scratch.write('extra.json', JSON.stringify(given));
    scratch.write('sudo', TALKATIVE_SUDO);
    scratch.write('angry-sudo', TALKATIVE_SUDO.replace('"$MOOD" = bad', 'yes'));
    scratch.write(
      'templates/page.j2',
      '{{ secrets | join("\\n") }}\n{{ in_more | default("") }}\n',
    );
    scratch.write('files/secret.txt', `${canary('vaultcopy')}\nmore of ${canary('vaultcopy')}\n`);
    scratch.write('vars/more.yml', `in_more: ${JSON.stringify(`x ${canary('vaultfile')} x`)}\n`);
    scratch.write(
      'group_vars/all/secret.yml',
      `in_file: {deep: [${JSON.stringify(canary('vaultfile'))}]}\n`,
    );
    for (const file of ['files/secret.txt', 'vars/more.yml', 'group_vars/all/secret.yml']) {
      await done(['vault', 'encrypt', '--vault-password-file', 'vault-password', file]);
    }
    const { stdout } = await done(
      [
        'vault',
        'encrypt_string',
        '--vault-password-file',
        'vault-password',
        '--stdin-name',
        'vaulted',
      ],
      canary('vaulted'),
    );
    scratch.write('group_vars/all/inline.yml', stdout);
    scratch.write('hosts.yml', inventory());
  }

  async function done(argv: readonly string[], stdin = ''): Promise<{ stdout: string }> {
    const run = await scratch.drover(argv, { stdin });
    expect(run.code, run.stderr).toBe(0);
    return run;
  }

  function inventory(): string {
    const vars = {
      ansible_host: '127.0.0.1',
      ansible_port: server.port,
      ansible_user: userInfo().username,
      ansible_ssh_private_key_file: server.keyFile,
      ansible_ssh_common_args: `-F none -o UserKnownHostsFile=${server.knownHostsFile}`,
      ansible_become_password: canary('become'),
      ansible_become_exe: scratch.path('sudo'),
      there: scratch.path('there'),
      argument: canary('argument'),
      login: canary('login'),
      nolog: canary('nolog'),
    };
    return JSON.stringify({ all: { hosts: { web1: vars } } });
  }

  function run(playbookFile: string, ...more: string[]) {
    const extra = JSON.stringify({ extra: canary('extra'), extra_password: canary('extra') });
    const argv = ['run', '-i', 'hosts.yml', '--vault-password-file', 'vault-password'];
    return scratch.drover([...argv, '-e', extra, ...more, playbookFile], {
      answers: [canary('prompted')],
    });
  }

  const VERBOSITIES = ['', '-v', '-vvvv'];
  describe.each(['text', 'jsonl'])('%s output', (format) => {
    it.each(VERBOSITIES)('holds none of them with --diff %s', async (verbosity) => {
      scratch.write('there/.keep', '');
      const flags = ['--diff', '--output', format, ...(verbosity === '' ? [] : [verbosity])];
      const { stdout, stderr } = await run('loud.yml', ...flags);
      expect(stdout, stderr).toMatch(
        format === 'text' ? /ok=\d\d +changed=\d+ +unreachable=0 +failed=0/ : /"type":"recap"/,
      );
      expect(leaksIn(stdout)).toEqual([]);
      expect(leaksIn(stderr)).toEqual([]);
    });

    it('holds none of them when the password is refused', async () => {
      const flags = [
        '--output',
        format,
        '-vvvv',
        '-e',
        `ansible_become_exe=${scratch.path('angry-sudo')}`,
      ];
      const { stdout, stderr } = await run('quiet.yml', ...flags);
      expect(stdout).toContain('the answer was [hidden]');
      expect(leaksIn(stdout + stderr)).toEqual([]);
    });
  });

  it('are in no command line on the host', async () => {
    scratch.write('there/.keep', '');
    recorder.forget();
    const { code, stdout, stderr } = await run('quiet.yml', '-v');
    expect(code, stdout + stderr).toBe(0);
    const commands = recorder.recorded();
    expect(commands).toMatch(/openssl .*passin/);
    expect(commands).toMatch(/ssh-keygen /);
    expect(leaksIn(commands)).toEqual([]);
    expect(readFileSync(scratch.path('there/quiet'), 'utf8')).toContain(canary('vaulted'));
  });

  it('are in no command line and no environment of any process, here and on the host', async () => {
    scratch.write('there/.keep', '');
    recorder.forget();
    const vault = ['--vault-password-file', 'vault-password'];
    const argv = ['run', '-i', 'hosts.yml', ...vault, '-e', '@extra.json', '-v', 'unseen.yml'];
    const { ended } = startCli(argv, scratch.folder);
    const seen = await processesUntil(ended);
    const { code, stdout, stderr } = await ended;
    expect(code, stdout + stderr).toBe(0);
    expect(seen).toContain('unseen.yml');
    expect(leaksIn(seen)).toEqual([]);
    expect(recorder.recorded()).toMatch(/ssh-keygen /);
    expect(leaksIn(recorder.recorded())).toEqual([]);
    expect(leaksIn(recorder.environments())).toEqual([]);
  });

  it('are in no file that a run leaves here: the log, the facts cache, results of exec', async () => {
    scratch.write('there/.keep', '');
    const environment = {
      ANSIBLE_LOG_PATH: scratch.path('left/log'),
      ANSIBLE_CACHE_PLUGIN: 'jsonfile',
      ANSIBLE_CACHE_PLUGIN_CONNECTION: scratch.path('left/facts'),
    };
    scratch.write('left/.keep', '');
    const vault = ['--vault-password-file', 'vault-password', '-i', 'hosts.yml', '-vvv'];
    const given = { extra: canary('extra'), extra_password: canary('extra') };
    const extra = ['-e', JSON.stringify(given), '--diff'];
    const answers = [canary('prompted')];
    const run = (...argv: string[]) => scratch.drover(argv, { environment, answers });
    const loud = await run('run', ...vault, ...extra, 'loud.yml');
    expect(loud.code, loud.stderr).toBe(0);
    await run('exec', ...vault, '-m', 'setup', 'all');
    const tree = ['--tree', scratch.path('left/tree')];
    await run('exec', ...vault, ...tree, '-m', 'debug', '-a', 'msg={{ vaulted }}', 'all');
    const files = readdirSync(scratch.path('left'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const names = files.map((file) => file.slice(scratch.path('left/').length)).sort();
    expect(names).toEqual(['.keep', 'facts/web1', 'log', 'tree/web1']);
    for (const file of files) expect(leaksIn(readFileSync(file, 'utf8'))).toEqual([]);
    expect(readFileSync(scratch.path('left/log'), 'utf8')).toContain('[hidden]');
  });
});

/** Command lines and environments of all processes of this machine, those of short ones as far as they are met. */
async function processesUntil(end: Promise<unknown>): Promise<string> {
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  end.then(over, over);
  const seen = new Set<string>();
  while (!isOver) {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      for (const part of ['cmdline', 'environ']) seen.add(textOf(`/proc/${pid}/${part}`));
    }
    await delay(20);
  }
  return [...seen].join('\n').replaceAll('\0', '\n');
}

/** Nothing, of a process that is gone or somebody else's. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** The lines of `text` in which a canary is, by any of its first letters' spellings. */
function leaksIn(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line) =>
      SOURCES.filter((source) =>
        spellings(`cnry-${source}`).some((each) => line.includes(each)),
      ).map((source) => `${source}: ${line.slice(0, 400)}`),
    );
}

function spellings(word: string): string[] {
  const inner = [0, 1, 2].map((shift) => {
    const digits = Buffer.concat([Buffer.alloc(shift), Buffer.from(word)]).toString('base64');
    return digits.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + word.length) * 8) / 6));
  });
  return [word, Buffer.from(word).toString('hex'), ...inner];
}
