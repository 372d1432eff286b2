/** Asking a host that may be down: each attempt opens a connection of its own, and no answer is an answer. */
import { ModuleError, UnreachableError } from '../../core/errors.ts';
import type { ShellResult, Target } from '../../target/target.ts';
import type { ActionContext } from '../module.ts';

/** Runs `program` on a fresh connection. Undefined, with the reason kept, when nobody answers within `limitMs`. */
async function ask(
  target: Target,
  program: string,
  limitMs: number,
): Promise<ShellResult | string> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${limitMs / 1000} s`), limitMs);
  });
  const answer = target.sh(program, { timeoutMs: limitMs }).catch((error: unknown) => {
    const isSilence = error instanceof UnreachableError || isTimeout(error);
    if (isSilence) return error.message;
    throw error;
  });
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function isTimeout(error: unknown): error is ModuleError {
  return error instanceof ModuleError && error.code === 'DROVER_TIMEOUT';
}

export interface Question {
  readonly program: string;
  /** Whether this is the answer that is waited for. */
  isReached(answer: ShellResult): boolean;
  readonly limitMs: number;
  readonly pauseMs: number;
}

/** Asks until the answer is right. Gives that answer, or the last reason why there was none when `endMs` has passed. */
export async function askUntil(
  { target, controller, signal }: ActionContext,
  { program, isReached, limitMs, pauseMs }: Question,
  endMs: number,
): Promise<ShellResult | string> {
  let reason = 'nothing was tried';
  const leftMs = () => endMs - controller.now().getTime();
  while (leftMs() > 0) {
    const answer = await ask(target, program, Math.min(limitMs, leftMs()));
    if (typeof answer !== 'string' && isReached(answer)) return answer;
    reason = typeof answer === 'string' ? answer : lastLine(answer);
    await target.reset();
    await controller.sleep(Math.min(pauseMs, Math.max(0, leftMs())), signal);
  }
  return reason;
}

function lastLine({ rc, stderr }: ShellResult): string {
  const said = stderr.toString().trim().split('\n').at(-1) ?? '';
  return said === '' ? `exit code ${rc}` : said;
}
