import { describe, expect, it } from 'vitest';
// Loaded here, so that loading is not part of the first test.
import '../../../src/cli/config.ts';
import { Scratch } from '../../support/drover.ts';

const FILES = { 'ansible.cfg': '[defaults]\nforks = 7\nroles_path = here\n' };

describe('drover config', () => {
  it('tells the value of each setting and where it comes from', async () => {
    using scratch = new Scratch(FILES);
    const options = { environment: { ANSIBLE_TIMEOUT: '3', DROVER_TIMEOUT: '4' } };
    const { stdout } = await scratch.drover(['config', 'dump', '--only-changed'], options);
    expect(stdout.replaceAll(scratch.folder, '.')).toBe(
      [
        'forks(./ansible.cfg:2:1) = 7',
        'roles_path(./ansible.cfg:3:1) = ["./here"]',
        'timeout(env: DROVER_TIMEOUT) = 4',
        '',
      ].join('\n'),
    );
    const all = await scratch.drover(['config', 'dump', '-f', 'json']);
    expect(JSON.parse(all.stdout)).toContainEqual({
      name: 'become',
      value: false,
      origin: 'default',
    });
  });

  it.each([
    'roles_path',
    'defaults.roles_path',
    'ANSIBLE_ROLES_PATH',
    'DROVER_ROLES_PATH',
    'DEFAULT_ROLES_PATH',
  ])('finds a setting by the name %s', async (name) => {
    using scratch = new Scratch(FILES);
    const { stdout } = await scratch.drover(['config', 'get', name, '-f', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'roles_path', value: [scratch.path('here')] });
  });

  it('guesses what was meant by an unknown name', async () => {
    using scratch = new Scratch();
    const { code, stderr } = await scratch.drover(['config', 'get', 'role_path']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('did you mean "roles_path"?')]);
  });

  it('describes every setting', async () => {
    using scratch = new Scratch();
    const { stdout } = await scratch.drover(['config', 'list']);
    expect(stdout).toContain(
      [
        'hash_behaviour (replace|merge)',
        '  Whether a later dict of the same name takes the place of an earlier one, or is merged into it.',
        '  default: replace',
        '  ansible.cfg: [defaults] hash_behaviour',
        '  environment: DROVER_HASH_BEHAVIOUR, ANSIBLE_HASH_BEHAVIOUR',
        '',
      ].join('\n'),
    );
    const entries: unknown = JSON.parse(
      (await scratch.drover(['config', 'list', '-f', 'json'])).stdout,
    );
    const undescribed = (entries as { description: string }[]).filter(
      ({ description }) => description === '',
    );
    expect(undescribed).toEqual([]);
  });
});
