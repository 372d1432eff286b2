import type { Change, ResultData } from '../../../core/results.ts';
import type { Observed, Probes } from '../../../target/probe.ts';
import type { Target } from '../../../target/target.ts';

/** One of the ways in which `copy` works (a file, a tree, within the host), bound to its parameters: `observe`, `plan`, `apply` and `result` of a resource. */
export interface CopyWay<Ps extends Probes = Probes, Operation = unknown, Answers = unknown> {
  readonly probes: Ps;
  /** What has to be read on the controller once it is known what the host has. */
  answers?(state: Observed<Ps>, isCheckMode: boolean): Promise<Answers>;
  plan(state: Observed<Ps> & Answers, isCheckMode: boolean): readonly Change<Operation>[];
  apply(changes: readonly Change<Operation>[], target: Target): Promise<ResultData | undefined>;
  result(state: Observed<Ps> & Answers, changes: readonly Change<Operation>[]): ResultData;
}
