/** A template that does not parse, with the place inside its text. */
import { TemplateError } from '../../core/errors.ts';

/** 0-based place in the template's text. */
export interface Position {
  readonly lineno: number;
  readonly colno: number;
}

export const SYNTAX_CODE = 'DROVER_TEMPLATE_SYNTAX';

/** `place` becomes the error's `source` once the template's own origin is known. */
export class SyntaxFailure extends Error {
  readonly place: Position;
  readonly hint: string | undefined;

  constructor(message: string, { lineno, colno }: Position, hint?: string) {
    super(message);
    this.name = 'SyntaxFailure';
    this.place = { lineno, colno };
    this.hint = hint;
  }
}

export function syntaxError(
  failure: SyntaxFailure,
  source: TemplateError['source'],
): TemplateError {
  return new TemplateError(failure.message, {
    code: SYNTAX_CODE,
    hint: failure.hint,
    cause: failure,
    source,
  });
}
