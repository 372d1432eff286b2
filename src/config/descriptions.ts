/** What each setting is for, in one sentence. */
import type { Definitions } from './table.ts';

type Descriptions = {
  readonly [G in keyof Definitions]: { readonly [N in keyof Definitions[G]]: string };
};

export const DESCRIPTIONS: Descriptions = {
  connection: {
    transport: 'How hosts are reached: ssh (as smart, too), openssh, docker or local.',
    remoteUser: 'The user to log in as.',
    remotePort: 'The port to log in at.',
    privateKeyFile: 'The key to log in with.',
    timeoutSeconds: 'Seconds until a connection must stand.',
    hostKeyChecking: 'Whether unknown host keys are refused.',
    sshArgs: 'Options of ssh.',
    sshCommonArgs: 'More options of ssh, as -o ProxyJump=gate.',
    sshExtraArgs: 'Still more options of ssh.',
    retries: 'How often a connection that does not come about is tried again.',
    askPass: 'Ask for the login password.',
    passwordFile: 'A file with the login password.',
    executable: 'The shell on hosts.',
    remoteTmp: 'A folder for temporary files on hosts.',
  },
  become: {
    become: 'Do the tasks as another user.',
    method: 'How to become another user: sudo, su or doas.',
    user: 'The user to become.',
    exe: 'The program that becomes another user, where it is not called as the method.',
    flags: 'Options of that program.',
    askPass: 'Ask for the password that becoming another user takes.',
    passwordFile: 'A file with that password.',
  },
  run: {
    forks: 'How many hosts are worked on at a time.',
    strategy: 'How hosts wait for each other: linear, free or host_pinned.',
    gathering:
      'Whether plays gather facts unasked (implicit), never (explicit), or once for each host (smart).',
    gatherSubset: 'Which facts are gathered.',
    gatherTimeoutSeconds: 'Seconds that gathering one kind of facts may take.',
    forceHandlers: 'Run handlers also on hosts that failed.',
    missingHandlerIsError: 'Notifying a handler that does not exist is an error, not a warning.',
    anyErrorsFatal: 'A failure on one host ends the play for all.',
    rescueUnreachable: 'The rescue of a block is also for hosts that became unreachable in it.',
    taskTimeoutSeconds: 'Seconds that a task may take; 0 is no limit.',
    pollSeconds: 'Seconds between looks at an asynchronous task.',
    tags: 'Only tasks with one of these tags.',
    skipTags: 'No tasks with one of these tags.',
    noLog: 'Show no results of any task.',
    injectFacts: 'Facts are variables too: ansible_os_family beside ansible_facts.os_family.',
  },
  content: {
    inventory: 'Inventory files, folders, scripts or lists of hosts.',
    rolesPath: 'Folders of roles.',
    collectionsPath: 'Folders that hold ansible_collections/.',
    library: 'Folders of further modules.',
    hashBehaviour:
      'Whether a later dict of the same name takes the place of an earlier one, or is merged into it.',
    duplicateKeys: 'What a key that stands twice in a YAML mapping is.',
    groupNames:
      'Whether characters that variables cannot have become _ in names of groups: never and always warn, ignore and silently do the same without a word.',
    jinjaNative:
      'Whether templates keep the types of values; unset, roles of any age get what they expect.',
    undefinedIsError: 'Whether an undefined variable is an error.',
    ansibleManaged: 'The text of the variable ansible_managed.',
    inventoryTimeoutSeconds: 'Seconds that an inventory script may take.',
  },
  vault: {
    passwordFile: 'A file with the vault password, or a program that prints it.',
    identities: 'Vault passwords as label@source, in the order they are tried.',
    encryptIdentity: 'The label of the password that encrypts.',
    askPass: 'Ask for the vault password.',
  },
  factCache: {
    plugin: 'Where facts outlive a run: memory (they do not) or jsonfile.',
    connection: 'The folder of the facts cache.',
    timeoutSeconds: 'Seconds that cached facts are good for; 0 is for ever.',
    prefix: 'What the names of cache files begin with.',
  },
  output: {
    stdoutCallback: 'The form of the output.',
    callbacks: 'Further outputs.',
    resultFormat: 'How results are printed: json or yaml.',
    displaySkippedHosts: 'Show tasks that were skipped.',
    displayOkHosts: 'Show tasks that changed nothing.',
    displayFailedStderr: 'Failures go to standard error.',
    showCustomStats: 'Show at the end what set_stats collected.',
    showTaskPathOnFailure: 'Show where a failed task stands.',
    checkModeMarkers: 'Say at each play and task that nothing is changed.',
    deprecationWarnings: 'Warn of old spellings.',
    forceColor: 'Use colours also where the output is no terminal.',
    noColor: 'Use no colours.',
    diffAlways: 'Show diffs as with --diff.',
    diffContext: 'Lines of a diff around each change.',
    verbosity: 'How much is told, as by that many -v.',
    logPath: 'A file that what runs say is appended to, with times and without secrets.',
  },
};
