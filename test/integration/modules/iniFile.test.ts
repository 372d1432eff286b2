/** `ini_file` on real files, beside Ansible's. */
import { iniFile } from '../../../src/modules/files/text/iniFile.ts';
import { type LocalScenario, testLocalScenarios } from './localScenarios.ts';

const START = `printf 'top=1\\n\\n[a]\\n; about x\\nx = 1\\n#y = 2\\ny=3\\n\\n[b]\\nx=9\\nx=8\\n# end\\n' >f`;

function edit(
  title: string,
  args: LocalScenario['args'],
  changed: boolean,
  more: Partial<LocalScenario> = {},
): LocalScenario {
  const asked = { path: '@/f', ...args };
  return { title, setup: START, args: asked, changed, sameKeys: ['msg', 'path'], ...more };
}

const NO_KEYWORD = 'this parameter is younger than the Ansible beside';

testLocalScenarios({
  module: iniFile,
  scenarios: [
    edit('sets an option', { section: 'a', option: 'x', value: '5' }, true),
    edit('leaves an option', { section: 'a', option: 'x', value: '1' }, false),
    edit('wakes a commented option', { section: 'a', option: 'y', value: '2' }, true),
    edit('adds an option', { section: 'a', option: 'z', value: 'new' }, true),
    edit('adds an option before comments', { section: 'b', option: 'z', value: '1' }, true),
    edit('adds a section', { section: 'c', option: 'z', value: '1' }, true),
    edit('sets an option before all sections', { option: 'top', value: '2' }, true),
    edit('adds an option before all sections', { option: 'more', value: '2' }, true),
    edit('leaves one of many', { section: 'b', option: 'x', value: '8' }, true),
    edit('sets many values', { section: 'b', option: 'x', values: ['7', '8', '6'] }, true),
    edit(
      'adds values beside others',
      { section: 'b', option: 'x', values: ['7', '9'], exclusive: false },
      true,
    ),
    edit(
      'removes one value',
      { section: 'b', option: 'x', value: '9', exclusive: false, state: 'absent' },
      true,
    ),
    edit('removes an option', { section: 'b', option: 'x', state: 'absent' }, true),
    edit('removes no option', { section: 'b', option: 'none', state: 'absent' }, false),
    edit('removes a section', { section: 'a', state: 'absent' }, true),
    edit('removes no section', { section: 'none', state: 'absent' }, false),
    edit(
      'writes without spaces',
      { section: 'a', option: 'x', value: '5', no_extra_spaces: true },
      true,
    ),
    edit('changes spaces', { section: 'a', option: 'y', value: '3' }, true),
    edit(
      'takes options without value',
      { section: 'a', option: 'flag', allow_no_value: true },
      true,
    ),
    edit('gives a flag a value', { section: 'f', option: 'skip', value: 'yes' }, true, {
      setup: `printf '[f]\\nskip\\n' >f`,
    }),
    edit('takes the value of an option', { section: 'a', option: 'x', allow_no_value: true }, true),
    edit('adds only a section', { section: 'new', allow_no_value: true }, true),
    edit('sets an empty value', { section: 'a', option: 'x', value: '' }, true),
    edit('escapes names', { section: 'a.b', option: 'x.y', value: '1' }, true, {
      setup: `printf '[aXb]\\nxzy=1\\n[a.b]\\nxzy=2\\n' >f`,
    }),
    edit('removes no comments', { section: 'a', option: 'y', state: 'absent' }, true),
    edit('ends a last line by itself', { section: 'a', option: 'y', state: 'absent' }, true, {
      setup: `printf '[a]\\nx = 1' >f`,
    }),
    edit('makes no file', { section: 'a', option: 'x', value: '1', create: false }, false, {
      setup: ':',
      fails: 'f',
    }),
    edit('keeps the old file', { section: 'a', option: 'x', value: '2', backup: true }, true),
    edit(
      'gives the file away',
      { section: 'a', option: 'x', value: '2', owner: 'daemon', group: 'daemon' },
      true,
    ),
    edit('makes no file to remove from', { section: 'a', state: 'absent' }, false, { setup: ':' }),
    edit('begins an empty file', { section: 'a', option: 'y', value: '1' }, true, {
      setup: ': >f',
    }),
    edit('ends a last line', { section: 'a', option: 'x', value: '1' }, true, {
      setup: `printf '[a]\\ny = 2' >f`,
    }),
    edit('makes a file with its folders', { section: 'a', option: 'x', value: '1' }, true, {
      args: { path: '@/new/folder/f', section: 'a', option: 'x', value: '1', mode: '0640' },
    }),
    edit('changes only the mode', { section: 'a', option: 'x', value: '1', mode: '0600' }, true),
    edit('replaces a link', { section: 'a', option: 'x', value: '2' }, true, {
      setup: `${START}; mv f real; ln -s real f`,
      sameKeys: ['msg'],
    }),
    edit('follows a link', { section: 'a', option: 'x', value: '2', follow: true }, true, {
      setup: `${START}; mv f real; ln -s real f`,
      look: 'readlink f; sed -n 5p real',
      shows: 'real\nx = 2',
      sameKeys: [],
      unlikeAnsible: NO_KEYWORD,
    }),
    edit(
      'ignores spaces',
      { section: 'a', option: 'y', value: '3', ignore_spaces: true, modify_inactive_option: false },
      false,
      { unlikeAnsible: NO_KEYWORD },
    ),
    edit(
      'leaves commented options alone',
      { section: 'a', option: 'y', value: '2', modify_inactive_option: false },
      true,
      { look: 'sed -n 6,7p f', shows: '#y = 2\ny = 2', unlikeAnsible: NO_KEYWORD },
    ),
    edit(
      'tells sections apart by what they have',
      {
        section: 'p',
        section_has_values: [{ option: 'name', value: 'two' }],
        option: 'x',
        value: '1',
      },
      true,
      {
        setup: `printf '[p]\\nname = one\\n[p]\\nname = two\\n' >f`,
        look: 'cat f',
        shows: '[p]\nname = one\n[p]\nname = two\nx = 1',
        unlikeAnsible: NO_KEYWORD,
      },
    ),
  ],
});
