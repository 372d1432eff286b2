import { describe, expect, it } from 'vitest';
import { pip } from '../../../../../src/modules/packages/pip/pip.ts';
import {
  isVersionControlled,
  type PipParams,
  pipSpecs,
  projectName,
} from '../../../../../src/modules/packages/pip/pipParams.ts';
import { planPip } from '../../../../../src/modules/packages/pip/pipPlan.ts';
import {
  pipStateOf,
  requirementSpecs,
  wouldInstall,
} from '../../../../../src/modules/packages/pip/pipState.ts';
import { paramsOf } from '../../driver.ts';

const LIST = '[{"name": "Flask", "version": "2.0"}, {"name": "zope.event", "version": "5.0"}]';

function answer(sections: Readonly<Record<string, string>>): string {
  const parts = { pip: '/usr/bin/pip3\n', 'list.rc': '0\n', 'list.stdout': LIST, ...sections };
  return Object.entries(parts)
    .map(([name, content]) => `\n\x1e${name}\n${content}`)
    .join('');
}

function plan(args: object, sections: Readonly<Record<string, string>>, checkMode = false) {
  const changes = planPip(
    paramsOf(pip, args) as PipParams,
    pipStateOf(answer(sections)),
    checkMode,
  );
  return changes.map(({ what, before, after }) => `${what}: ${before} → ${after}`);
}

const simulation = (stdout: string) => ({ 'simulation.rc': '0\n', 'simulation.stdout': stdout });
const refusal = (stderr: string) => ({ 'simulation.rc': '1\n', 'simulation.stderr': stderr });
const REPOSITORY = 'git+https://example.com/tool.git@main#egg=tool';
const COMMIT = 'a'.repeat(40);

describe('pip plans', () => {
  it.each([
    [
      'what pip would install',
      { name: 'flask' },
      simulation('Would install Flask-3.1 new_one-1\n'),
    ],
    ['nothing when pip has nothing to do', { name: 'flask' }, simulation('')],
    ['removal by any spelling', { name: ['FLASK', 'zope_event>1'], state: 'absent' }, {}],
    ['removal of what is not there', { name: 'django', state: 'absent' }, {}],
    ['unmet specs of an old pip', { name: ['flask>9', 'b'] }, { old: 'flask>9\t\nb\tmet\n' }],
    ['latest of an old pip', { name: 'flask', state: 'latest' }, { old: 'flask\tmet\n' }],
    ['a folder in development mode', { name: '/srv/x', editable: true }, {}],
    [
      'a repository at another commit',
      { name: REPOSITORY },
      { freeze: '', [`remote ${REPOSITORY}`]: `${COMMIT}\n` },
    ],
    [
      'a repository at the same commit',
      { name: REPOSITORY },
      {
        freeze: `tool @ git+https://example.com/tool.git@${COMMIT}\n`,
        [`remote ${REPOSITORY}`]: `${COMMIT}\n`,
      },
    ],
  ])('%s', (name, args, sections) => {
    const expected: Record<string, string[]> = {
      'what pip would install': ['package flask: 2.0 → 3.1', 'package new-one: absent → 1'],
      'removal by any spelling': [
        'package flask: 2.0 → absent',
        'package zope-event: 5.0 → absent',
      ],
      'unmet specs of an old pip': ['package flask: 2.0 → flask>9'],
      'latest of an old pip': ['package flask: 2.0 → flask'],
      'a folder in development mode': ['package /srv/x: absent → present'],
      'a repository at another commit': [`package tool: absent → ${COMMIT}`],
    };
    expect(plan(args, sections)).toEqual(expected[name] ?? []);
  });

  it.each([
    { name: '.', chdir: '/srv/an x' },
    { name: '/srv/an x/[extra]' },
    { name: 'file:///srv/an%20x#egg=x' },
  ])('leaves an editable folder alone that is in place: $name', (params) => {
    const list = '[{"name":"x","version":"1","editable_project_location":"/srv/an x"}]';
    expect(plan({ ...params, editable: true }, { 'list.stdout': list })).toEqual([]);
    const other = list.replace('an x', 'y');
    expect(plan({ ...params, editable: true }, { 'list.stdout': other })).toHaveLength(1);
  });

  it('makes a virtual environment first', () => {
    const args = { name: 'flask', virtualenv: '/srv/venv' };
    expect(plan(args, { novenv: '/usr/bin/virtualenv\n' })).toEqual([
      'virtual environment /srv/venv: absent → present',
      'package flask: absent → present',
    ]);
    expect(() => plan(args, { novenv: '' })).toThrow('"virtualenv" is not on the host');
  });

  it('says why pip refuses', () => {
    const managed = refusal('error: externally-managed-environment\n\n× This environment is…');
    expect(() => plan({ name: 'a' }, managed)).toThrow(
      'the distribution keeps its Python packages',
    );
    expect(() =>
      plan({ name: 'a' }, refusal('ERROR: No matching distribution found for a')),
    ).toThrow('pip cannot install this: No matching distribution found for a');
    expect(() => planPip(paramsOf(pip, { name: 'a' }) as PipParams, pipStateOf(''), false)).toThrow(
      'pip is not on this host',
    );
  });

  it('takes a missing pip for one that an earlier task brings, in check mode', () => {
    const params = paramsOf(pip, { name: ['a', 'b>1'] }) as PipParams;
    const changes = planPip(params, pipStateOf(''), true);
    expect(changes.map(({ what }) => what)).toEqual(['package a', 'package b>1']);
  });

  it('takes a missing requirements file for one that an earlier task brings, in check mode', () => {
    const args = { requirements: '/srv/r.txt' };
    expect(plan(args, { norequirements: '/srv/r.txt\n' }, true)).toEqual([
      'package -r /srv/r.txt: unknown → present',
    ]);
    expect(() => plan(args, { norequirements: '/srv/r.txt\n' })).toThrow(
      'there is no requirements file "/srv/r.txt"',
    );
  });
});

