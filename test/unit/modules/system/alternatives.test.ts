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
/** /var/lib/alternatives/java of Red Hat. */
const RED_HAT = 'auto\n/usr/bin/java\n\n/opt/jdk/bin/java\n@jdk@1700\n';

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
  ])('%s', (_name, args, chosen, commands) => {
    expect(plan(args, chosen)).toEqual(commands);
  });

  it('says what is missing', () => {
    expect(() => plan({}, UNKNOWN)).toThrow('does not know the alternative "editor"');
    const gone = { ...CHOSEN, pathExists: false };
    expect(() => plan({ path: '/bin/nano' }, gone)).toThrow('the program /bin/nano does not exist');
    expect(plan({ path: '/bin/nano' }, gone, true)).toHaveLength(1);
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
  expect(linkGroup(RED_HAT)).toEqual({
    mode: 'auto',
    link: '/usr/bin/java',
    alternatives: [{ path: '/opt/jdk/bin/java', priority: 1700, subcommands: [] }],
  });
  expect(linkGroup('')).toBeUndefined();
});
