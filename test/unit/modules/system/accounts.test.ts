import { describe, expect, it } from 'vitest';
import { group, planGroup } from '../../../../src/modules/system/group.ts';
import { user } from '../../../../src/modules/system/user.ts';
import type { UserParams } from '../../../../src/modules/system/userParams.ts';
import { planUser } from '../../../../src/modules/system/userPlan.ts';
import { userStateOf } from '../../../../src/modules/system/userState.ts';
import { paramsOf } from '../driver.ts';

const ALICE = [
  'entry\talice:x:2000:2000:Alice A:/home/alice:/bin/bash',
  'known deploy\tdeploy:x:1501:alice',
  'known docker\tdocker:x:1600:',
  'known sudo\tsudo:x:27:alice',
  'defaults\tGROUP=100 HOME=/home INACTIVE=-1 EXPIRE= SHELL=/bin/sh SKEL=/etc/skel ',
  'shadow\talice:$6$abc$hash:20778:0:99999:7:::',
  'member\tsudo',
  'member\tdeploy',
  'oldhome\tyes',
  'home\tyes',
].join('\n');

const NOBODY =
  'entry\t\ndefaults\tGROUP=100 HOME=/home SHELL=/bin/sh \nknown deploy\tdeploy:x:1501:\n';

interface Scenario {
  readonly name: string;
  readonly state: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly changes: readonly (readonly unknown[])[];
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'leaves an account alone that is as wanted',
    state: ALICE,
    params: {
      uid: 2000,
      shell: '/bin/bash',
      groups: ['sudo', 'deploy'],
      password: '$6$abc$hash',
      expires: -1,
    },
    changes: [],
  },
  {
    name: 'lists it in its primary group where the task names that among the groups',
    state: `${ALICE}\nknown alice\talice:x:2000:`,
    params: { groups: ['sudo', 'deploy', 'alice'] },
    changes: [
      [
        'user alice: groups',
        ['deploy', 'sudo'],
        ['alice', 'deploy', 'sudo'],
        ['-G', 'alice,deploy,sudo'],
      ],
    ],
  },
  {
    name: 'changes each option',
    state: ALICE,
    params: {
      comment: 'A',
      home: '/srv/alice',
      move_home: true,
      shell: '/bin/sh',
      expires: 1893456000,
    },
    changes: [
      ['user alice: comment', 'Alice A', 'A', ['-c', 'A']],
      ['user alice: home', '/home/alice', '/srv/alice', ['-d', '/srv/alice', '-m']],
      ['user alice: shell', '/bin/bash', '/bin/sh', ['-s', '/bin/sh']],
      ['user alice: expires', '', '2030-01-01', ['-e', '2030-01-01']],
    ],
  },
  {
    name: 'replaces groups',
    state: ALICE,
    params: { groups: 'docker,deploy' },
    changes: [
      ['user alice: groups', ['deploy', 'sudo'], ['deploy', 'docker'], ['-G', 'deploy,docker']],
    ],
  },
  {
    name: 'appends groups',
    state: ALICE,
    params: { groups: ['docker', 'deploy'], append: true },
    changes: [
      [
        'user alice: groups',
        ['deploy', 'sudo'],
        ['deploy', 'docker', 'sudo'],
        ['-a', '-G', 'deploy,docker'],
      ],
    ],
  },
  {
    name: 'leaves all groups for an empty text',
    state: ALICE,
    params: { groups: '' },
    changes: [['user alice: groups', ['deploy', 'sudo'], [], ['-G', '']]],
  },
  {
    name: 'never shows a password',
    state: ALICE,
    params: { password: '$6$x$y', password_lock: true },
    changes: [
      ['user alice: password', 'another (hidden)', 'as given (hidden)', undefined],
      ['user alice: password lock', 'unlocked', 'locked', undefined],
    ],
  },
  {
    name: 'sets a password only on creation when told so',
    state: ALICE,
    params: { password: '$6$x$y', update_password: 'on_create' },
    changes: [],
  },
  {
    name: 'creates an account',
    state: NOBODY,
    params: { group: 'deploy', system: true, home: '/opt/app', create_home: false },
    changes: [
      [
        'user alice',
        'absent',
        { group: 1501, comment: '', home: '/opt/app', shell: '/bin/sh' },
        ['-g', 'deploy', '-d', '/opt/app', '-M', '-r'],
      ],
    ],
  },
  {
    name: 'deletes an account',
    state: ALICE,
    params: { state: 'absent' },
    changes: [
      [
        'user alice',
        { uid: 2000, home: '/home/alice', shell: '/bin/bash', groups: ['deploy', 'sudo'] },
        'absent',
        undefined,
      ],
    ],
  },
  { name: 'deletes nobody', state: NOBODY, params: { state: 'absent' }, changes: [] },
];

