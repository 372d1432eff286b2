/** What an executable prints, as a module's result: one JSON object, with lines around it forgiven. */
import { ModuleError } from '../../core/errors.ts';
import type { Change, Diff, ResultData } from '../../core/results.ts';
import { fromPlain } from '../../core/values.ts';
import type { ActionOutcome } from '../module.ts';

export interface ProgramOutput {
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ModuleAnswer {
  readonly data: Readonly<Record<string, unknown>>;
  /** Text after the JSON, which the module should not have printed. */
  readonly junk: string;
}

/** @throws ModuleError (DROVER_INVALID_MODULE_OUTPUT) that shows what was printed instead of a JSON object. */
export function answerOf(module: string, output: ProgramOutput): ModuleAnswer {
  const lines = output.stdout.split('\n');
  const start = lines.findIndex((line) => line.trimStart().startsWith('{'));
  const end = lines.findLastIndex((line) => line.trimEnd().endsWith('}'));
  const data =
    start < 0 || end < start ? undefined : objectOf(lines.slice(start, end + 1).join('\n'));
  if (data === undefined) throw noAnswer(module, output);
  return {
    data,
    junk: lines
      .slice(end + 1)
      .join('\n')
      .trim(),
  };
}

function objectOf(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(json);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as Readonly<Record<string, unknown>>) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function noAnswer(module: string, { rc, stdout, stderr }: ProgramOutput): ModuleError {
  const printed = stdout.trim() === '' ? 'nothing' : JSON.stringify(excerpt(stdout.trim()));
  const reason = stderr.trim() === '' ? '' : `; stderr: ${excerpt(stderr.trim())}`;
  return new ModuleError(
    `module "${module}" (exit code ${rc}) must print one JSON object, and printed ${printed} on stdout${reason}`,
    {
      code: 'DROVER_INVALID_MODULE_OUTPUT',
      data: { rc, module_stdout: stdout, module_stderr: stderr },
    },
  );
}

function excerpt(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 300)}…`;
}

/** @throws ModuleError when the module says that it failed, or gives a return code other than 0. */
export function outcomeOf(
  module: string,
  answer: Readonly<Record<string, unknown>>,
): ActionOutcome {
  const { changed, failed, skipped, diff: _diff, ...rest } = answer;
  const data = withoutInternals(rest);
  if (isTrue(failed) || (failed === undefined && isNonZero(rest['rc']))) {
    const msg = typeof rest['msg'] === 'string' ? rest['msg'] : `module "${module}" failed`;
    throw new ModuleError(msg, { data: { ...data, changed: isTrue(changed) } });
  }
  const facts = rest['ansible_facts'];
  return {
    changed: isTrue(changed) && !isTrue(skipped),
    data,
    changes: isTrue(changed) ? changesOf(module, answer['diff']) : [],
    effects:
      typeof facts === 'object' && facts !== null
        ? [{ type: 'hostFacts', facts: factsOf(facts) }]
        : [],
    ...(isTrue(skipped) ? { skipped: String(rest['msg'] ?? 'skipped by the module') } : {}),
  };
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true' || value === 'True' || value === 1;
}

function isNonZero(rc: unknown): boolean {
  return rc !== undefined && rc !== 0 && rc !== '0';
}

function withoutInternals(data: Readonly<Record<string, unknown>>): ResultData {
  return Object.fromEntries(Object.entries(data).filter(([key]) => !key.startsWith('_ansible_')));
}

function factsOf(facts: object) {
  return new Map(Object.entries(facts).map(([name, value]) => [name, fromPlain(value)]));
}

/** One diff or a list of them, as modules give them: `before`, `after` and their headers, or a `prepared` text. */
function changesOf(module: string, diff: unknown): Change[] {
  const diffs = (Array.isArray(diff) ? diff : [diff]).flatMap(diffOf);
  return diffs.length === 0
    ? [{ what: module, operation: null }]
    : diffs.map((each) => ({ what: each.afterHeader ?? module, diff: each, operation: null }));
}

function diffOf(value: unknown): Diff[] {
  if (typeof value !== 'object' || value === null) return [];
  const { before, after, prepared, before_header, after_header } = value as Record<string, unknown>;
  if (prepared !== undefined) return [{ before: '', after: prepared }];
  if (before === undefined && after === undefined) return [];
  return [
    {
      before: before ?? '',
      after: after ?? '',
      ...(typeof before_header === 'string' ? { beforeHeader: before_header } : {}),
      ...(typeof after_header === 'string' ? { afterHeader: after_header } : {}),
    },
  ];
}
