/**
 * `pip`: Python packages, in the system or in a virtual environment. pip itself says what it would do
 * (`install --dry-run`), so that a plan lists every package that is installed or upgraded, with its version.
 */
import { ModuleError } from '../../../core/errors.ts';
import type { Change } from '../../../core/results.ts';
import type { Target } from '../../../target/target.ts';
import { splitWords } from '../../commands/shellWords.ts';
import { defineResource } from '../../module.ts';
import { type CommandOutput, commandOutput, sectionsOf } from '../../scriptOutput.ts';
import { pipError } from './pipErrors.ts';
import { isVersionControlled, type PipParams, pipParams, pipSpecs } from './pipParams.ts';
import { type PipChange, planPip } from './pipPlan.ts';
import { PIP_APPLY, PIP_OBSERVE } from './pipScripts.ts';
import { type PipState, pipStateOf } from './pipState.ts';

export const pip = defineResource({
  name: 'pip',
  summary: 'Install, upgrade and remove Python packages, also in virtual environments',
  description: [
    'Needs pip on the host (python3-pip), or a way to make the virtual environment (python3-venv or virtualenv).',
    'Before it changes anything pip is asked what it would do; a pip older than 22.2 cannot tell, then only the packages',
    'asked for are compared, not what they bring along.',
  ].join(' '),
  params: pipParams,
  examples: [
    '- pip: { name: flask }',
    '- pip: { name: ["django>=4,<5", "psycopg2-binary"], virtualenv: /srv/app/venv, virtualenv_command: python3 -m venv }',
    '- pip: { requirements: /srv/app/requirements.txt, virtualenv: /srv/app/venv, extra_args: --no-cache-dir }',
    '- pip: { name: flask, state: absent, executable: pip3.11 }',
  ],
  returns: {
    cmd: "pip's command line, as a list.",
    name: 'The packages asked for.',
    requirements: 'The requirements file.',
    version: 'The version asked for.',
    virtualenv: 'The virtual environment.',
    state: 'The state asked for.',
    stdout: "pip's output.",
    stderr: "pip's error output.",
  },

  observe: (params) => ({
    pip: {
      script: PIP_OBSERVE,
      args: observeArguments(params),
      parse: ({ rc, stdout, stderr }) => checkedState(params, rc, stdout, stderr),
    },
  }),
  plan: (params, { pip: state }, { checkMode }) => planPip(params, state, checkMode),
  apply: (changes, target, params) => applyPip(changes, target, params),
  result: (params, { pip: state }) => ({
    cmd: [...(state.pip ?? [`${params.virtualenv}/bin/pip`]), ...pipArguments(params)],
    name: params.name ?? null,
    requirements: params.requirements ?? null,
    version: params.version ?? null,
    virtualenv: params.virtualenv ?? null,
    state: params.state,
  }),
});

function checkedState({ chdir }: PipParams, rc: number, stdout: Buffer, stderr: Buffer): PipState {
  if (rc === 3) throw new ModuleError(`there is no directory "${chdir}" on the host`);
  if (rc !== 0) throw new ModuleError(`pip cannot be asked: ${stderr.toString().trim()}`);
  return pipStateOf(stdout.toString());
}

function place({ chdir, virtualenv, executable, break_system_packages }: PipParams): string[] {
  return [chdir ?? '', virtualenv ?? '', executable ?? '', break_system_packages ? 'yes' : 'no'];
}

function observeArguments(params: PipParams): string[] {
  const specs = pipSpecs(params);
  const tracked = specs.filter(isVersionControlled);
  const [maker = ''] = splitWords(params.virtualenv_command);
  const question = questionOf(params, tracked);
  const more = question === 'sources' ? tracked : installArguments(params).slice(1);
  const { requirements = '' } = params;
  return [...place(params), question, requirements, maker, specs.join('\n'), ...more];
}

/** pip would fetch sources under version control even to simulate; their commits are compared instead. */
function questionOf(params: PipParams, tracked: readonly string[]) {
  if (params.state === 'absent') return 'installed';
  if (tracked.length > 0) return 'sources';
  const isAnything = params.name !== undefined || params.requirements !== undefined;
  return isAnything && !params.editable ? 'simulate' : 'installed';
}

/** The arguments of pip, as the task asks. Empty when only a virtual environment is wanted. */
function pipArguments(params: PipParams): string[] {
  if (params.name === undefined && params.requirements === undefined) return [];
  if (params.state !== 'absent') return installArguments(params);
  const extra = splitWords(params.extra_args ?? '');
  return ['uninstall', '-y', ...extra, ...what(params)];
}

function installArguments(params: PipParams): string[] {
  const mode = {
    latest: ['-U'],
    forcereinstall: ['-U', '--force-reinstall'],
    present: [],
    absent: [],
  };
  return [
    'install',
    ...mode[params.state],
    ...splitWords(params.extra_args ?? ''),
    ...what(params),
  ];
}

function what(params: PipParams): string[] {
  if (params.requirements !== undefined) return ['-r', params.requirements];
  const isEditable = params.editable && params.state !== 'absent';
  return pipSpecs(params).flatMap((spec) => (isEditable ? ['-e', spec] : [spec]));
}

/** The command that makes a virtual environment, without its path. */
function venvCommand(params: PipParams): string[] {
  const words = splitWords(params.virtualenv_command);
  const isVenvModule = words.includes('venv') || /pyvenv$/.test(words[0] ?? '');
  const python = params.virtualenv_python;
  if (isVenvModule && python !== undefined) {
    throw new ModuleError('"virtualenv_python" is for virtualenv, not for the venv module', {
      hint: `write virtualenv_command: "${python} -m venv" instead`,
    });
  }
  return [
    ...words,
    ...(params.virtualenv_site_packages ? ['--system-site-packages'] : []),
    ...(python === undefined ? [] : ['-p', python]),
  ];
}

async function applyPip(changes: readonly Change<PipChange>[], target: Target, params: PipParams) {
  const maker = venvCommand(params);
  const hasWork = changes.some(({ operation }) => operation === 'packages');
  const work = hasWork ? pipArguments(params) : [];
  const { rc, stdout, stderr } = await target.sh(PIP_APPLY, {
    args: [...place(params), params.umask ?? '', String(maker.length), ...maker, ...work],
  });
  if (rc !== 0) throw new ModuleError(`pip cannot be run: ${stderr.toString().trim()}`);
  const sections = sectionsOf(stdout.toString());
  const venv = commandOutput(sections, 'venv');
  if (venv !== undefined && venv.rc !== 0) throw venvError(params, venv);
  const done = commandOutput(sections, 'work');
  if (done !== undefined && done.rc !== 0) throw pipError('pip failed', done);
  return {
    stdout: `${venv?.stdout ?? ''}${done?.stdout ?? ''}`,
    stderr: `${venv?.stderr ?? ''}${done?.stderr ?? ''}`,
  };
}

function venvError({ virtualenv, virtualenv_command }: PipParams, output: CommandOutput) {
  return new ModuleError(`the virtual environment ${virtualenv} could not be made`, {
    data: { ...output, cmd: virtualenv_command },
    hint: 'on Debian install python3-venv (or virtualenv) on the host',
  });
}
