/** Names of the actions that belong to the language itself, and which modules take a bare text. */

const OWN_COLLECTION = /^ansible\.(?:builtin|legacy)\./;

/** `ansible.builtin.include_tasks` → `include_tasks`; other names stay. */
export function shortName(module: string): string {
  return module.replace(OWN_COLLECTION, '');
}

/** Their text is a command: `a=b` in it is not an argument. */
const COMMANDS = new Set(['command', 'shell', 'raw', 'script', 'win_command', 'win_shell']);

/** A text that is a template is their argument, not a dict of arguments. */
const TEXT_TAKERS = new Set([
  ...COMMANDS,
  'add_host',
  'group_by',
  'import_playbook',
  'import_role',
  'import_tasks',
  'include',
  'include_role',
  'include_tasks',
  'include_vars',
  'meta',
  'set_fact',
]);

export function isCommand(module: string): boolean {
  return COMMANDS.has(shortName(module).replace(/^ansible\.windows\./, ''));
}

export function takesText(module: string): boolean {
  return isCommand(module) || TEXT_TAKERS.has(shortName(module));
}
