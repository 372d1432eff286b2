/**
 * Every error that a user can cause. The class says what the caller does about it; the code is stable and greppable;
 * whatever is not a `DroverError` is a bug of ours and prints its stack.
 */
import type { Source } from './source.ts';

export interface ErrorDetails {
  /** Stable identifier, e.g. `DROVER_UNKNOWN_ARGUMENT`. */
  readonly code: string;
  readonly source?: Source | undefined;
  /** What to do next; one sentence without a full stop, e.g. `did you mean "owner"?`. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** `msg` of a task's result, in the form that playbooks compare with; the message when absent. */
  readonly resultMessage?: string | undefined;
}

export class DroverError extends Error {
  readonly code: string;
  readonly source: Source | undefined;
  readonly hint: string | undefined;
  readonly resultMessage: string | undefined;

  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.source = details.source;
    this.hint = details.hint;
    this.resultMessage = details.resultMessage;
  }
}

/** The same error with other words for a task's result. */
export function withResultMessage<E extends DroverError>(error: E, resultMessage: string): E {
  const { message, stack } = error;
  const copy = Object.create(Object.getPrototypeOf(error) as object) as E;
  return Object.assign(copy, error, { message, stack, resultMessage });
}

/** Wrong content: a playbook, role, inventory or settings file that cannot be used. Found before a host is touched. */
export class LoadError extends DroverError {}

/** A template that does not parse, or an expression that fails for these variables. */
export class TemplateError extends DroverError {}

/** Arguments that a module does not take, found at load or once their templates are evaluated. */
export class ParamsError extends DroverError {
  /** The argument that is wrong, as the playbook spells it, so that the caller can point at it. */
  readonly argument: string | undefined;

  constructor(message: string, details: ErrorDetails & { readonly argument?: string | undefined }) {
    super(message, details);
    this.argument = details.argument;
  }
}

/** A module's work failed on the host: the task is *failed* there. `data` holds the return keys (`rc`, `stderr`, …). */
export class ModuleError extends DroverError {
  readonly data: Readonly<Record<string, unknown>>;

  constructor(
    message: string,
    details: Partial<ErrorDetails> & { readonly data?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, { code: 'DROVER_MODULE_FAILED', ...details });
    this.data = details.data ?? {};
  }
}

/** The host cannot be reached, or the connection was lost and nobody knows how far the request came. */
export class UnreachableError extends DroverError {}

/** Many errors at once: loading reports all that it finds, in the order of the files. */
export class LoadErrors extends DroverError {
  readonly errors: readonly DroverError[];

  constructor(errors: readonly DroverError[]) {
    super(errors.map((error) => error.message).join('\n'), { code: 'DROVER_LOAD_ERRORS' });
    this.errors = errors;
  }
}

/** Something worth a word that does not stop the run. A deprecation names the new spelling in `hint`. */
export interface Warning {
  readonly kind: 'warning' | 'deprecation';
  readonly message: string;
  readonly source?: Source | undefined;
  readonly hint?: string | undefined;
}