describe('what pip is told', () => {
  it('joins versions that were split at their comma', () => {
    expect(pipSpecs({ name: ['flask>=2', '<3', 'django'] })).toEqual(['flask>=2,<3', 'django']);
    expect(pipSpecs({ name: ['flask'], version: '2.1' })).toEqual(['flask==2.1']);
    expect(pipSpecs({ name: ['flask'], version: '>=2,<3' })).toEqual(['flask>=2,<3']);
  });

  it('finds the name of a project in its spec', () => {
    expect(projectName('Foo.Bar_baz[a,b] >= 1 ; python_version > "3"')).toBe('foo-bar-baz');
    expect(projectName('tool @ git+https://example.com/x')).toBe('tool');
    expect(projectName(REPOSITORY)).toBe('tool');
    expect(projectName('./folder')).toBeUndefined();
    expect(projectName('tool-1.0-py3-none-any.whl')).toBeUndefined();
    expect(isVersionControlled('tool @ git+ssh://git@example.com/x')).toBe(true);
    expect(isVersionControlled('https://example.com/x.zip')).toBe(false);
  });

  it('reads requirements files and simulations', () => {
    const file = '# head\nflask==2 \\\n  --hash=sha256:1\n-r other.txt\n-e ./x\ndjango # why\n\n';
    expect(requirementSpecs(file)).toEqual(['flask==2', './x', 'django']);
    expect(wouldInstall('Collecting a\nWould install drover-one-1.0 b_c-2.0rc1\n')).toEqual([
      { name: 'drover-one', version: '1.0' },
      { name: 'b-c', version: '2.0rc1' },
    ]);
  });

  it.each([
    [{ name: 'a', requirements: 'b' }, 'only one of "name" and "requirements" can be given'],
    [{}, 'one of "name", "requirements" and "virtualenv" is needed'],
    [{ name: ['a', 'b'], version: '1' }, '"version" is for a single package'],
    [{ name: 'a==1', version: '1' }, 'contradict each other'],
    [{ name: 'a', umask: '9' }, '"umask" is an octal number'],
  ])('refuses %j', (args, message) => {
    expect(() => paramsOf(pip, args)).toThrow(message);
  });
});
