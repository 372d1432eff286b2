/** Collects what is wrong with content, so that all of it is reported at once. */
import { DroverError, LoadError, LoadErrors, type Warning } from '../core/errors.ts';
import { formatSource, type Source } from '../core/source.ts';

export class Problems {
  readonly errors: DroverError[] = [];
  readonly warnings: Warning[] = [];

  error(code: string, message: string, source: Source | undefined, hint?: string): void {
    this.add(new LoadError(message, { code, source, hint }));
  }

  warn(message: string, source?: Source, hint?: string): void {
    this.warnings.push({ kind: 'warning', message, source, hint });
  }

  /** Tells what was found elsewhere, errors too, as warnings. */
  warnOf(found: readonly (DroverError | Warning)[]): void {
    for (const { message, source, hint } of found) this.warn(message, source, hint);
  }

  /** @param hint names the new spelling. */
  deprecate(message: string, source: Source, hint: string): void {
    this.warnings.push({ kind: 'deprecation', message, source, hint });
  }

  /** The errors as a reader meets them: file by file in the order found, in each from top to bottom. */
  errorsInFileOrder(): readonly DroverError[] {
    const files = [...new Set(this.errors.map(({ source }) => source?.file))];
    return this.errors.toSorted(
      (a, b) =>
        files.indexOf(a.source?.file) - files.indexOf(b.source?.file) ||
        (a.source?.line ?? 0) - (b.source?.line ?? 0) ||
        (a.source?.column ?? 0) - (b.source?.column ?? 0),
    );
  }

  /** The result of `read`, or undefined after noting the `DroverError` that it threw. Other exceptions pass. */
  attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DroverError)) throw error;
      this.add(error);
      return undefined;
    }
  }

  /** A file that is read twice tells its errors once. */
  add(error: DroverError): void {
    if (error instanceof LoadErrors) for (const each of error.errors) this.add(each);
    else if (!this.errors.some((known) => isSame(known, error))) this.errors.push(error);
  }

  /** @throws LoadErrors when there are errors (the error itself, when it is a single one). */
  throwIfAny(): void {
    const [first] = this.errors;
    if (first === undefined) return;
    throw this.errors.length === 1 ? first : new LoadErrors(this.errorsInFileOrder());
  }
}

function isSame(a: DroverError, b: DroverError): boolean {
  if (a === b) return true;
  if (a.message !== b.message || a.source === undefined || b.source === undefined) return false;
  return formatSource(a.source) === formatSource(b.source);
}