function plan(params: Readonly<Record<string, unknown>>, state: string, checkMode = false) {
  const input = paramsOf(user, { name: 'alice', ...params }) as UserParams;
  return planUser(input, userStateOf(state), checkMode);
}

describe('the plan of user', () => {
  it.each(SCENARIOS)('$name', ({ params, state, changes }) => {
    const found = plan(params, state).map(({ what, before, after, operation }) => [
      what,
      before,
      after,
      'options' in operation ? operation.options : undefined,
    ]);
    expect(found).toEqual(changes);
  });

  it('says between which numbers the host may pick', () => {
    const [creation] = plan({ uid_min: 3000, uid_max: 3999, umask: '077' }, NOBODY);
    expect(creation?.operation).toMatchObject({
      options: ['-m', '-K', 'UMASK=077', '-K', 'UID_MIN=3000', '-K', 'UID_MAX=3999'],
    });
  });

  it('makes a home that is missing', () => {
    const state = ALICE.split('\n')
      .filter((line) => !line.includes('home\tyes'))
      .join('\n');
    expect(plan({}, state).map(({ what }) => what)).toEqual([
      'user alice: home directory /home/alice',
    ]);
    expect(plan({ create_home: false }, state)).toEqual([]);
  });

  it('refuses a uid that another account has', () => {
    const state = `${NOBODY}uid\tbob:x:7:7::/home/bob:/bin/sh\n`;
    expect(() => plan({ uid: 7 }, state)).toThrow('uid 7 belongs to the account "bob"');
    expect(() => plan({ uid: 7, non_unique: true }, state)).not.toThrow();
  });

  it('refuses groups that do not exist, unless an earlier task of a dry run makes them', () => {
    expect(() => plan({ groups: 'nosuch' }, NOBODY)).toThrow('these groups do not exist: nosuch');
    expect(() => plan({ groups: 'nosuch' }, NOBODY, true)).not.toThrow();
  });
});

describe('the plan of group', () => {
  type GroupInput = Parameters<typeof planGroup>[0];
  const input = (args: Readonly<Record<string, unknown>>) =>
    paramsOf(group, { name: 'deploy', ...args }) as GroupInput;
  const entry = { name: 'deploy', gid: 1500, members: ['alice'] };
  const steps = (args: Readonly<Record<string, unknown>>, there: boolean) =>
    planGroup(input(args), { entry: there ? entry : undefined, owner: undefined }).map(
      ({ what, before, after, operation }) => [what, before, after, operation.type],
    );

  it.each([
    [{}, true, []],
    [{ gid: 1500 }, true, []],
    [{ gid: 1501 }, true, [['group deploy: gid', 1500, 1501, 'modify']]],
    [{ gid: 1501 }, false, [['group deploy', 'absent', { gid: 1501 }, 'create']]],
    [
      { state: 'absent' },
      true,
      [['group deploy', { gid: 1500, members: ['alice'] }, 'absent', 'delete']],
    ],
    [{ state: 'absent' }, false, []],
  ])('%j, there: %s', (args, there, changes) => {
    expect(steps(args, there)).toEqual(changes);
  });

  it('refuses a gid that another group has', () => {
    const owner = { name: 'other', gid: 5, members: [] };
    expect(() => planGroup(input({ gid: 5 }), { entry: undefined, owner })).toThrow(
      'gid 5 belongs to the group "other"',
    );
  });
});
