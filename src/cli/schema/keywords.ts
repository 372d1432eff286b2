/** Keywords of plays, blocks, tasks and roles, with their kinds and what they do, for editors. */
import type { Piece } from './pieces.ts';

export type KeywordDocs = Readonly<Record<string, readonly [kind: Piece, description: string]>>;

const INHERITED: KeywordDocs = {
  any_errors_fatal: ['boolean', 'A failure on one host ends the play for all.'],
  become: ['boolean', 'Do it as another user.'],
  become_exe: ['text', 'The program that becomes the other user.'],
  become_flags: ['text', 'Options of that program.'],
  become_method: ['text', 'How to become the other user: sudo, su or doas.'],
  become_user: ['text', 'The user to become.'],
  check_mode: ['boolean', 'Whether nothing is changed here, whatever --check says.'],
  collections: ['texts', 'Collections that short names of roles are looked for in.'],
  connection: ['text', 'How the host is reached.'],
  debugger: ['text', 'When the debugger opens.'],
  diff: ['boolean', 'Whether diffs are shown here, whatever --diff says.'],
  environment: ['any', 'Environment variables of what runs on the host.'],
  ignore_errors: ['boolean', 'Go on after a failure.'],
  ignore_unreachable: ['boolean', 'Go on with a host that could not be reached.'],
  module_defaults: ['any', 'Arguments of modules, where a task does not give them.'],
  no_log: ['boolean', 'Show no results.'],
  port: ['integer', 'The port to connect to.'],
  remote_user: ['text', 'The user to log in as.'],
  run_once: ['boolean', 'Run on the first host only; the result holds for all.'],
  tags: ['texts', 'Names that --tags and --skip-tags choose by.'],
  throttle: ['integer', 'On how many hosts at once, at most.'],
  timeout: ['integer', 'Seconds that the task may take.'],
  vars: ['any', 'Variables.'],
};

const WHEN: KeywordDocs = { when: ['conditions', 'Run only where this holds.'] };

const DELEGATION: KeywordDocs = {
  delegate_to: ['text', 'The host that does the work instead.'],
  delegate_facts: ['boolean', 'Facts belong to the host that did the work.'],
};

export const PLAY_DOCS: KeywordDocs = INHERITED;
export const ROLE_DOCS: KeywordDocs = { ...INHERITED, ...WHEN, ...DELEGATION };
export const BLOCK_DOCS: KeywordDocs = {
  ...ROLE_DOCS,
  notify: ['texts', 'Handlers to run later, when something changed.'],
};

export const TASK_DOCS: KeywordDocs = {
  ...BLOCK_DOCS,
  async: ['integer', 'Let the task go on by itself, for so many seconds.'],
  changed_when: ['conditions', 'When the task counts as changed.'],
  delay: ['number', 'Seconds between attempts.'],
  failed_when: ['conditions', 'When the task counts as failed.'],
  loop: ['any', 'A list: the task runs for each item.'],
  loop_control: ['any', 'Names and looks of the loop.'],
  poll: ['integer', 'Seconds between looks at an asynchronous task; 0 never looks.'],
  register: ['text', 'A variable for the result.'],
  retries: ['integer', 'How often to try again.'],
  until: ['conditions', 'Try again until this holds.'],
};

/** Keys of a play that nothing else has. */
export const PLAY_OPTION_DOCS: KeywordDocs = {
  name: ['text', 'What the play is for.'],
  hosts: ['texts', 'A host pattern: which hosts take part.'],
  gather_facts: ['boolean', 'Whether facts are gathered first.'],
  gather_subset: ['texts', 'Which facts are gathered.'],
  gather_timeout: ['integer', 'Seconds that gathering one kind of facts may take.'],
  fact_path: ['text', 'A folder of local facts on the host.'],
  strategy: ['text', 'How hosts wait for each other: linear, free or host_pinned.'],
  serial: [
    'any',
    'How many hosts at a time go through the play: a number, a percentage, or a list.',
  ],
  order: [
    'text',
    'The order of hosts: inventory, sorted, reverse_sorted, reverse_inventory, shuffle.',
  ],
  max_fail_percentage: ['number', 'The share of hosts that may fail before the play ends for all.'],
  force_handlers: ['boolean', 'Run handlers also on hosts that failed.'],
  vars_files: ['any', 'Files of variables.'],
  vars_prompt: ['any', 'Variables to ask the user for.'],
  user: ['text', 'Old spelling of remote_user.'],
};
