/** Brings what dynamic includes ask for. The same file or role under the same task is built once, whoever includes it. */
import { existsSync } from 'node:fs';
import { LoadError, type Warning } from '../../core/errors.ts';
import { includedKeywords } from '../../playbook/applyKeywords.ts';
import type { PlaybookLoader } from '../../playbook/loader.ts';
import type { Block, Task } from '../../playbook/model.ts';
import { includeCandidates } from '../../playbook/searchPath.ts';
import type { TaskJob } from '../tasks/taskJob.ts';
import type { IncludeRequest } from './includes.ts';
import { missingFile, namedFileSource, namedRoleSource } from './missingFile.ts';

export interface IncludeLoaderOptions {
  readonly loader: Pick<PlaybookLoader, 'loadTasks' | 'loadRoleUse'>;
  readonly playbookDir: () => string;
  readonly onWarning: (warning: Warning) => void;
  /** A role came into the play: its handlers, and its variables when it is public. */
  readonly onRole: (block: Block, job: TaskJob) => void;
}

export class IncludeLoader {
  readonly #options: IncludeLoaderOptions;
  readonly #blocks = new WeakMap<Task, Map<string, Promise<Block>>>();

  constructor(options: IncludeLoaderOptions) {
    this.#options = options;
  }

  /** @throws LoadError or LoadErrors when there is no such file or role, or it cannot be read. */
  load(request: IncludeRequest, job: TaskJob): Promise<Block> {
    const known = this.#blocks.get(job.task) ?? new Map<string, Promise<Block>>();
    this.#blocks.set(job.task, known);
    const key =
      request.kind === 'tasks' ? request.file : JSON.stringify([request.name, request.options]);
    const block = known.get(key) ?? this.#build(request, job);
    known.set(key, block);
    // What is missing now may be there when it is asked for again.
    block.catch(() => known.delete(key));
    return block;
  }

  /** Where the file of an `include_tasks` is. */
  find(name: string, task: Task): string {
    const candidates = includeCandidates(name, task, this.#options.playbookDir());
    const file = candidates.find((candidate) => existsSync(candidate));
    if (file !== undefined) return file;
    const details = missingFile(candidates, namedFileSource(task));
    throw new LoadError(`no file "${name}" to include`, details);
  }

  async #build(request: IncludeRequest, job: TaskJob): Promise<Block> {
    const { task, play } = job;
    const keywords = includedKeywords(task);
    const place = { play, parent: task.parent, isHandler: task.isHandler };
    const included = await (request.kind === 'tasks'
      ? this.#options.loader.loadTasks(this.find(request.file, task), {
          ...place,
          keywords,
          source: task.source,
        })
      : this.#options.loader.loadRoleUse(
          { name: request.name, source: namedRoleSource(task), keywords, ...request.options },
          place,
        ));
    for (const warning of included.warnings) this.#options.onWarning(warning);
    if (request.kind === 'role') this.#options.onRole(included.block, job);
    return included.block;
  }
}
