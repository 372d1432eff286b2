/** Every setting: where it may be written, its kind and its default. `keys` are `section.key` of `ansible.cfg`; `drover.yml` takes the key alone. */
import type { Kind } from './kinds.ts';

export interface Definition<T> {
  readonly kind: Kind;
  /** Without the prefixes `DROVER_` and `ANSIBLE_`. */
  readonly env: readonly string[];
  readonly keys: readonly string[];
  readonly default: T;
}

export const SETTINGS = {
  connection: {
    /** The transport: `ssh`, `openssh`, `local`, `docker`, or `smart`, which is `ssh`. */
    transport: text('TRANSPORT', 'defaults.transport', 'ssh'),
    remoteUser: optionalText('REMOTE_USER', 'defaults.remote_user'),
    remotePort: optionalInteger('REMOTE_PORT', 'defaults.remote_port'),
    privateKeyFile: optionalPath('PRIVATE_KEY_FILE', 'defaults.private_key_file'),
    /** Seconds until a connection must stand. */
    timeoutSeconds: integer('TIMEOUT', 'defaults.timeout', 10),
    hostKeyChecking: boolean('HOST_KEY_CHECKING', 'defaults.host_key_checking', true),
    sshArgs: text('SSH_ARGS', 'ssh_connection.ssh_args', ''),
    sshCommonArgs: text('SSH_COMMON_ARGS', 'ssh_connection.ssh_common_args', ''),
    sshExtraArgs: text('SSH_EXTRA_ARGS', 'ssh_connection.ssh_extra_args', ''),
    /** How often a connection is tried again. */
    retries: integer('SSH_RETRIES', 'ssh_connection.retries', 0),
    askPass: boolean('ASK_PASS', 'defaults.ask_pass', false),
    passwordFile: optionalPath('CONNECTION_PASSWORD_FILE', 'defaults.connection_password_file'),
    executable: text('EXECUTABLE', 'defaults.executable', '/bin/sh'),
    remoteTmp: text('REMOTE_TMP', 'defaults.remote_tmp', '~/.ansible/tmp'),
  },
  become: {
    become: boolean('BECOME', 'privilege_escalation.become', false),
    method: text('BECOME_METHOD', 'privilege_escalation.become_method', 'sudo'),
    user: text('BECOME_USER', 'privilege_escalation.become_user', 'root'),
    exe: optionalText('BECOME_EXE', 'privilege_escalation.become_exe'),
    flags: optionalText('BECOME_FLAGS', 'privilege_escalation.become_flags'),
    askPass: boolean('BECOME_ASK_PASS', 'privilege_escalation.become_ask_pass', false),
    passwordFile: optionalPath(
      'BECOME_PASSWORD_FILE',
      'privilege_escalation.become_password_file defaults.become_password_file',
    ),
  },
  run: {
    /** How many hosts at once. */
    forks: integer('FORKS', 'defaults.forks', 50),
    strategy: text('STRATEGY', 'defaults.strategy', 'linear'),
    gathering: choice('GATHERING', 'defaults.gathering', ['implicit', 'explicit', 'smart']),
    gatherSubset: list('GATHER_SUBSET', 'defaults.gather_subset', ['all']),
    gatherTimeoutSeconds: integer('GATHER_TIMEOUT', 'defaults.gather_timeout', 10),
    forceHandlers: boolean('FORCE_HANDLERS', 'defaults.force_handlers', false),
    missingHandlerIsError: boolean(
      'ERROR_ON_MISSING_HANDLER',
      'defaults.error_on_missing_handler',
      true,
    ),
    anyErrorsFatal: boolean('ANY_ERRORS_FATAL', 'defaults.any_errors_fatal', false),
    /** Whether `rescue` is also for hosts that got lost. */
    rescueUnreachable: boolean('RESCUE_UNREACHABLE', 'defaults.rescue_unreachable', false),
    taskTimeoutSeconds: integer('TASK_TIMEOUT', 'defaults.task_timeout', 0),
    /** Seconds between looks at an asynchronous task. */
    pollSeconds: integer('POLL_INTERVAL', 'defaults.poll_interval', 15),
    tags: list('RUN_TAGS', 'tags.run', []),
    skipTags: list('SKIP_TAGS', 'tags.skip', []),
    noLog: boolean('NO_LOG', 'defaults.no_log', false),
    injectFacts: boolean('INJECT_FACT_VARS', 'defaults.inject_facts_as_vars', true),
  },
  content: {
    inventory: sources('INVENTORY', 'defaults.inventory', ['/etc/ansible/hosts']),
    rolesPath: paths('ROLES_PATH', 'defaults.roles_path', [
      '~/.ansible/roles',
      '/usr/share/ansible/roles',
      '/etc/ansible/roles',
    ]),
    collectionsPath: paths(
      'COLLECTIONS_PATH COLLECTIONS_PATHS',
      'defaults.collections_path defaults.collections_paths',
      ['~/.ansible/collections', '/usr/share/ansible/collections'],
    ),
    library: paths('LIBRARY', 'defaults.library', [
      '~/.ansible/plugins/modules',
      '/usr/share/ansible/plugins/modules',
    ]),
    hashBehaviour: choice('HASH_BEHAVIOUR', 'defaults.hash_behaviour', ['replace', 'merge']),
    duplicateKeys: choice('DUPLICATE_YAML_DICT_KEY', 'defaults.duplicate_dict_key', [
      'warn',
      'error',
      'ignore',
    ]),
    groupNames: choice('TRANSFORM_INVALID_GROUP_CHARS', 'defaults.force_valid_group_names', [
      'never',
      'always',
      'ignore',
      'silently',
    ]),
    jinjaNative: boolean('JINJA2_NATIVE', 'defaults.jinja2_native', true),
    undefinedIsError: boolean('ERROR_ON_UNDEFINED_VARS', 'defaults.error_on_undefined_vars', true),
    ansibleManaged: text('MANAGED_STR', 'defaults.ansible_managed', 'Ansible managed'),
    inventoryTimeoutSeconds: integer('INVENTORY_SCRIPT_TIMEOUT', 'inventory.script_timeout', 60),
  },
  vault: {
    passwordFile: optionalPath('VAULT_PASSWORD_FILE', 'defaults.vault_password_file'),
    /** `label@source`, in order. */
    identities: list('VAULT_IDENTITY_LIST', 'defaults.vault_identity_list', []),
    encryptIdentity: optionalText('VAULT_ENCRYPT_IDENTITY', 'defaults.vault_encrypt_identity'),
    askPass: boolean('ASK_VAULT_PASS', 'defaults.ask_vault_pass', false),
  },
  factCache: {
    plugin: text('CACHE_PLUGIN', 'defaults.fact_caching', 'memory'),
    connection: optionalPath('CACHE_PLUGIN_CONNECTION', 'defaults.fact_caching_connection'),
    timeoutSeconds: integer('CACHE_PLUGIN_TIMEOUT', 'defaults.fact_caching_timeout', 86_400),
    prefix: text('CACHE_PLUGIN_PREFIX', 'defaults.fact_caching_prefix', ''),
  },
  output: {
    stdoutCallback: text('STDOUT_CALLBACK', 'defaults.stdout_callback', 'default'),
    callbacks: list(
      'CALLBACKS_ENABLED CALLBACK_WHITELIST',
      'defaults.callbacks_enabled defaults.callback_whitelist',
      [],
    ),
    resultFormat: choice(
      'CALLBACK_RESULT_FORMAT',
      'defaults.callback_result_format defaults.result_format',
      ['json', 'yaml'],
    ),
    displaySkippedHosts: boolean('DISPLAY_SKIPPED_HOSTS', 'defaults.display_skipped_hosts', true),
    displayOkHosts: boolean('DISPLAY_OK_HOSTS', 'defaults.display_ok_hosts', true),
    displayFailedStderr: boolean('DISPLAY_FAILED_STDERR', 'defaults.display_failed_stderr', false),
    showCustomStats: boolean('SHOW_CUSTOM_STATS', 'defaults.show_custom_stats', false),
    showTaskPathOnFailure: boolean(
      'SHOW_TASK_PATH_ON_FAILURE',
      'defaults.show_task_path_on_failure',
      false,
    ),
    checkModeMarkers: boolean('CHECK_MODE_MARKERS', 'defaults.check_mode_markers', false),
    deprecationWarnings: boolean('DEPRECATION_WARNINGS', 'defaults.deprecation_warnings', true),
    forceColor: boolean('FORCE_COLOR', 'defaults.force_color', false),
    noColor: boolean('NOCOLOR NO_COLOR', 'defaults.nocolor', false),
    diffAlways: boolean('DIFF_ALWAYS', 'diff.always', false),
    diffContext: integer('DIFF_CONTEXT', 'diff.context', 3),
    verbosity: integer('VERBOSITY', 'defaults.verbosity', 0),
    logPath: optionalPath('LOG_PATH', 'defaults.log_path'),
  },
};

