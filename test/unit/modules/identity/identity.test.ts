import { describe, expect, it } from 'vitest';
import { hostname, nameFacts, planHostname } from '../../../../src/modules/identity/hostname.ts';
import {
  type Locales,
  localeGen,
  planLocales,
} from '../../../../src/modules/identity/localeGen.ts';
import { planTimezone, timezone } from '../../../../src/modules/identity/timezone.ts';
import { paramsOf } from '../driver.ts';

type Args = Readonly<Record<string, unknown>>;

describe('the plan of hostname', () => {
  const names = {
    way: 'debian',
    current: 'old',
    permanent: 'older',
    fqdn: 'old.example.org',
  } as const;

  it.each([
    [
      'web',
      names,
      [
        ['permanent', 'older', 'web'],
        ['current', 'old', 'web'],
      ],
    ],
    ['old', names, [['permanent', 'older', 'old']]],
    ['old', { ...names, permanent: 'old' }, []],
  ])('%s', (name, state, steps) => {
    const changes = planHostname(name, state);
    expect(changes.map(({ operation, before, after }) => [operation.step, before, after])).toEqual(
      steps,
    );
  });

  it.each([
    ['web', 'web.example.org', ['web', 'web', 'web.example.org', 'example.org']],
    ['web', 'old.example.org', ['web', 'web', 'web', '']],
    ['a.b.c', 'x', ['a', 'a.b.c', 'a.b.c', 'b.c']],
  ])('facts of %s on %s', (name, fqdn, facts) => {
    expect(Object.values(nameFacts(name, fqdn))).toEqual(facts);
  });

  it.each([
    ['two words', 'letters'],
    ['-x', 'letters'],
    ['x'.repeat(65), 'at most 64'],
  ])('refuses %s', (name, message) => {
    expect(() => paramsOf(hostname, { name })).toThrow(message);
  });
});

describe('the plan of timezone', () => {
  const clock = { zone: 'Etc/UTC', hwclock: 'UTC', isKnown: true } as const;
  const plan = (args: Args, state: Parameters<typeof planTimezone>[1], checkMode = false) =>
    planTimezone(
      paramsOf(timezone, args) as Parameters<typeof planTimezone>[0],
      state,
      checkMode,
    ).map(({ what, before, after }) => [what, before, after]);

  it.each<readonly [Args, Parameters<typeof planTimezone>[1], readonly unknown[]]>([
    [{ name: 'Europe/Berlin' }, clock, [['time zone', 'Etc/UTC', 'Europe/Berlin']]],
    [{ name: 'Etc/UTC', hwclock: 'UTC' }, clock, []],
    [{ rtc: 'local' }, clock, [['hardware clock', 'UTC', 'local']]],
    [{ name: 'Etc/UTC' }, { ...clock, zone: undefined }, [['time zone', 'n/a', 'Etc/UTC']]],
  ])('%j', (args, state, changes) => {
    expect(plan(args, state)).toEqual(changes);
  });

  it('refuses an unknown zone, unless an earlier task of a dry run brings it', () => {
    const state = { ...clock, isKnown: false };
    expect(() => plan({ name: 'Mars/Base' }, state)).toThrow('does not know the time zone');
    expect(plan({ name: 'Mars/Base' }, state, true)).toHaveLength(1);
    expect(() => plan({ name: '../etc/passwd' }, state)).toThrow('looks like Europe/Berlin');
    expect(() => plan({}, state)).toThrow('one of "name" and "hwclock" is needed');
  });
});

describe('the plan of locale_gen', () => {
  const locales: Locales = {
    way: 'gen',
    present: ['C', 'POSIX', 'en_US.utf8', 'sr_RS.utf8@latin'],
    text: '# comment\nen_US.UTF-8 UTF-8\n# de_DE.UTF-8 UTF-8\n# de_DE ISO-8859-1\n',
    known: ['de_DE.UTF-8 UTF-8', 'fr_FR ISO-8859-1'],
  };
  const plan = (args: Args, state: Locales, checkMode = false) =>
    planLocales(paramsOf(localeGen, args) as Parameters<typeof planLocales>[0], state, checkMode);

  it.each<readonly [Args, Partial<Locales>, string | undefined]>([
    [{ name: 'en_US.UTF-8' }, {}, undefined],
    [
      { name: 'de_DE.UTF-8' },
      {},
      '# comment\nen_US.UTF-8 UTF-8\nde_DE.UTF-8 UTF-8\n# de_DE ISO-8859-1\n',
    ],
    [{ name: 'fr_FR' }, {}, `${locales.text}fr_FR ISO-8859-1\n`],
    [
      { name: 'en_US.UTF-8', state: 'absent' },
      {},
      '# comment\n# en_US.UTF-8 UTF-8\n# de_DE.UTF-8 UTF-8\n# de_DE ISO-8859-1\n',
    ],
    [
      { name: 'en_US.UTF-8', state: 'absent' },
      { way: 'supported', text: 'de_DE.UTF-8 UTF-8\nen_US.UTF-8 UTF-8\n' },
      'de_DE.UTF-8 UTF-8\n',
    ],
    [{ name: ['de_DE.UTF-8'], state: 'absent' }, {}, undefined],
  ])('%j', (args, state, text) => {
    expect(plan(args, { ...locales, ...state })[0]?.operation.text).toBe(text);
  });

  it('refuses what the host does not know', () => {
    expect(() => plan({ name: 'xx_XX.UTF-8' }, locales)).toThrow(
      'no definition of the locale "xx_XX.UTF-8"',
    );
    const bare: Locales = { way: 'none', present: [], text: '', known: [] };
    expect(() => plan({ name: 'de_DE.UTF-8' }, bare)).toThrow('neither /etc/locale.gen');
    expect(plan({ name: 'de_DE.UTF-8' }, bare, true)).toHaveLength(1);
  });
});
