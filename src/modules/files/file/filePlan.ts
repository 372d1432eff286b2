/** The plan of the `file` module, one function for each state. Pure. */
import { ModuleError } from '../../../core/errors.ts';
import type { Change, ResultData } from '../../../core/results.ts';
import {
  type Attributes,
  attributeResult,
  type ExactAttributes,
  wantedAttributes,
} from '../attributes.ts';
import { planLabels } from '../fileLabels.ts';
import { octal } from '../fileMode.ts';
import type { FileState } from '../fileState.ts';
import type { FileOperation } from './fileApply.ts';
import {
  type FileObserved,
  type FileParams,
  type FilePlan,
  newStart,
  planAttributes,
  type State,
  stateName,
  subject,
} from './fileAttributesPlan.ts';
import { planHardLink, planLink } from './fileLinkPlan.ts';
import { plannedTimes } from './fileTimesPlan.ts';

/** @throws ModuleError when what is there is in the way. */
export function planFile(params: FileParams, state: FileObserved): FilePlan {
  const plan = planState(params, state);
  const { file, labels } = state;
  if (params.state === 'absent' || params.state === 'link') return plan;
  const { path, stat } = subject(params, file);
  return {
    ...plan,
    changes: [...plan.changes, ...planLabels(path, params, labels, stat === undefined)],
  };
}

function planState(params: FileParams, state: FileObserved): FilePlan {
  switch (wantedState(params, state.file)) {
    case 'absent':
      return planAbsent(state.file);
    case 'file':
      return planExisting(params, state);
    case 'directory':
      return planDirectory(params, state);
    case 'touch':
      return planTouch(params, state);
    case 'link':
      return planLink(params, state);
    case 'hard':
      return planHardLink(params, state);
  }
}

export function fileResult(params: FileParams, state: FileObserved): ResultData {
  return planFile(params, state).result;
}

/** Without `state`, what is there stays what it is. */
function wantedState({ state, recurse, follow }: FileParams, file: FileState): State {
  if (state !== undefined) return state;
  const type = (follow ? file.followed : file.own)?.type;
  if (type === 'directory') return 'directory';
  if (type === 'link') return 'link';
  return type === undefined && recurse ? 'directory' : 'file';
}

function planAbsent({ path, own }: FileState): FilePlan {
  const result = { path, state: 'absent' };
  if (own === undefined) return { changes: [], result };
  const before = { path, state: stateName(own) };
  return {
    changes: [{ what: path, before, after: result, operation: { type: 'remove', path } }],
    result,
  };
}

function planExisting(params: FileParams, state: FileObserved): FilePlan {
  const { path, stat } = subject(params, state.file);
  if (stat === undefined) throw notThere(path, 'absent');
  if (stat.type === 'directory') throw notThere(path, 'directory');
  if (stat.type === 'link') throw notThere(path, 'link');
  return planAttributes(params, state, { path, stat, result: { path } });
}

function notThere(path: string, state: string): ModuleError {
  return new ModuleError(`file (${path}) is ${state}, cannot continue`, {
    hint: 'state "touch" makes a file, "directory" a directory',
    data: { path, state },
  });
}

function planDirectory(params: FileParams, state: FileObserved): FilePlan {
  const { file } = state;
  const { path, stat } = subject(params, file);
  if (stat?.type === 'directory') {
    return planAttributes(params, state, { path, stat, result: { path } });
  }
  if (stat !== undefined) {
    throw new ModuleError(`${path} already exists as a ${stateName(stat)}`, { data: { path } });
  }
  const wanted = wantedAttributes(newStart(file, 'directory'), params, file, 'directory');
  const operation: FileOperation = { type: 'directory', path, attributes: asked(params, wanted) };
  const result = { path, ...attributeResult(wanted), state: 'directory' };
  return {
    changes: [{ what: path, before: { path, state: 'absent' }, after: result, operation }],
    result,
  };
}

/** Only what was asked for, with the mode worked out: the host's own defaults do the rest. */
function asked({ owner, group, mode }: FileParams, wanted: Attributes): ExactAttributes {
  return { owner, group, ...(mode === undefined ? {} : { mode: octal(wanted.mode) }) };
}

function planTouch(params: FileParams, state: FileObserved): FilePlan {
  const { file } = state;
  const { path, stat } = subject(params, file);
  if (stat !== undefined) {
    return planAttributes(params, state, { path, stat, result: { dest: path } });
  }
  const wanted = wantedAttributes(newStart(file, 'file'), params, file, 'file');
  const operation: FileOperation = { type: 'create', path, attributes: asked(params, wanted) };
  const result = { dest: path, ...attributeResult(wanted), size: 0, state: 'file' };
  const created: Change<FileOperation> = {
    what: path,
    before: { path, state: 'absent' },
    after: { path, state: 'touch' },
    operation,
  };
  return { changes: [created, ...plannedTimes(params, undefined, path)], result };
}
