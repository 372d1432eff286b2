/** The keywords of plays, blocks, tasks and roles: spelling, shape and what each becomes in the model. */
import {
  becomeMethodNamed,
  connectionNamed,
  KNOWN_BECOME_METHODS,
  KNOWN_CONNECTIONS,
} from '../core/connectionNames.ts';
import { LoadError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import type { MappingEntry, MappingNode, Node, ScalarNode } from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import {
  isNull,
  isTemplate,
  listed,
  Shapes,
  shapeOf,
  textOfScalar,
  variablesOf,
} from '../source/shapes.ts';
import { type Kind, unfit } from './keywordValues.ts';
import type { Keywords, Variables } from './model.ts';
import { readOldKeyword } from './oldKeywords.ts';

export type KeywordDraft = { -readonly [K in keyof Keywords]: Keywords[K] };

type OneKey = {
  [K in keyof Keywords]-?: Node extends Required<Keywords>[K] ? K : never;
}[keyof Keywords];
type ListKey = {
  [K in keyof Keywords]-?: readonly Node[] extends Required<Keywords>[K] ? K : never;
}[keyof Keywords];

type ReadKeyword = (draft: KeywordDraft, entry: MappingEntry, problems: Problems) => void;
export type KeywordTable = Readonly<Record<string, ReadKeyword>>;

/** Keywords that go from play to role to block to task. */
const INHERITED: KeywordTable = {
  any_errors_fatal: one('anyErrorsFatal', 'boolean'),
  become: one('become', 'boolean'),
  become_exe: one('becomeExe', 'text'),
  become_flags: one('becomeFlags', 'text'),
  become_method: named('becomeMethod', becomeMethodNamed, KNOWN_BECOME_METHODS),
  become_user: one('becomeUser', 'text'),
  check_mode: one('checkMode', 'boolean'),
  collections: list('collections'),
  connection: named('connection', connectionNamed, KNOWN_CONNECTIONS),
  debugger: one('debugger', 'text'),
  diff: one('diff', 'boolean'),
  environment: list('environment'),
  ignore_errors: one('ignoreErrors', 'boolean'),
  ignore_unreachable: one('ignoreUnreachable', 'boolean'),
  module_defaults: list('moduleDefaults'),
  no_log: one('noLog', 'boolean'),
  port: one('port', 'integer'),
  remote_user: one('remoteUser', 'text'),
  run_once: one('runOnce', 'boolean'),
  tags: readTags,
  throttle: one('throttle', 'integer'),
  timeout: one('timeout', 'integer'),
  vars: readVars,
};

const CONDITIONAL: KeywordTable = { when: list('when') };
const DELEGATABLE: KeywordTable = {
  delegate_to: one('delegateTo', 'text'),
  delegate_facts: one('delegateFacts', 'boolean'),
};
const NOTIFYING: KeywordTable = { notify: list('notify') };

export const PLAY_KEYWORDS: KeywordTable = INHERITED;
export const BLOCK_KEYWORDS: KeywordTable = {
  ...INHERITED,
  ...CONDITIONAL,
  ...DELEGATABLE,
  ...NOTIFYING,
};
export const ROLE_KEYWORDS: KeywordTable = { ...INHERITED, ...CONDITIONAL, ...DELEGATABLE };
export const TASK_KEYWORDS: KeywordTable = {
  ...BLOCK_KEYWORDS,
  async: one('async', 'integer'),
  changed_when: list('changedWhen'),
  delay: one('delay', 'number'),
  failed_when: list('failedWhen'),
  loop: readLoop,
  loop_control: readLoopControl,
  poll: one('poll', 'integer'),
  register: readRegister,
  retries: one('retries', 'integer'),
  until: list('until'),
};

/**
 * Reads one entry when the table knows its key, also in an old spelling.
 * @returns whether it was a keyword.
 */
export function readKeyword(
  table: KeywordTable,
  entry: MappingEntry,
  draft: KeywordDraft,
  problems: Problems,
): boolean {
  const name = String(entry.key.value);
  const read = Object.hasOwn(table, name) ? table[name] : undefined;
  if (read !== undefined) {
    read(draft, entry, problems);
    return true;
  }
  return readOldKeyword(INHERITED, entry, draft, problems);
}

/** Notes a key that nobody knows. @param what it stands on: `a play`. */
export function reportUnknownKey(
  key: ScalarNode,
  what: string,
  known: Iterable<string>,
  problems: Problems,
): void {
  const name = String(key.value);
  problems.error(
    'DROVER_UNKNOWN_KEYWORD',
    `unknown keyword "${name}" for ${what}`,
    key.source,
    didYouMean(name, known),
  );
}

function one(key: OneKey, kind: Kind = 'any'): ReadKeyword {
  return (draft, entry, problems) => {
    if (isNull(entry.value)) return;
    const wanted = unfit(entry.value, kind);
    if (wanted === undefined) draft[key] = entry.value;
    else new Shapes(problems).wrong(entry.value, `"${entry.key.value}"`, wanted);
  };
}

/** Told only: a play for hosts that drover cannot reach may stand beside those for hosts that it can. */
function named(
  key: OneKey,
  find: (name: string) => string | undefined,
  known: string,
): ReadKeyword {
  const read = one(key, 'text');
  return (draft, entry, problems) => {
    read(draft, entry, problems);
    const { key: word, value } = entry;
    if (value.kind !== 'scalar' || isNull(value) || isTemplate(value)) return;
    const name = textOfScalar(value.value);
    if (find(name) === undefined)
      problems.warn(`unknown ${word.value} "${name}"`, value.source, known);
  };
}

function list(key: ListKey): ReadKeyword {
  return (draft, entry) => {
    draft[key] = listed(entry.value);
  };
}

/** A list, or a text with commas; templates stay whole. */
function readTags(draft: KeywordDraft, { value }: MappingEntry): void {
  draft.tags = listed(value).flatMap(splitAtCommas);
}

function splitAtCommas(node: Node): readonly Node[] {
  if (node.kind !== 'scalar' || typeof node.value !== 'string' || isTemplate(node)) return [node];
  const names = node.value.split(',').map((name) => name.trim());
  return names.filter((name) => name !== '').map((name) => ({ ...node, value: name }));
}

function readVars(draft: KeywordDraft, { value }: MappingEntry, problems: Problems): void {
  draft.vars = keywordVariables(value, problems);
}

const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** `vars:` of a play, block, task or role entry: a mapping, or a list of them. Names that no template could say are errors. */
export function keywordVariables(node: Node, problems: Problems): Variables {
  const mappings = listed(node).flatMap((item) => {
    const mapping = new Shapes(problems).mapping(item, '"vars"');
    return mapping === undefined ? [] : [mapping];
  });
  for (const { entries } of mappings)
    for (const { key } of entries) checkName('vars', key, problems);
  return new Map(mappings.flatMap((mapping) => [...variablesOf(mapping)]));
}

function checkName(keyword: string, key: ScalarNode, problems: Problems): void {
  if (IDENTIFIER.test(textOfScalar(key.value))) return;
  const message = `Invalid variable name in '${keyword}' specified: '${key.value}'`;
  const hint = 'letters, digits and "_", not beginning with a digit';
  problems.error('DROVER_VARIABLE_NAME', message, key.source, hint);
}

function readRegister(draft: KeywordDraft, { value }: MappingEntry, problems: Problems): void {
  const name = new Shapes(problems).scalar(value, '"register"');
  if (name === undefined) return;
  if (!isTemplate(name)) checkName('register', name, problems);
  draft.register = name;
}

function readLoop(draft: KeywordDraft, { key, value }: MappingEntry): void {
  draft.loop = { items: value, source: key.source };
}

const LOOP_CONTROL = {
  break_when: 'breakWhen',
  extended: 'extended',
  extended_allitems: 'extendedAllItems',
  index_var: 'indexVar',
  label: 'label',
  loop_var: 'loopVar',
  pause: 'pause',
} as const;

function readLoopControl(draft: KeywordDraft, { value }: MappingEntry, problems: Problems): void {
  const mapping = new Shapes(problems).mapping(value, '"loop_control"');
  if (mapping !== undefined) draft.loopControl = loopControlOf(mapping, problems);
}

function loopControlOf(mapping: MappingNode, problems: Problems) {
  const control: Record<string, Node | readonly Node[]> = {};
  for (const { key, value } of mapping.entries) {
    const name = String(key.value);
    if (!(name in LOOP_CONTROL)) {
      reportUnknownKey(key, '"loop_control"', Object.keys(LOOP_CONTROL), problems);
    } else if (name === 'break_when') {
      control['breakWhen'] = listed(value);
    } else {
      control[LOOP_CONTROL[name as keyof typeof LOOP_CONTROL]] = value;
    }
  }
  return control;
}

/** The text of a mapping's key. @throws LoadError for a key that is no text. */
export function keyName(key: ScalarNode): string {
  if (typeof key.value === 'string') return key.value;
  throw new LoadError(`a keyword must be text, this is ${shapeOf(key)}`, {
    code: 'DROVER_WRONG_TYPE',
    source: key.source,
  });
}
