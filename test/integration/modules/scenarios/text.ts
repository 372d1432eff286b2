/** `lineinfile`, `blockinfile` and `replace`. */
import { blockinfile } from '../../../../src/modules/files/text/blockinfile.ts';
import { lineinfile } from '../../../../src/modules/files/text/lineinfile.ts';
import { replace } from '../../../../src/modules/files/text/replace.ts';
import type { LocalScenario, LocalSuite } from '../localScenarios.ts';

/** The file before; undefined for none. */
type Row = readonly [
  before: string | undefined,
  args: object,
  changed?: boolean,
  more?: Partial<LocalScenario>,
];

function edits(rows: readonly Row[]): LocalScenario[] {
  return rows.map(([before, args, changed = true, more = {}], index) => ({
    title: `${index + 1} ${JSON.stringify(args)}`,
    setup: before === undefined ? ':' : `printf '${before}' >f`,
    args: { path: '@/f', ...args },
    changed,
    sameKeys: ['msg'],
    ...more,
  }));
}

const lines = edits([
  ['a\\nb\\n', { line: 'c' }],
  ['a\\nb', { line: 'c' }],
  ['a\\nb\\n', { line: 'a' }, false],
  ['', { line: 'c' }],
  ['a\\nb\\n', { line: 'c', insertbefore: 'BOF' }],
  ['a\\nb\\na\\n', { line: 'c', insertafter: '^a' }],
  ['a\\nb\\na\\n', { line: 'c', insertafter: '^a', firstmatch: true }],
  ['a\\nb\\na\\n', { line: 'c', insertbefore: '^a' }],
  ['a\\nb\\na\\n', { line: 'c', insertbefore: '^a', firstmatch: true }],
  ['a\\nb\\n', { line: 'c', insertafter: 'none' }],
  ['a\\nb\\n', { line: 'c', insertbefore: 'none' }],
  ['x=1\\ny=2\\nx=3\\n', { regexp: '^x=', line: 'x=9' }],
  ['x=1\\ny=2\\nx=3\\n', { regexp: '^x=', line: 'x=9', firstmatch: true }],
  ['y=2\\n', { regexp: '^x=', line: 'x=9' }],
  ['y=2\\nx=9\\n', { regexp: '^x=', line: 'x=9' }, false],
  ['y=2\\nz=1\\n', { regexp: '^x=', line: 'x=9', insertafter: '^y' }],
  ['x=1\\n', { search_string: 'x=', line: 'x=2' }],
  ['a.b\\nacb\\n', { search_string: 'a.b', line: 'new' }],
  ['port=80 # web\\n', { regexp: '^port=(\\d+)(.*)$', line: 'port=81\\2', backrefs: true }],
  ['a\\n', { regexp: '^(b)', line: '\\1c', backrefs: true }, false],
  ['a\\nb\\na\\n', { state: 'absent', line: 'a' }],
  ['a1\\nb\\na2\\n', { state: 'absent', regexp: '^a\\d$' }],
  ['a\\nb\\n', { state: 'absent', search_string: 'zz' }, false],
  [undefined, { line: 'a', create: true, mode: '0600' }],
  [undefined, { state: 'absent', line: 'a' }, false],
  ['a\\n', { line: 'b', backup: true }],
  ['a\\n', { line: 'a', mode: '0600', owner: 'daemon' }],
  ['a\\n', { line: 'b', validate: 'grep -q b %s' }],
  ['a\\n', { line: 'b', group: 'daemon' }],
]);

const BLOCK = '# BEGIN ANSIBLE MANAGED BLOCK\\nx\\n# END ANSIBLE MANAGED BLOCK\\n';

const blocks = edits([
  ['a\\nb', { block: 'x\ny' }],
  [`a\\n${BLOCK}b\\n`, { block: 'new\n' }],
  [`a\\n${BLOCK}`, { block: 'x' }, false],
  ['a\\nb\\na\\nc\\n', { block: 'x', insertafter: '^a' }],
  ['a\\nb\\na\\nc\\n', { block: 'x', insertbefore: '^b' }],
  ['a\\n', { block: 'x', insertbefore: 'BOF' }],
  [`a\\n${BLOCK}b\\n`, { state: 'absent' }],
  [`a\\n${BLOCK}b\\n`, { block: '' }],
  ['a\\n', { state: 'absent' }, false],
  ['', { block: 'x', marker: '; {mark}', marker_begin: 'B', marker_end: 'E' }],
  [undefined, { block: 'x', create: true, mode: '0640' }],
  ['a\\n', { block: 'x', backup: true }],
  [BLOCK, { block: 'x', mode: '0600' }],
  ['a\\n', { block: 'x', validate: 'grep -q x %s' }],
  ['a\\n', { block: 'x', group: 'daemon', owner: 'daemon' }],
  [
    'a\\nb\\n',
    { block: 'x', insertafter: 'a', append_newline: true, prepend_newline: true },
    true,
    {
      look: 'cat f',
      shows: 'a\n\n# BEGIN ANSIBLE MANAGED BLOCK\nx\n# END ANSIBLE MANAGED BLOCK\n\nb',
      unlikeAnsible: 'it has the parameters since ansible-core 2.16',
    },
  ],
]);

const replacements = edits([
  ['old a\\nold b\\n', { regexp: '^old', replace: 'new' }],
  ['a1\\na2\\n', { regexp: 'a(\\d)$', replace: 'b\\1' }],
  ['x\\n\\n\\ny\\n', { regexp: '\\n\\n+', replace: '\\n' }],
  ['1\\n--\\n1\\n', { regexp: '1', replace: '2', after: '--' }],
  ['1\\n--\\n1\\n', { regexp: '1', replace: '2', before: '--' }, true],
  ['a\\n', { regexp: 'zzz', replace: 'x' }, false],
  ['a b\\n', { regexp: ' b' }],
  ['a\\n', { regexp: 'a', replace: 'b', backup: true, mode: '0600' }],
  ['a\\n', { regexp: 'zzz', replace: 'b', mode: '0600' }],
  ['a\\n', { regexp: 'a', replace: 'b', validate: 'grep -q b %s' }],
  ['a\\n', { regexp: 'a', replace: 'b', group: 'daemon', owner: 'daemon' }],
]);

export const textSuites: readonly LocalSuite[] = [
  { module: lineinfile, scenarios: lines },
  { module: blockinfile, scenarios: blocks },
  { module: replace, scenarios: replacements },
];
