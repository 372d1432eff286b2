/** `yum_repository`: a repository of the RPM family, as a section of a file in `yum.repos.d`. */
import { ModuleError } from '../../../core/errors.ts';
import type { Change } from '../../../core/results.ts';
import {
  applyEdit,
  type EditOperation,
  type EditState,
  editResult,
  observeText,
  planEdit,
  textOf,
} from '../../files/text/textEdit.ts';
import { defineResource } from '../../module.ts';
import { withoutSection, withSection } from './repoFile.ts';
import {
  repositoryPath,
  sectionValues,
  type YumRepositoryParams,
  yumRepositoryParams,
} from './yumRepositoryParams.ts';

type Operation = EditOperation | { readonly type: 'remove'; readonly path: string };

export const yumRepository = defineResource({
  name: 'yum_repository',
  summary: 'Add and remove repositories of dnf and yum',
  description:
    'Other sections of the file stay as they are, with their comments. A file that holds no other section is removed with its last.',
  params: yumRepositoryParams,
  examples: [
    '- yum_repository:\n    name: epel\n    description: EPEL\n    baseurl: https://download.fedoraproject.org/pub/epel/$releasever/$basearch/\n    gpgcheck: true\n    gpgkey: https://download.fedoraproject.org/pub/epel/RPM-GPG-KEY-EPEL-9',
    '- yum_repository: { name: epel, state: absent }',
  ],
  returns: { repo: 'Id of the repository.', state: 'The state asked for.' },
  prepare(given: YumRepositoryParams, controller) {
    for (const secret of [given.password, given.proxy_password]) {
      if (secret !== undefined) controller.addSecret(secret);
    }
    return given;
  },
  observe: (given) => observeText(editOf(given)),
  plan: (given, state): Change<Operation>[] => planRepository(given, state),
  async apply(changes, target) {
    const edits: Change<EditOperation>[] = [];
    for (const { operation, ...change } of changes) {
      if (operation.type !== 'remove') edits.push({ ...change, operation });
      else await remove(operation.path, (script, args) => target.sh(script, { args }));
    }
    if (edits.length > 0) await applyEdit(edits, target);
  },
  result(given, state) {
    const after = textAfter(given, state);
    const attributes =
      after === undefined || after === '' ? {} : editResult(editOf(given), state, after);
    return { ...attributes, repo: given.name, state: given.state };
  },
});

function editOf(given: YumRepositoryParams) {
  return { ...given, path: repositoryPath(given), backup: false };
}

/** Undefined when there is no file and none is wanted. */
function textAfter(given: YumRepositoryParams, state: EditState): string | undefined {
  const before = textOf(state);
  if (given.state === 'present') return withSection(before ?? '', given.name, sectionValues(given));
  return before === undefined ? undefined : withoutSection(before, given.name);
}

function planRepository(given: YumRepositoryParams, state: EditState): Change<Operation>[] {
  const before = textOf(state);
  const after = textAfter(given, state);
  if (given.state === 'present') return planEdit(editOf(given), state, after);
  if (before === undefined || after === before) return [];
  if (after !== '') return planEdit(editOf(given), state, after);
  const path = repositoryPath(given);
  return [{ what: path, before, after: '', operation: { type: 'remove', path } }];
}

async function remove(
  path: string,
  run: (script: string, args: string[]) => Promise<{ rc: number; stderr: Buffer }>,
): Promise<void> {
  const { rc, stderr } = await run('rm -f -- "$1"', [path]);
  if (rc !== 0) throw new ModuleError(`${path}: ${stderr.toString().trim()}`);
}
