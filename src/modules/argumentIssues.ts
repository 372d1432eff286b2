/** Says what a schema found wrong in the words of someone who writes playbooks. Never shows a value that may be secret. */
import type { z } from 'zod';

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

function oneOf(values: readonly unknown[]): string {
  const names = values.map((value) => (value === '' ? '""' : String(value)));
  return names.length === 1 ? `${names[0]}` : `one of ${names.join(', ')}`;
}

function unknownKeys(subject: string, keys: readonly string[]): string {
  return `${subject} has no option ${keys.map((key) => `"${key}"`).join(', ')}`;
}
