/** Says what a schema found wrong in the words of someone who writes playbooks. Never shows a value that may be secret. */
import type * as z from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  boolean: 'a boolean (yes or no)',
  string: 'text',
  number: 'a number',
  int: 'an integer',
  array: 'a list',
  record: 'a dict',
  object: 'a dict',
};

/** One sentence without a full stop; `argument` is the argument's name as it was written. */
export function issueMessage(issue: z.core.$ZodIssue, argument: string | undefined): string {
  if (argument === undefined) return issue.message;
  const subject = `argument "${[argument, ...issue.path.slice(1).map(String)].join('.')}"`;
  switch (issue.code) {
    case 'invalid_value':
      return `${subject} must be ${oneOf(issue.values)}`;
    case 'invalid_type':
      return `${subject} must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'unrecognized_keys':
      return unknownKeys(subject, issue.keys);
    case 'invalid_union':
      return `${subject} has a value of the wrong kind`;
    default:
      return issue.code === 'custom' ? issue.message : `${subject}: ${issue.message}`;
  }
}

/**
 * The same for `msg` of the task's result, in the form that playbooks have compared with since long;
 * undefined where `issueMessage` is as good.
 */
export function issueResult(
  issue: z.core.$ZodIssue,
  argument: string | undefined,
): string | undefined {
  if (argument === undefined) return issue.message;
  if (issue.code === 'invalid_value') {
    return `value of ${argument} must be one of: ${issue.values.map(String).join(', ')}`;
  }
  if (issue.code !== 'invalid_type') return undefined;
  const kind = RESULT_KINDS[issue.expected] ?? issue.expected;
  const reason = kind === 'bool' ? ': it is not a valid boolean' : '';
  return `argument '${argument}': we were unable to convert to ${kind}${reason}`;
}

/** Python's names of the kinds. */
const RESULT_KINDS: Readonly<Record<string, string>> = {
  boolean: 'bool',
  string: 'str',
  number: 'int or float',
  array: 'list',
  record: 'dict',
  object: 'dict',
};

/** `msg` for arguments that a module does not take. */
export function unsupportedResult(
  module: string,
  names: readonly string[],
  supported: readonly string[],
): string {
  const takes = [...supported].sort().join(', ');
  return `Unsupported parameters for (${module}) module: ${names.join(', ')}. Supported parameters include: ${takes}.`;
}

/** `msg` for arguments that a module needs and does not get. */
export function missingResult(names: readonly string[]): string {
  return `missing required arguments: ${names.join(', ')}`;
}

function oneOf(values: readonly unknown[]): string {
  const names = values.map((value) => (value === '' ? '""' : String(value)));
  return names.length === 1 ? `${names[0]}` : `one of ${names.join(', ')}`;
}

function unknownKeys(subject: string, keys: readonly string[]): string {
  return `${subject} has no option ${keys.map((key) => `"${key}"`).join(', ')}`;
}
