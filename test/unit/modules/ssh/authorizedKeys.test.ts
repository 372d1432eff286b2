import { describe, expect, it } from 'vitest';
import { authorizedKey, planKeys } from '../../../../src/modules/ssh/authorizedKey.ts';
import { publicKeyLine, wantedKeys } from '../../../../src/modules/ssh/authorizedKeys.ts';
import { paramsOf } from '../driver.ts';

type Args = Readonly<Record<string, unknown>>;
type Params = Parameters<typeof planKeys>[0];

const ACCOUNT = {
  name: 'deploy',
  uid: 1000,
  gid: 1000,
  comment: '',
  home: '/home/deploy',
  shell: '/bin/sh',
};
const PATH = '/home/deploy/.ssh/authorized_keys';
const A = 'ssh-ed25519 AAAA a@x';
const B = 'ssh-rsa BBBB b@x';

function planned(args: Args, text: string): string {
  const params = paramsOf(authorizedKey, { user: 'deploy', ...args }) as Params;
  const [change] = planKeys(params, { account: ACCOUNT, path: PATH, text }, params.key, false);
  return change === undefined ? text : change.operation.text;
}

describe('the plan of authorized_key', () => {
  it.each<readonly [string, Args, string, string]>([
    ['adds a key', { key: A }, '', `${A}\n`],
    ['adds several keys', { key: `# mine\n${A}\n\n${B}\n` }, '# top\n', `# top\n${A}\n${B}\n`],
    ['leaves a key alone', { key: A }, `${B}\n${A}\n`, `${B}\n${A}\n`],
    ['leaves a key without end of line alone', { key: A }, A, A],
    [
      'changes a comment',
      { key: A, comment: 'new' },
      `${A}\n${B}\n`,
      `${B}\n${A.replace('a@x', 'new')}\n`,
    ],
    ['changes options', { key: A, key_options: 'no-pty' }, `${A}\n`, `no-pty ${A}\n`],
    ['knows options in another order', { key: A, key_options: 'b,a' }, `a,b ${A}\n`, `a,b ${A}\n`],
    ['takes options away', { key: A }, `no-pty ${A}\n`, `${A}\n`],
    [
      'removes a key, whatever its options',
      { key: A, state: 'absent' },
      `no-pty ${A}\n${B}\n`,
      `${B}\n`,
    ],
    ['has nothing to remove', { key: A, state: 'absent' }, `${B}\n`, `${B}\n`],
    ['removes all others', { key: A, exclusive: true }, `# x\n${B}\n${A}\n`, `${A}\n`],
    [
      'keeps what is exclusive',
      { key: `${A}\n${B}`, exclusive: true },
      `${B}\n${A}\n`,
      `${B}\n${A}\n`,
    ],
  ])('%s', (_name, args, before, wanted) => {
    expect(planned(args, before)).toBe(wanted);
    expect(planned(args, wanted)).toBe(wanted);
  });

  it('refuses an unknown user, unless an earlier task of a dry run makes it', () => {
    const params = paramsOf(authorizedKey, { user: 'new', key: A }) as Params;
    const state = { account: undefined, path: '/.ssh/authorized_keys', text: '' };
    expect(() => planKeys(params, state, A, false)).toThrow('there is no user "new" on this host');
    expect(planKeys(params, state, A, true)).toMatchObject([{ what: '~new/.ssh/authorized_keys' }]);
  });
});

describe('public keys', () => {
  it.each([
    [A, { options: [], type: 'ssh-ed25519', body: 'AAAA', comment: 'a@x' }],
    [
      'from="10.0.0.0/8,::1",command="echo \\"a, b\\"",no-pty ecdsa-sha2-nistp256 CC== some one',
      {
        options: ['from="10.0.0.0/8,::1"', 'command="echo \\"a, b\\""', 'no-pty'],
        type: 'ecdsa-sha2-nistp256',
        body: 'CC==',
        comment: 'some one',
      },
    ],
    [
      'sk-ssh-ed25519@openssh.com DD',
      { options: [], type: 'sk-ssh-ed25519@openssh.com', body: 'DD', comment: '' },
    ],
    ['# ssh-rsa BBBB', undefined],
    ['ssh-rsa', undefined],
    ['', undefined],
    ['nonsense', undefined],
  ])('%s', (line, key) => {
    expect(publicKeyLine(line)).toEqual(key);
  });

  it('refuses what is no key', () => {
    expect(() => wantedKeys({ keys: `${A}\nhello` })).toThrow('not a public SSH key: hello');
  });
});
