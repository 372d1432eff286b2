import { describe, expect, it } from 'vitest';
import {
  alternatives,
  type Chosen,
  planAlternatives,
} from '../../../../src/modules/system/alternatives.ts';
import { linkGroup } from '../../../../src/modules/system/alternativesFile.ts';
import { paramsOf } from '../driver.ts';

type Args = Readonly<Record<string, unknown>>;

/** /var/lib/dpkg/alternatives/editor of Debian 12. */
const DEBIAN = `manual
/usr/bin/editor
editor.1.gz
/usr/share/man/man1/editor.1.gz

/bin/ed
-100
/usr/share/man/man1/ed.1.gz
/bin/nano
40

`;
/** /var/lib/alternatives/editor of Red Hat, as alternatives 1.33 writes it. */
const RED_HAT = `manual
/usr/bin/editor
editor.1.gz
/usr/share/man/man1/editor.1.gz

/bin/ed
@line.1 2@10
/usr/share/man/man1/ed.1.gz
/bin/nano
@screen@20 nanod

/bin/vi
@screen@30

/bin/ex
25

`;

const CHOSEN: Chosen = {
  group: linkGroup(DEBIAN),
  current: '/bin/ed',
  pathExists: true,
  hasTool: true,
};
const UNKNOWN: Chosen = { group: undefined, current: '', pathExists: true, hasTool: true };
const MAN = {
  name: 'editor.1.gz',
  link: '/usr/share/man/man1/editor.1.gz',
  path: '/usr/share/man/man1/ed.1.gz',
};

/** `current` of the families of Red Hat. */
const among = (current: string): Chosen => ({ ...CHOSEN, group: linkGroup(RED_HAT), current });
const WITHOUT_PATH = { path: undefined };

function plan(args: Args, chosen: Chosen, checkMode = false) {
  const input = paramsOf(alternatives, { name: 'editor', path: '/bin/ed', ...args });
  return planAlternatives(input as Parameters<typeof planAlternatives>[0], chosen, checkMode).map(
    ({ operation }) => operation.join(' '),
  );
}

describe('the plan of alternatives', () => {
  it.each<readonly [string, Args, Chosen, readonly string[]]>([
    ['leaves a choice alone', {}, CHOSEN, []],
    ['chooses', { path: '/bin/nano' }, CHOSEN, ['--set editor /bin/nano']],
    [
      'registers and chooses',
      { path: '/bin/vi' },
      CHOSEN,
      ['--install /usr/bin/editor editor /bin/vi 50', '--set editor /bin/vi'],
    ],
    [
      'only registers',
      { path: '/bin/vi', priority: 7, state: 'present' },
      CHOSEN,
      ['--install /usr/bin/editor editor /bin/vi 7'],
    ],
    [
      'changes a priority and keeps followers',
      { priority: 5 },
      CHOSEN,
      [`--install /usr/bin/editor editor /bin/ed 5 --slave ${MAN.link} ${MAN.name} ${MAN.path}`],
    ],
    ['knows followers', { slaves: [MAN] }, CHOSEN, []],
    [
      'takes followers away',
      { subcommands: [] },
      CHOSEN,
      ['--install /usr/bin/editor editor /bin/ed -100'],
    ],
    ['leaves it to priorities', { state: 'auto' }, CHOSEN, ['--auto editor']],
    ['removes', { state: 'absent' }, CHOSEN, ['--remove editor /bin/ed']],
    ['has nothing to remove', { state: 'absent', path: '/bin/vi' }, CHOSEN, []],
    [
      'makes a name',
      { link: '/usr/bin/editor' },
      UNKNOWN,
      ['--install /usr/bin/editor editor /bin/ed 50', '--set editor /bin/ed'],
    ],
    [
      'chooses the best of a family',
      { ...WITHOUT_PATH, family: 'screen' },
      among('/bin/ed'),
      ['--set editor /bin/vi'],
    ],
    [
      'leaves a choice of the family alone',
      { ...WITHOUT_PATH, family: 'screen' },
      among('/bin/nano'),
      [],
    ],
    [
      'leaves a family to priorities',
      { ...WITHOUT_PATH, family: 'screen', state: 'auto' },
      among('/bin/nano'),
      ['--auto editor'],
    ],
    [
      'registers in a family',
      { path: '/bin/vim', family: 'screen', state: 'present' },
      among('/bin/ed'),
      ['--install /usr/bin/editor editor /bin/vim 50 --family screen'],
    ],
    [
      'changes the family, not the choice',
      { path: '/bin/ex', family: 'line.1 2' },
      among('/bin/ex'),
      ['--install /usr/bin/editor editor /bin/ex 25 --family line.1 2'],
    ],
    [
      'keeps the family with another priority',
      { path: '/bin/vi', priority: 5, state: 'present' },
      among('/bin/vi'),
      ['--install /usr/bin/editor editor /bin/vi 5 --family screen'],
    ],
  ])('%s', (_name, args, chosen, commands) => {
    expect(plan(args, chosen)).toEqual(commands);
  });

  it('says what is missing', () => {
    expect(() => plan({}, UNKNOWN)).toThrow('does not know the alternative "editor"');
    const gone = { ...CHOSEN, pathExists: false };
    expect(() => plan({ path: '/bin/nano' }, gone)).toThrow('the program /bin/nano does not exist');
    expect(plan({ path: '/bin/nano' }, gone, true)).toHaveLength(1);
    expect(() => plan({ ...WITHOUT_PATH, family: 'none' }, among('/bin/ed'))).toThrow(
      'no alternative of "editor" belongs to the family "none"',
    );
    expect(() => plan(WITHOUT_PATH, CHOSEN)).toThrow('one of "path" and "family" is needed');
    expect(() => plan({ ...WITHOUT_PATH, family: 'screen', state: 'absent' }, CHOSEN)).toThrow(
      'says which alternative shall be absent',
    );
    expect(() => plan({ path: '/bin/nano' }, { ...CHOSEN, hasTool: false })).toThrow(
      'no update-alternatives',
    );
  });
});

it('the files of Debian and Red Hat', () => {
  expect(linkGroup(DEBIAN)).toEqual({
    mode: 'manual',
    link: '/usr/bin/editor',
    alternatives: [
      { path: '/bin/ed', priority: -100, subcommands: [MAN] },
      { path: '/bin/nano', priority: 40, subcommands: [] },
    ],
  });
  const { alternatives: ranked = [], ...whole } = linkGroup(RED_HAT) ?? {};
  expect(whole).toEqual({ mode: 'manual', link: '/usr/bin/editor' });
  expect(ranked).toEqual([
    { path: '/bin/ed', priority: 10, family: 'line.1 2', subcommands: [MAN] },
    { path: '/bin/nano', priority: 20, family: 'screen', subcommands: [] },
    { path: '/bin/vi', priority: 30, family: 'screen', subcommands: [] },
    { path: '/bin/ex', priority: 25, subcommands: [] },
  ]);
  expect(linkGroup('')).toBeUndefined();
});
