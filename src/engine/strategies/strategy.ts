/** The contract of a strategy: a pure answer to "which (task, hosts) may start now?". The loop around it does the waiting. */
import type { Task } from '../../playbook/model.ts';
import type { Position } from '../plays/cursor.ts';

/** One host that has something left to do. */
export interface HostProgress {
  readonly host: string;
  readonly task: Task;
  readonly position: Position;
  readonly isRunning: boolean;
  readonly hasStarted: boolean;
}

/** Hosts that start one task together: it gets one banner, `run_once` picks its first host. */
export interface Step {
  readonly task: Task;
  readonly hosts: readonly string[];
}

export interface Strategy {
  readonly name: string;
  /** @param forks how many hosts may work at a time. */
  next(progress: readonly HostProgress[], forks: number): readonly Step[];
}

/** Negative when `a` comes first in the play. */
export function comparePositions(a: Position, b: Position): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
