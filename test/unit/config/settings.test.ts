import { describe, expect, test } from 'vitest';
import { loadSettings, type SettingsOptions } from '../../../src/config/settings.ts';
import { type MemoryOptions, memoryFiles } from '../../support/memoryFiles.ts';

function load(
  files: Record<string, string>,
  options: Partial<SettingsOptions> = {},
  more: MemoryOptions = {},
) {
  return loadSettings({
    env: {},
    cwd: '/w',
    home: '/home/u',
    ...options,
    files: memoryFiles(files, more),
  });
}

const CFG = `[defaults]
forks = 7
roles_path = roles:~/r:$BASE/x  ; where they are
inventory = hosts,more
host_key_checking = False
callback_whitelist = timer, profile_tasks
remote_user: "deploy"
nocows = 1
unheard_of = 1
[ssh_connection]
ssh_args = -o A=b
   -o C=d
`;

describe('loadSettings', () => {
  test('ansible.cfg, with paths beside the file', () => {
    const { settings, configFile, unknownKeys, errors } = load(
      { '/w/ansible.cfg': CFG },
      { env: { BASE: '/b' } },
    );
    expect(errors).toEqual([]);
    expect(configFile).toBe('/w/ansible.cfg');
    expect(settings.run.forks).toEqual({
      value: 7,
      origin: { kind: 'file', source: { file: '/w/ansible.cfg', line: 2, column: 1 } },
    });
    expect(settings.content.rolesPath.value).toEqual(['/w/roles', '/home/u/r', '/b/x']);
    expect(settings.content.inventory.value).toEqual(['/w/hosts', '/w/more']);
    expect(settings.connection.hostKeyChecking.value).toBe(false);
    expect(settings.output.callbacks.value).toEqual(['timer', 'profile_tasks']);
    expect(settings.connection.remoteUser.value).toBe('deploy');
    expect(settings.connection.sshArgs.value).toBe('-o A=b\n-o C=d');
    expect(unknownKeys.map(({ key }) => key)).toEqual(['unheard_of']);
  });

  test('flags over DROVER_ over ANSIBLE_ over drover.yml over ansible.cfg over defaults', () => {
    const files = {
      '/w/ansible.cfg': '[defaults]\nforks=1\ntimeout=1\nremote_user=cfg\nlog_path=l\n',
      '/w/drover.yml': 'forks: 2\ntimeout: 2\nremote_user: yml\n',
    };
    const env = { ANSIBLE_FORKS: '3', ANSIBLE_TIMEOUT: '3', DROVER_FORKS: '4' };
    const { settings } = load(files, { env, flags: { run: { forks: 5 } } });
    expect(settings.run.forks).toEqual({ value: 5, origin: { kind: 'flag', name: 'forks' } });
    expect(settings.connection.timeoutSeconds.origin).toEqual({
      kind: 'environment',
      name: 'ANSIBLE_TIMEOUT',
    });
    expect(settings.connection.remoteUser.value).toBe('yml');
    expect(settings.output.logPath.value).toBe('/w/l');
    expect(load(files, { env }).settings.run.forks.value).toBe(4);
    expect(load({}).settings.run.forks).toEqual({ value: 50, origin: { kind: 'default' } });
  });

  test('the order of files: ANSIBLE_CONFIG, here, home, /etc', () => {
    const files = {
      '/x/a.cfg': '[defaults]\nforks=1\n',
      '/w/ansible.cfg': '[defaults]\nforks=2\n',
      '/home/u/.ansible.cfg': '[defaults]\nforks=3\n',
      '/etc/ansible/ansible.cfg': '[defaults]\nforks=4\n',
    };
    const forks = (env: Record<string, string>, cwd: string, home: string) =>
      load(files, { env, cwd, home }).settings.run.forks.value;
    expect(forks({ ANSIBLE_CONFIG: '/x/a.cfg' }, '/w', '/home/u')).toBe(1);
    expect(forks({}, '/w', '/home/u')).toBe(2);
    expect(forks({}, '/y', '/home/u')).toBe(3);
    expect(forks({}, '/y', '/home/v')).toBe(4);
  });

  test('a directory where everybody may write is not trusted', () => {
    const { settings, warnings } = load(
      { '/w/ansible.cfg': '[defaults]\nforks=2\n' },
      {},
      { worldWritable: ['/w'] },
    );
    expect(settings.run.forks.value).toBe(50);
    expect(warnings.map(({ message }) => message)).toEqual([
      'ansible.cfg in /w is not read: everybody may write to that directory',
    ]);
  });

  test('wrong values and lines are told, and the default holds', () => {
    const { settings, errors } = load(
      {
        '/w/ansible.cfg': '[defaults]\ngathering = often\n',
        '/home/u/.drover.yml': 'forks: {a: 1}\n',
      },
      { env: { ANSIBLE_FORKS: 'many' } },
    );
    expect(errors.map(({ message }) => message)).toEqual([
      '"forks" must be a single value or a list of them, this is a mapping',
      'the environment variable ANSIBLE_FORKS must be a whole number, not "many"',
      '"gathering" must be one of implicit, explicit, smart, not "often"',
    ]);
    expect(settings.run.gathering.value).toBe('implicit');
    expect(load({ '/w/ansible.cfg': 'forks=1\n' }).errors.map(({ message }) => message)).toEqual([
      'a setting stands before any section',
    ]);
  });

  test('NO_COLOR counts with any value', () => {
    expect(load({}, { env: { NO_COLOR: 'x' } }).settings.output.noColor.value).toBe(true);
  });
});
