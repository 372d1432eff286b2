/** `state: healthy`: waits for the health check, and says what it said when it does not succeed. */
import { ModuleError } from '../../../core/errors.ts';
import type { ResultData } from '../../../core/results.ts';
import type { Target } from '../../../target/target.ts';
import type { ApplyContext } from '../../module.ts';
import { type Engine, withEngine } from '../client.ts';
import { type ContainerInspect, inspectContainer } from './inspect.ts';
import type { Params } from './params.ts';
import { logs } from './steps.ts';

const POLL_MS = 500;
const LOG_LINES = 10;

export function waitUntilHealthy(
  target: Target,
  params: Params,
  context: ApplyContext,
): Promise<ResultData> {
  return withEngine(target, params, context.signal, async (engine) => {
    const { healthy_wait_timeout: limitMs } = params;
    const { controller, signal } = context;
    const until = limitMs > 0 ? controller.now().getTime() + limitMs : Infinity;
    for (;;) {
      const container = await inspectContainer(engine, params.name);
      const verdict = verdictOf(container);
      if (verdict === 'healthy') return { container };
      const isLate = controller.now().getTime() >= until;
      if (verdict !== 'wait' || isLate) throw await unhealthy(engine, params, container, verdict);
      await controller.sleep(POLL_MS, signal);
    }
  });
}

type Verdict = 'healthy' | 'wait' | 'unchecked' | 'ended' | 'gone';

export function verdictOf(container: ContainerInspect | undefined): Verdict {
  if (container === undefined) return 'gone';
  const { Status, Running, Health } = container.State;
  if (!Running && Status !== 'restarting') return 'ended';
  if (Health === undefined || Health === null || Health.Status === 'none') return 'unchecked';
  return Health.Status === 'healthy' ? 'healthy' : 'wait';
}

async function unhealthy(
  engine: Engine,
  { name, healthy_wait_timeout }: Params,
  container: ContainerInspect | undefined,
  verdict: Verdict,
): Promise<ModuleError> {
  const output = await logs(engine, name, LOG_LINES);
  const check = container?.State.Health?.Log?.at(-1);
  const said =
    check === undefined
      ? ''
      : `; its last check ended with ${check.ExitCode}: ${check.Output.trim()}`;
  const seconds = healthy_wait_timeout / 1000;
  const reasons: Readonly<Record<Verdict, string>> = {
    gone: 'is gone',
    unchecked: 'has no health check',
    ended: `ended with status ${container?.State.ExitCode ?? 'unknown'}`,
    wait: `is ${container?.State.Health?.Status ?? 'not healthy'} after ${seconds} s${said}`,
    healthy: 'is healthy',
  };
  const hint =
    verdict === 'unchecked' ? 'set "healthcheck", or wait for a port with wait_for' : undefined;
  return new ModuleError(`container ${name} ${reasons[verdict]}`, {
    code: 'DROVER_CONTAINER_UNHEALTHY',
    hint: hint ?? (output === '' ? undefined : `its log ends: ${output.trimEnd()}`),
    data: { ...(container && { container }), output },
  });
}
