/** `ufw`: the uncomplicated firewall of Debian and Ubuntu. */
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { defineResource } from '../module.ts';
import { script } from '../script.ts';
import { UfwParams, ufwRule } from './ufwParams.ts';
import { insertPosition, rulesChange, type UfwState, ufwState } from './ufwState.ts';

/** Arguments of ufw. */
type UfwChange = Change<readonly string[]>;

interface DryRun {
  readonly rc: number;
  readonly output: string;
}

const DRY_RUN = script`
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
ufw --dry-run "$@" 2>&1`;

const APPLY = 'export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"; ufw "$@"';

export const ufw = defineResource({
  name: 'ufw',
  collection: 'community.general',
  aliases: ['ansible.builtin.ufw'],
  summary: 'Manage the firewall ufw',
  params: UfwParams,
  examples: [
    '- ufw: { rule: allow, port: ssh, proto: tcp }\n- ufw: { state: enabled, default: deny, direction: incoming }\n',
    '- ufw: { rule: limit, name: OpenSSH, comment: no guessing }',
    '- ufw: { rule: deny, from: 10.0.0.0/8, to_port: "5432", delete: true }',
  ],
  returns: {
    commands: 'The commands, in check mode those that would run.',
    msg: 'What `ufw status verbose` says afterwards.',
  },
  observe: (params: UfwParams) => ({ ufw: ufwState(params) }),
  observeMore(params, { ufw: state }) {
    if (params.rule === undefined || !state.hasTool) return undefined;
    return { dryRun: dryRun(ufwRule(params, insertPosition(params, state))) };
  },
  plan(params, { ufw: state, dryRun: tried }, { checkMode }) {
    if (!state.hasTool && !checkMode) {
      throw new ModuleError('this host has no ufw', { hint: 'install the package ufw' });
    }
    return planUfw(params, state, tried);
  },
  apply: (changes, target) => applyUfw(changes, target),
  result: (_params, _state, changes) => ({
    commands: changes.map(({ operation }) => ['ufw', ...operation].join(' ')),
  }),
});

function dryRun(rule: readonly string[]): Probe<DryRun> {
  return {
    script: DRY_RUN,
    args: rule,
    parse: ({ rc, stdout }) => ({ rc, output: stdout.toString() }),
  };
}

export function planUfw(
  params: UfwParams,
  state: UfwState,
  tried: DryRun | undefined,
): readonly UfwChange[] {
  return [
    ...stateChanges(params, state),
    ...defaultChanges(params, state),
    ...ruleChanges(params, state, tried),
    ...loggingChanges(params, state),
  ];
}

function stateChanges({ state }: UfwParams, { isActive }: UfwState): UfwChange[] {
  const before = isActive ? 'enabled' : 'disabled';
  if (state === undefined || state === before) return [];
  const verb = { enabled: 'enable', disabled: 'disable', reloaded: 'reload', reset: 'reset' }[
    state
  ];
  return [{ what: 'ufw', before, after: state, operation: ['-f', verb] }];
}

function defaultChanges(params: UfwParams, { defaults }: UfwState): UfwChange[] {
  const { default: policy, direction = 'incoming' } = params;
  if (policy === undefined || direction === 'in' || direction === 'out') return [];
  const before = params.state === 'reset' ? 'reset' : defaults[direction];
  if (before === policy) return [];
  const operation = ['default', policy, direction];
  return [{ what: `ufw default (${direction})`, before, after: policy, operation }];
}

/** @throws ModuleError with what ufw says to a rule that it does not take. */
function ruleChanges(params: UfwParams, state: UfwState, tried: DryRun | undefined): UfwChange[] {
  if (params.rule === undefined) return [];
  const operation = ufwRule(params, insertPosition(params, state));
  if (tried === undefined) {
    return [{ what: 'ufw rules', before: [], after: [operation.join(' ')], operation }];
  }
  if (tried.rc !== 0 && !/non-existent rule/.test(tried.output)) {
    throw new ModuleError(`ufw ${operation.join(' ')}: ${tried.output.trim()}`, {
      data: { rc: tried.rc, stdout: tried.output },
    });
  }
  const change = rulesChange(tried.output, state);
  return change === undefined ? [] : [{ what: 'ufw rules', ...change, operation }];
}

/** `on` is whatever level there is, or `low`. */
function loggingChanges({ logging }: UfwParams, { logging: before }: UfwState): UfwChange[] {
  const isOn = logging === 'on' && before !== 'off';
  if (logging === undefined || logging === before || isOn) return [];
  return [{ what: 'ufw logging', before, after: logging, operation: ['logging', logging] }];
}

async function applyUfw(changes: readonly UfwChange[], target: Target) {
  for (const { operation } of changes) await call(target, operation);
  return { msg: (await call(target, ['status', 'verbose'])).trim() };
}

async function call(target: Target, args: readonly string[]): Promise<string> {
  const { rc, stdout, stderr } = await target.sh(APPLY, { args });
  if (rc === 0) return stdout.toString();
  const said = stderr.toString().trim() || stdout.toString().trim();
  throw new ModuleError(`ufw ${args.join(' ')}: ${said}`, {
    data: { rc, stdout: stdout.toString(), stderr: stderr.toString() },
  });
}
