/** What the modules that edit texts share: parameters, the questions to the host, and the file's new text as a placement. */
import * as z from 'zod';
import { ModuleError } from '../../../core/errors.ts';
import type { Change, ResultData } from '../../../core/results.ts';
import type { Target } from '../../../target/target.ts';
import { boolean, fileAttributes, path, text } from '../../params.ts';
import { fileLabels, type Labels } from '../fileLabels.ts';
import { type FileState, fileState } from '../fileState.ts';
import { payloadOf } from '../payload.ts';
import {
  applyPlacement,
  type Placement,
  type PlacementOperation,
  placementResult,
  planPlacement,
  setsAttributes,
} from '../placement.ts';

export const editParams = {
  path: path()
    .describe('The file to edit. Absolute.')
    .meta({ aliases: ['dest', 'destfile', 'name'] }),
  backup: boolean()
    .default(false)
    .describe('Keep the old file, with time and process id in its name.'),
  validate: text()
    .optional()
    .describe('A command that checks the new file (`%s`) before it is put in place.'),
  ...fileAttributes,
} satisfies z.ZodRawShape;

const EditParams = z.object(editParams);
type EditParams = z.output<typeof EditParams> & {
  /** `false`: a new text replaces a symbolic link; otherwise it is written through it. */
  readonly follow?: boolean;
};

export interface EditState {
  /** With its content. */
  readonly file: FileState;
  readonly labels: Labels | undefined;
}

/** The file with its whole text. */
export function observeText(params: EditParams) {
  const { path: file, owner, group } = params;
  return {
    file: fileState(file, { owner, group, content: true }),
    labels: fileLabels(file, params),
  };
}

/** The text, or undefined when there is no file. Bytes that are not UTF-8 are kept by reading them as latin1. */
export function textOf({ file }: EditState): string | undefined {
  if (file.followed?.type === 'directory') {
    throw new ModuleError(`${file.path} is a directory`, { data: { path: file.path } });
  }
  return file.content?.toString(encodingOf(file.content));
}

export const editReturns = {
  msg: 'What was done, in words.',
  backup_file: 'The old file, with `backup`.',
};

export type EditOperation = PlacementOperation & { readonly content: Buffer };

/**
 * The changes that give the file `after` and the asked-for attributes. A text is written as the file is encoded, bytes as
 * they are. Undefined `after`: the file stays away.
 */
export function planEdit(
  params: EditParams,
  state: EditState,
  after: string | Buffer | undefined,
): Change<EditOperation>[] {
  if (after === undefined) return [];
  const placement = placementOf(params, state, after);
  const content = placement.payload.content ?? Buffer.alloc(0);
  return planPlacement(placement).map((change) => ({
    ...change,
    operation: { ...change.operation, content },
  }));
}

/** In words that playbooks look for: what happens to the text (`done`), and beside it. */
export function editMessage(
  params: EditParams,
  state: EditState,
  after: string | undefined,
  done: string,
): string {
  if (after === undefined || !setsAttributes(placementOf(params, state, after))) return done;
  const beside = 'ownership, perms or SE linux context changed';
  return done === '' ? beside : `${done} and ${beside}`;
}

/** Attributes of the file as it will be; empty when there is none. */
export function editResult(
  params: EditParams,
  state: EditState,
  after: string | undefined,
): ResultData {
  if (after === undefined) return { path: state.file.path };
  const { dest, ...attributes } = placementResult(placementOf(params, state, after));
  return { path: dest, ...attributes };
}

export async function applyEdit(
  changes: readonly Change<EditOperation>[],
  target: Target,
): Promise<ResultData> {
  const operations = changes.map(({ operation }) => operation);
  const payload = payloadOf(operations[0]?.content ?? '');
  const { backup_file: backup } = await applyPlacement(operations, target, payload);
  return backup === undefined ? {} : { backup_file: backup, backup };
}

/** The text decides here, not a hash of the host's. */
function placementOf(
  params: EditParams,
  { file, labels }: EditState,
  after: string | Buffer,
): Placement {
  const { content } = file;
  const encoding = content === undefined ? 'utf8' : encodingOf(content);
  const hex = content === undefined ? undefined : payloadOf(content).digest('sha1');
  const bytes = typeof after === 'string' ? Buffer.from(after, encoding) : after;
  return {
    ...params,
    state: hex === undefined ? file : { ...file, checksum: { algorithm: 'sha1', hex } },
    payload: payloadOf(bytes),
    labels,
    force: true,
    follow: params.follow !== false || content?.equals(bytes) === true,
    parents: {},
    diff: { before: content, afterHeader: file.path },
  };
}

function encodingOf(content: Buffer): 'utf8' | 'latin1' {
  return Buffer.from(content.toString('utf8')).equals(content) ? 'utf8' : 'latin1';
}

/** @throws ModuleError as users of these modules know it. */
export function doesNotExist(what: string, file: string): ModuleError {
  return new ModuleError(`${what} ${file} does not exist !`, {
    hint: 'create: yes makes it',
    data: { rc: 257 },
  });
}

/** The lines with their ends; a last line without newline has none. */
export function linesOf(content: string): string[] {
  return content.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** A line without its end. */
export function bare(line: string): string {
  return line.replace(/[\r\n]+$/, '');
}
