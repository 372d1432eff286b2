import type { Change, ResultData } from '../../core/results.ts';
import type { Observed, Probes } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';

/** One of the ways in which `copy` works (a file, a tree, within the host), bound to its parameters: `observe`, `plan`, `apply` and `result` of a resource. */
export interface CopyWay<Ps extends Probes = Probes, Operation = unknown> {
  readonly probes: Ps;
  plan(state: Observed<Ps>, isCheckMode: boolean): readonly Change<Operation>[];
  apply(changes: readonly Change<Operation>[], target: Target): Promise<ResultData | undefined>;
  result(state: Observed<Ps>): ResultData;
}
