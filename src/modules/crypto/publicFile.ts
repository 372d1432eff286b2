/**
 * Files with public content (requests, certificates) that the host's openssl works out while it is asked: the plan knows
 * the whole new text, and applying it is writing a file.
 */
import { ModuleError } from '../../core/errors.ts';
import type { Change, ResultData } from '../../core/results.ts';
import type { Target } from '../../target/target.ts';
import {
  applyEdit,
  type EditOperation,
  type EditState,
  editResult,
  planEdit,
  textOf,
} from '../files/text/textEdit.ts';
import { applySimple, type GeneratedChange, planGenerated } from './generatedFile.ts';

type EditParams = Parameters<typeof planEdit>[0];
type PublicParams = EditParams & { readonly state: 'present' | 'absent' };

export type PublicOperation =
  | EditOperation
  | GeneratedChange['operation']
  | { readonly type: 'unknown' };

/**
 * @param text as the file shall be; undefined when nobody can know it yet (in check mode).
 * @param summary what people want to read of a text: signatures and serial numbers are random, a diff of them says nothing.
 */
export function planPublic(
  params: PublicParams,
  state: EditState,
  text: string | undefined,
  summary: (text: string) => unknown,
): Change<PublicOperation>[] {
  if (params.state === 'absent') return planGenerated(params, state, undefined, '0644');
  if (text !== undefined) {
    const current = textOf(state);
    const before = current === undefined ? 'absent' : (summary(current) ?? 'unreadable');
    return planEdit(params, state, text).map(({ diff, ...change }) =>
      diff === undefined ? change : { ...change, before, after: summary(text) },
    );
  }
  const before = state.file.followed === undefined ? 'absent' : 'present';
  return [{ what: state.file.path, before, after: 'made anew', operation: { type: 'unknown' } }];
}

export async function applyPublic(
  changes: readonly Change<PublicOperation>[],
  target: Target,
): Promise<ResultData> {
  const edits: Change<EditOperation>[] = [];
  const others: GeneratedChange[] = [];
  for (const { operation, ...change } of changes) {
    if ('content' in operation) edits.push({ ...change, operation });
    else if (operation.type === 'unknown')
      throw new ModuleError(`${change.what} cannot be made: its private key is missing`);
    else others.push({ ...change, operation });
  }
  const written = edits.length === 0 ? {} : await applyEdit(edits, target);
  return { ...written, ...(await applySimple(others, target)) };
}

export function publicResult(
  params: PublicParams,
  state: EditState,
  text: string | undefined,
): ResultData {
  if (params.state === 'absent' || text === undefined) return {};
  const { path: _path, size: _size, ...attributes } = editResult(params, state, text);
  return attributes;
}
