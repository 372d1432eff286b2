import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editedIni, type IniEdit } from '../../../../../src/modules/files/text/iniText.ts';

const SET: IniEdit = {
  section: 'a',
  sectionHas: [],
  option: 'x',
  values: ['1'],
  state: 'present',
  exclusive: true,
  noExtraSpaces: false,
  ignoreSpaces: false,
  modifyInactive: true,
};

describe('editedIni', () => {
  it.each<[string, string, Partial<IniEdit>, string, string]>([
    ['keeps', '[a]\nx = 1\n', {}, '[a]\nx = 1\n', 'OK'],
    ['changes', '[a]\nx=2\n', {}, '[a]\nx = 1\n', 'option changed'],
    ['adds', '[a]\ny=2\n\n[b]\n', {}, '[a]\ny=2\nx = 1\n\n[b]\n', 'option added'],
    ['wakes a comment', '[a]\n;x = 0\n', {}, '[a]\nx = 1\n', 'option changed'],
    [
      'leaves comments',
      '[a]\n;x = 0\n',
      { modifyInactive: false },
      '[a]\nx = 1\n;x = 0\n',
      'option added',
    ],
    ['ignores spaces', '[a]\nx  =1\n', { ignoreSpaces: true }, '[a]\nx  =1\n', 'OK'],
    ['adds a section', '[b]\n', {}, '[b]\n[a]\nx = 1\n', 'section and option added'],
    ['removes', '[a]\nx=1\nx=2\n', { state: 'absent' }, '[a]\n', 'option changed'],
    [
      'removes one value',
      '[a]\nx=1\nx=2\n',
      { state: 'absent', exclusive: false },
      '[a]\nx=2\n',
      'option changed',
    ],
    [
      'removes a section',
      'y\n[a]\nx=1\n[b]\n',
      { state: 'absent', option: undefined },
      'y\n[b]\n',
      'section removed',
    ],
    [
      'finds the section that has an option',
      '[a]\nid=1\n[a]\nid=2\n',
      { sectionHas: [{ option: 'id', values: ['2'] }] },
      '[a]\nid=1\n[a]\nid=2\nx = 1\n',
      'option added',
    ],
    ['takes a flag', '[a]\n', { values: [undefined] }, '[a]\nx\n', 'option added'],
  ])('%s', (_title, before, edit, text, msg) => {
    expect(editedIni(before, { ...SET, ...edit })).toEqual({ text, msg });
  });

  it('has nothing to do the second time', () => {
    const line = fc.constantFrom('[a]', '[b]', 'x=1', 'x = 2', '#x=1', '; note', '', 'y', 'x');
    const edit = fc.record({
      values: fc.subarray(['1', '2', undefined], { minLength: 1 }),
      exclusive: fc.boolean(),
      noExtraSpaces: fc.boolean(),
      ignoreSpaces: fc.boolean(),
      modifyInactive: fc.boolean(),
      state: fc.constantFrom('present' as const, 'absent' as const),
    });
    fc.assert(
      fc.property(fc.array(line), edit, (lines, more) => {
        const asked = { ...SET, ...more };
        const { text } = editedIni(lines.join('\n'), asked);
        expect(editedIni(text, asked)).toEqual({ text, msg: 'OK' });
      }),
    );
  });
});
