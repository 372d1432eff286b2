/**
 * Scripts that shells of sessions keep in variables. Most requests run one of a few scripts with other arguments, and
 * reading 2 kB costs a host as much as starting a program: so a script travels once in a session, and is named after that.
 */

/** A script as a request tells it: its text goes along when the session does not have it. */
export interface KeptScript {
  /** 0 is the place of those that are not kept. */
  readonly number: number;
  readonly text: string | undefined;
}

/** Of all scripts together: a shell holds no more than that in its memory, whatever a run asks. */
const MAX_BYTES = 512 * 1024;

/** The same number in all sessions of this process, so that the text is held once. */
const numbers = new Map<string, number>();
let bytes = 0;

/** What one session has. */
export class KeptScripts {
  readonly #sent = new Set<number>();

  of(script: string): KeptScript {
    const number = numberOf(script);
    if (number === 0 || !this.#sent.has(number)) {
      this.#sent.add(number);
      return { number, text: script };
    }
    return { number, text: undefined };
  }
}

function numberOf(script: string): number {
  const known = numbers.get(script);
  if (known !== undefined) return known;
  const size = Buffer.byteLength(script);
  if (bytes + size > MAX_BYTES) return 0;
  bytes += size;
  numbers.set(script, numbers.size + 1);
  return numbers.size;
}