export type Definitions = typeof SETTINGS;

/** Keys of `ansible.cfg` that need nothing here: what they tune has no counterpart. */
export const ACCEPTED_KEYS: ReadonlySet<string> = new Set([
  'action_warnings',
  'allow_world_readable_tmpfiles',
  'bin_ansible_callbacks',
  'command_warnings',
  'control_path',
  'control_path_dir',
  'cow_selection',
  'host_key_auto_add',
  'interpreter_python',
  'keep_remote_files',
  'local_tmp',
  'module_utils',
  'nocows',
  'pipelining',
  'retry_files_enabled',
  'retry_files_save_path',
  'scp_if_ssh',
  'system_warnings',
  'transfer_method',
  'usetty',
]);

type Simple<T> = (env: string, keys: string, fallback: T) => Definition<T>;

function define<T>(kind: Kind, env: string, keys: string, fallback: T): Definition<T> {
  return { kind, env: env.split(' '), keys: keys.split(' '), default: fallback };
}

function boolean(...[env, keys, fallback]: Parameters<Simple<boolean>>): Definition<boolean> {
  return define('boolean', env, keys, fallback);
}

function integer(...[env, keys, fallback]: Parameters<Simple<number>>): Definition<number> {
  return define('integer', env, keys, fallback);
}

function text(...[env, keys, fallback]: Parameters<Simple<string>>): Definition<string> {
  return define('text', env, keys, fallback);
}

type Texts = readonly string[];

function list(...[env, keys, fallback]: Parameters<Simple<Texts>>): Definition<Texts> {
  return define('list', env, keys, fallback);
}

function paths(...[env, keys, fallback]: Parameters<Simple<Texts>>): Definition<Texts> {
  return define('paths', env, keys, fallback);
}

function sources(...[env, keys, fallback]: Parameters<Simple<Texts>>): Definition<Texts> {
  return define('sources', env, keys, fallback);
}

function optionalText(env: string, keys: string): Definition<string | undefined> {
  return define<string | undefined>('text', env, keys, undefined);
}

function optionalInteger(env: string, keys: string): Definition<number | undefined> {
  return define<number | undefined>('integer', env, keys, undefined);
}

function optionalPath(env: string, keys: string): Definition<string | undefined> {
  return define<string | undefined>('path', env, keys, undefined);
}

/** The first choice is the default. */
function choice<const C extends readonly [string, ...string[]]>(
  env: string,
  keys: string,
  choices: C,
): Definition<C[number]> {
  return define<C[number]>({ choices }, env, keys, choices[0]);
}
