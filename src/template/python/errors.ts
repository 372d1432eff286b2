/** The errors of expressions, one function each; the position is added where the node is known (`located`). */
import { TemplateError } from '../../core/errors.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { Source } from '../../core/source.ts';
import { type Internal, typeName, Undefined } from './types.ts';

export const UNDEFINED_CODE = 'DROVER_UNDEFINED';

export function typeError(message: string): TemplateError {
  return new TemplateError(message, { code: 'DROVER_TEMPLATE_TYPE' });
}

export function valueError(message: string): TemplateError {
  return new TemplateError(message, { code: 'DROVER_TEMPLATE_VALUE' });
}

export function zeroDivisionError(message: string): TemplateError {
  return new TemplateError(message, { code: 'DROVER_TEMPLATE_ZERO_DIVISION' });
}

/** A filter or lookup was used with content that it cannot work on. */
export function usageError(message: string, hint?: string): TemplateError {
  return new TemplateError(message, { code: 'DROVER_TEMPLATE_USAGE', hint });
}

export function undefinedError(missing: Undefined): TemplateError {
  return new TemplateError(missing.message, {
    code: UNDEFINED_CODE,
    hint: undefinedHint(missing),
    source: missing.source,
  });
}

function undefinedHint({ name, candidates, message }: Undefined): string | undefined {
  if (name === undefined || candidates === undefined) return undefined;
  const isVariable = message === `'${name}' is undefined`;
  const advice = `define it, or say what holds without it: ${name} | default(…)`;
  return didYouMean(name, texts(candidates())) ?? (isVariable ? advice : undefined);
}

export function isUndefinedError(error: unknown): error is TemplateError {
  return error instanceof TemplateError && error.code === UNDEFINED_CODE;
}

/** The value itself, unless it is undefined. @throws TemplateError naming what is undefined. */
export function defined<T extends Internal>(value: T): Exclude<T, Undefined> {
  if (value instanceof Undefined && !value.isLenient) throw undefinedError(value);
  return value as Exclude<T, Undefined>;
}

/** `error` with the position, unless it has one already; what is not a template's error is returned as it is. */
export function located(error: unknown, source: Source | undefined): unknown {
  if (!(error instanceof TemplateError) || error.source !== undefined || source === undefined) {
    return error;
  }
  return new TemplateError(error.message, {
    code: error.code,
    hint: error.hint,
    cause: error.cause ?? error,
    source,
  });
}

export function unsupported(operator: string, left: Internal, right: Internal): TemplateError {
  for (const operand of [left, right]) {
    if (operand instanceof Undefined) return undefinedError(operand);
  }
  return typeError(
    `unsupported operand type(s) for ${operator}: '${typeName(left)}' and '${typeName(right)}'`,
  );
}

function texts(values: Iterable<unknown>): string[] {
  return [...values].filter((value) => typeof value === 'string');
}
