/**
 * Where one host stands in a play: a stack of blocks, each with the section and index it has reached. Walking it is
 * synchronous and touches nothing else, so that strategies can be pure and blocks, rescue and includes are testable alone.
 */
import type { DroverError } from '../../core/errors.ts';
import type { Block, Item, Task } from '../../playbook/model.ts';
import type { Layer } from '../../vars/scope.ts';

/**
 * Orders hosts in a play: section and index of each frame, outermost first. Tasks of an include come after the
 * include and before the task that follows it.
 */
export type Position = readonly number[];

/** The failure that a `rescue` section deals with: `ansible_failed_task` and `ansible_failed_result`. */
export interface Failure {
  readonly task: Task;
  readonly result: Readonly<Record<string, unknown>>;
  readonly error?: DroverError;
}

interface Frame {
  readonly block: Block;
  section: 'block' | 'rescue' | 'always';
  index: number;
  /** `always` runs after a failure that nobody rescued; the host fails when it is through. */
  isFailing: boolean;
  /** Whether a task of the role that this frame is did something. */
  hasRun: boolean;
  /** Variables that the include around this frame gives. */
  readonly layer: Layer | undefined;
  /** The same for each item of the frame, when its items are what a loop of includes brought. */
  readonly itemLayers: readonly Layer[];
  /** Orders its items among those of other hosts; by their index when absent. */
  readonly itemRanks: readonly number[] | undefined;
  /** Which of the frame's own items this host runs; all when absent. */
  filter: ((item: Item) => boolean) | undefined;
}

export interface PushOptions {
  readonly layer?: Layer;
  readonly itemLayers?: readonly Layer[];
  readonly itemRanks?: readonly number[];
  readonly filter?: (item: Item) => boolean;
}

const SECTION_ORDER = { block: 0, rescue: 1, always: 2 } as const;

export class HostCursor {
  readonly #frames: Frame[] = [];
  readonly #isSelected: (task: Task) => boolean;
  readonly #runsAfterFailure: ((item: Item) => boolean) | undefined;
  readonly #finishedRoles = new Set<string>();
  #failure: Failure | undefined;
  #hasFailed = false;

  /**
   * @param isSelected whether `--tags` and their kin let a task run.
   * @param runsAfterFailure items of `root` that a failed host still runs (flushes, with `force_handlers`); none when absent.
   */
  constructor(
    root: Block,
    isSelected: (task: Task) => boolean,
    runsAfterFailure?: (item: Item) => boolean,
  ) {
    this.#isSelected = isSelected;
    this.#runsAfterFailure = runsAfterFailure;
    this.push(root);
  }

  /** The task to run next; undefined when this host is through. */
  get task(): Task | undefined {
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      const item = frame.block[frame.section][frame.index];
      if (item === undefined) this.#finishSection(frame);
      else if (!this.#entersOrRuns(frame, item)) frame.index += 1;
      else if (item.kind === 'task') return item;
      else this.#descend(frame, item);
    }
    return undefined;
  }

  get position(): Position {
    return this.#frames.flatMap(({ section, index, itemRanks }) => [
      SECTION_ORDER[section],
      itemRanks?.[index] ?? index,
    ]);
  }

  /** Variables of the includes around the current task, innermost first. */
  get layers(): Layer[] {
    return this.#frames.flatMap((frame) => frame.layer ?? []).reverse();
  }

  /** The failure being rescued, for as long as the play lasts. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** Whether a failure ended this host's play; a rescued one does not. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** The current task is done. */
  advance(): void {
    const frame = this.#frames.at(-1);
    if (frame !== undefined) frame.index += 1;
  }

  /** The current task was not skipped: the role it stands in has done something. */
  ran(): void {
    const frame = this.#frames.findLast(({ block }) => block.role !== undefined);
    if (frame !== undefined) frame.hasRun = true;
  }

  /** Runs `block` inside the current task (an include, a flush of handlers); then the task counts as done. */
  push(block: Block, options: PushOptions = {}): void {
    const { layer, itemLayers = [], itemRanks, filter } = options;
    const start = { section: 'block', index: 0, isFailing: false, hasRun: false } as const;
    this.#frames.push({ block, ...start, layer, itemLayers, itemRanks, filter });
  }

  /** Whether a `rescue` waits for a failure of the current task. */
  get hasRescue(): boolean {
    return this.#frames.some(isRescuing);
  }

  /** The current task failed: goes to the nearest `rescue`, or through the `always` sections to the end. */
  fail(failure: Failure): 'rescued' | 'failed' {
    for (let frame = this.#frames.at(-1); frame !== undefined; frame = this.#frames.at(-1)) {
      if (isRescuing(frame)) {
        this.#failure = failure;
        enter(frame, 'rescue');
        return 'rescued';
      }
      if (frame.section !== 'always' && frame.block.always.length > 0) {
        this.#failure = failure;
        frame.isFailing = true;
        enter(frame, 'always');
        return this.hasRescue ? 'rescued' : 'failed';
      }
      if (this.#goesOnFailed(frame)) return 'failed';
      this.#frames.pop();
    }
    this.#hasFailed = true;
    return 'failed';
  }

  /** A host that failed goes on once with what runs after a failure; when that fails too, it is through. */
  #goesOnFailed(frame: Frame): boolean {
    if (this.#frames.length > 1 || this.#hasFailed) return false;
    if (this.#runsAfterFailure === undefined) return false;
    this.#hasFailed = true;
    frame.filter = this.#runsAfterFailure;
    frame.index += 1;
    return true;
  }

  /** Leaves the play now: `meta: end_host` and `end_play`, an unreachable host. */
  end(): void {
    this.#frames.length = 0;
  }

  /** `meta: clear_host_errors`: after the `always` sections that it is in the host goes on as if nothing had failed. */
  clearFailure(): void {
    for (const frame of this.#frames) frame.isFailing = false;
  }

  /** `meta: end_role`: leaves the innermost role. */
  endRole(): void {
    const depth = this.#frames.findLastIndex((frame) => frame.block.role !== undefined);
    if (depth < 0) return;
    this.#frames.length = depth;
    this.advance();
  }

  #descend(frame: Frame, block: Block): void {
    const layer = frame.section === 'block' ? frame.itemLayers[frame.index] : undefined;
    this.push(block, layer === undefined ? {} : { layer });
  }

  #entersOrRuns(frame: Frame, item: Item): boolean {
    if (frame.filter !== undefined && !frame.filter(item)) return false;
    if (item.kind === 'task') return this.#isSelected(item);
    return item.role?.allowDuplicates !== false || !this.#finishedRoles.has(item.role.key);
  }

  #finishSection(frame: Frame): void {
    if (frame.section !== 'always' && frame.block.always.length > 0) {
      enter(frame, 'always');
      return;
    }
    this.#frames.pop();
    if (frame.isFailing && this.#failure !== undefined) {
      this.fail(this.#failure);
      return;
    }
    const { role } = frame.block;
    if (role?.allowDuplicates === false && frame.hasRun) this.#finishedRoles.add(role.key);
    this.advance();
  }
}

/** Whether a failure inside of `frame` still comes to its `rescue`. */
function isRescuing({ block, section }: Frame): boolean {
  return section === 'block' && block.rescue.length > 0;
}

function enter(frame: Frame, section: Frame['section']): void {
  frame.section = section;
  frame.index = 0;
}
