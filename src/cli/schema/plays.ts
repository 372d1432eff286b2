/** The schemas of playbooks and of files of tasks. */
import type { Module } from '../../modules/module.ts';
import { OLD_BECOME } from '../../playbook/oldKeywords.ts';
import {
  BLOCK_DOCS,
  type KeywordDocs,
  PLAY_DOCS,
  PLAY_OPTION_DOCS,
  ROLE_DOCS,
  TASK_DOCS,
} from './keywords.ts';
import { moduleSchemas } from './modules.ts';
import { type JsonSchema, PIECES, piece } from './pieces.ts';

/** A list of plays and imports of playbooks. */
export function playbookSchema(modules: readonly Module[]): JsonSchema {
  return {
    type: ['array', 'null'],
    items: {
      anyOf: [piece('import_playbook'), piece('play')],
    },
    definitions: {
      ...taskDefinitions(modules),
      play: play(),
      import_playbook: importPlaybook(),
      role: role(),
    },
  };
}

/** A file of tasks or handlers. */
export function tasksSchema(modules: readonly Module[]): JsonSchema {
  return { ...items(), type: ['array', 'null'], definitions: taskDefinitions(modules) };
}

function taskDefinitions(modules: readonly Module[]): Readonly<Record<string, JsonSchema>> {
  const { definitions, properties } = moduleSchemas(modules);
  return { ...PIECES, ...definitions, block: block(), task: task(properties) };
}

function items(): JsonSchema {
  return {
    type: 'array',
    items: { anyOf: [piece('task'), piece('block')] },
  };
}

function documented(docs: KeywordDocs): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    Object.entries(docs).map(([name, [kind, description]]) => [name, piece(kind, { description })]),
  );
}

/** Spellings that work with a warning, on whatever can become another user. */
function oldKeywords(): Readonly<Record<string, JsonSchema>> {
  const replaced = Object.entries(OLD_BECOME).map(([name, { key }]) => [name, key] as const);
  return Object.fromEntries(
    [...replaced, ['always_run', 'check_mode'] as const].map(([name, key]) => [
      name,
      { description: `Old spelling of ${key}.`, deprecationMessage: `write ${key}` },
    ]),
  );
}

function play(): JsonSchema {
  const sections = {
    pre_tasks: 'Tasks before the roles.',
    tasks: 'Tasks after the roles.',
    post_tasks: 'Tasks at the end.',
    handlers: 'Tasks that run when another task changed something and notified them.',
  };
  const lists = Object.entries(sections).map(([name, description]) => [name, listOf(description)]);
  return {
    type: 'object',
    required: ['hosts'],
    properties: {
      ...documented(PLAY_OPTION_DOCS),
      ...documented(PLAY_DOCS),
      ...oldKeywords(),
      ...Object.fromEntries(lists),
      roles: {
        type: ['array', 'null'],
        items: piece('role'),
        description: 'Roles, in this order.',
      },
    },
    additionalProperties: false,
  };
}

function listOf(description: string): JsonSchema {
  return { description, anyOf: [items(), { type: 'null' }] };
}

function importPlaybook(): JsonSchema {
  const names = ['import_playbook', 'ansible.builtin.import_playbook', 'include'];
  const file = { type: 'string', description: 'The playbook whose plays stand here.' };
  return {
    type: 'object',
    anyOf: names.map((name) => ({ required: [name] })),
    properties: Object.fromEntries(names.map((name) => [name, file])),
  };
}

/** A name, or a mapping whose other keys are parameters of the role. */
function role(): JsonSchema {
  const name = { type: 'string', description: 'The name or path of the role.' };
  return {
    anyOf: [
      { type: 'string' },
      {
        type: 'object',
        properties: { role: name, name, ...documented(ROLE_DOCS), ...oldKeywords() },
      },
    ],
  };
}

function block(): JsonSchema {
  return {
    type: 'object',
    required: ['block'],
    properties: {
      name: piece('text', { description: 'What the tasks are for.' }),
      block: listOf('Tasks that share keywords.'),
      rescue: listOf('Tasks that run where one of the block failed.'),
      always: listOf('Tasks that run at the end, whatever happened.'),
      ...documented(BLOCK_DOCS),
      ...oldKeywords(),
    },
    additionalProperties: false,
  };
}

/** Modules that are not built in are known by their full names only. */
function task(modules: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return {
    type: 'object',
    properties: {
      name: piece('text', { description: 'What the task is for.' }),
      action: { type: ['string', 'object'], description: 'The module with its arguments.' },
      local_action: { type: ['string', 'object'], description: 'As action, on this machine.' },
      args: { type: ['object', 'string', 'null'], description: 'More arguments of the module.' },
      listen: piece('texts', { description: 'Topics that a handler answers to.' }),
      static: piece('boolean', { description: 'Whether an old include is an import.' }),
      ...documented(TASK_DOCS),
      ...oldKeywords(),
      loop_control: loopControl(),
      ...INCLUDES,
      ...modules,
    },
    patternProperties: {
      '^with_': { description: 'Old spelling of a loop over what a lookup gives.' },
      '^[a-z_]\\w*\\.[a-z_]\\w*\\.\\w': { description: 'A module by its full name.' },
    },
    additionalProperties: false,
  };
}

function loopControl(): JsonSchema {
  return {
    type: 'object',
    description: 'Names and looks of the loop.',
    properties: {
      loop_var: piece('text', { description: 'The name of the item (item).' }),
      index_var: piece('text', { description: 'A variable for the place in the list.' }),
      label: { description: 'What is shown for the item.' },
      pause: piece('number', { description: 'Seconds between items.' }),
      extended: piece('boolean', { description: 'Whether ansible_loop is there.' }),
      extended_allitems: piece('boolean', { description: 'Whether ansible_loop has all items.' }),
      break_when: piece('conditions', { description: 'End the loop when this holds.' }),
    },
    additionalProperties: false,
  };
}

const FILE = { type: ['string', 'object'] };
const ROLE_USE = {
  type: ['object', 'string'],
  properties: {
    name: { type: 'string', description: 'The name or path of the role.' },
    tasks_from: { type: 'string', description: 'A file of its tasks/ instead of main.' },
    handlers_from: { type: 'string', description: 'A file of its handlers/ instead of main.' },
    vars_from: { type: 'string', description: 'A file of its vars/ instead of main.' },
    defaults_from: { type: 'string', description: 'A file of its defaults/ instead of main.' },
    public: piece('boolean', { description: 'Its variables hold for the rest of the play.' }),
    allow_duplicates: piece('boolean', { description: 'It may run more than once.' }),
    rolespec_validate: piece('boolean', { description: 'Its arguments are checked.' }),
    apply: { type: 'object', description: 'Keywords for all tasks in it.' },
  },
};
const INCLUDE_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  include_tasks: { ...FILE, description: 'Tasks of a file, chosen when the run gets there.' },
  import_tasks: { ...FILE, description: 'Tasks of a file, read at the start.' },
  include_role: { ...ROLE_USE, description: 'A role, chosen when the run gets there.' },
  import_role: { ...ROLE_USE, description: 'A role, read at the start.' },
  include: { ...FILE, description: 'Old spelling of include_tasks and import_tasks.' },
};
/** Tasks that the engine carries out itself, by each of their names. */
const INCLUDES = Object.fromEntries(
  Object.entries(INCLUDE_SCHEMAS).flatMap(([name, schema]) =>
    ['', 'ansible.builtin.', 'ansible.legacy.'].map((prefix) => [`${prefix}${name}`, schema]),
  ),
);
