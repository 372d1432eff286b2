/** Answers of a host's programs in JSON. A host may say anything: what is no JSON is its failure, not ours. */
import { ModuleError } from '../core/errors.ts';

const SHOWN_CHARACTERS = 200;

/**
 * @param from who answered, for the message: "pip list"
 * @throws ModuleError `DROVER_BAD_ANSWER` with the beginning of what was said
 */
export function hostJson(text: string, from: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const said = text.trim() === '' ? 'nothing' : text.trim().slice(0, SHOWN_CHARACTERS);
    throw new ModuleError(`${from} did not answer in JSON: ${said}`, {
      code: 'DROVER_BAD_ANSWER',
      cause,
    });
  }
}

/** What a text holds that need not be JSON; undefined when it is none. */
export function jsonIfAny(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
