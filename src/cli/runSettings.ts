/** From flags and settings to a run's request. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LoadedSettings, Settings } from '../config/settings.ts';
import { loadSettings } from '../config/settings.ts';
import { LoadError, LoadErrors } from '../core/errors.ts';
import type { ConnectionDefaults } from '../engine/tasks/connectionSettings.ts';
import { passwordOf } from './passwords.ts';
import type { RunFlags } from './runFlags.ts';
import type { RunRequest } from './runRequest.ts';
import { templateHooks } from './templateHooks.ts';
import { vaultKeyring } from './vaultKeys.ts';
import type { World } from './world.ts';

export interface RunSetup {
  readonly request: RunRequest;
  readonly settings: Settings;
  readonly loaded: LoadedSettings;
}

/** Weighs flags, environment and files; asks for passwords where a flag says so. @throws LoadErrors for wrong settings. */
export async function runSetup(
  playbooks: readonly string[],
  flags: RunFlags,
  world: World,
): Promise<RunSetup> {
  const loaded = settingsOf(flags, world);
  const { settings } = loaded;
  const { run, content, output } = settings;
  const request: RunRequest = {
    playbooks,
    inventory: flags.inventory ?? inventorySources(content.inventory),
    limit: flags.limit?.join(','),
    tags: { only: run.tags.value, skip: run.skipTags.value },
    extraVars: flags.extraVars ?? [],
    checkMode: flags.check ?? false,
    diffMode: flags.diff ?? output.diffAlways.value,
    verbosity: flags.verbose || output.verbosity.value,
    playbookDir: flags.playbookDir,
    forks: run.forks.value,
    connection: await connectionDefaults(settings, flags, world),
    plays: {
      strategy: run.strategy.value,
      gathersFacts: run.gathering.value !== 'explicit',
      gathersOnce: run.gathering.value === 'smart',
      gatherSubset: subsetOf(run.gatherSubset.value),
      forceHandlers: run.forceHandlers.value,
      missingHandlerIsError: run.missingHandlerIsError.value,
      anyErrorsFatal: run.anyErrorsFatal.value,
      rescuesUnreachable: run.rescueUnreachable.value,
    },
    tasks: {
      timeoutSeconds: run.taskTimeoutSeconds.value,
      pollSeconds: run.pollSeconds.value,
    },
    startAtTask: flags.startAtTask,
    steps: flags.step ?? false,
    factCache: factCacheRequest(settings, flags, world),
    templateMode: templateMode(settings),
    rolesPath: content.rolesPath.value,
    libraryPath: [...modulePath(flags, world), ...content.library.value],
    collectionsPath: content.collectionsPath.value,
    mergesDicts: content.hashBehaviour.value === 'merge',
    inventoryTimeoutMs: content.inventoryTimeoutSeconds.value * 1000,
    duplicateKeys: content.duplicateKeys.value,
    groupNames: content.groupNames.value,
    configFile: loaded.configFile,
    templateHooks: templateHooks(settings),
    keyring: await vaultKeyring(settings, flags, world),
  };
  return { request, settings, loaded };
}

/** Settings of flags, environment and files. @throws LoadErrors for wrong ones. */
export function settingsOf(flags: RunFlags, world: World): LoadedSettings {
  const loaded = loadSettings({
    env: world.environment,
    cwd: world.cwd,
    home: world.home,
    flags: flagSettings(flags),
  });
  if (loaded.errors.length > 0) throw new LoadErrors(loaded.errors);
  return loaded;
}

/** @throws LoadErrors for a cache that drover does not have, or that lacks its folder. */
function factCacheRequest(
  { factCache }: Settings,
  flags: RunFlags,
  { cwd }: World,
): RunRequest['factCache'] {
  const plugin = factCache.plugin.value.replace(/^(ansible\.(builtin|legacy)\.)/, '');
  if (plugin === 'memory') return undefined;
  const folder = factCache.connection.value;
  if (plugin !== 'jsonfile') throw wrongCache(`no facts cache "${plugin}"`, 'use "jsonfile"');
  if (folder === undefined)
    throw wrongCache('the facts cache needs a folder', 'set fact_caching_connection to one');
  return {
    folder: resolve(cwd, folder),
    prefix: factCache.prefix.value,
    timeoutSeconds: factCache.timeoutSeconds.value,
    flushes: flags.flushCache ?? false,
  };
}

function wrongCache(message: string, hint: string): LoadErrors {
  return new LoadErrors([new LoadError(message, { code: 'DROVER_FACT_CACHE', hint })]);
}

function flagSettings(flags: RunFlags): Parameters<typeof loadSettings>[0]['flags'] & object {
  return {
    connection: {
      transport: flags.connection,
      remoteUser: flags.user,
      privateKeyFile: flags.privateKey,
      timeoutSeconds: flags.timeout,
      askPass: flags.askPass,
      passwordFile: flags.connectionPasswordFile,
      sshCommonArgs: flags.sshCommonArgs,
      sshExtraArgs: flags.sshExtraArgs,
    },
    become: {
      become: flags.become,
      method: flags.becomeMethod,
      user: flags.becomeUser,
      askPass: flags.askBecomePass,
      passwordFile: flags.becomePasswordFile,
    },
    run: {
      forks: flags.forks,
      forceHandlers: flags.forceHandlers,
      tags: flags.tags,
      skipTags: flags.skipTags,
      taskTimeoutSeconds: flags.taskTimeout,
    },
    vault: { askPass: flags.askVaultPass },
  };
}

/** Folders of `-M`, which go before those of the settings. */
function modulePath({ modulePath: given = [] }: RunFlags, { cwd }: World): readonly string[] {
  return given.flatMap((folders) => folders.split(':')).map((folder) => resolve(cwd, folder));
}

/** The default place may be missing: then only the implicit localhost is there. */
function inventorySources({ value, origin }: Settings['content']['inventory']): readonly string[] {
  return origin.kind === 'default' ? value.filter((source) => existsSync(source)) : value;
}

/** Asked for all is the default, and says nothing. */
function subsetOf(subset: readonly string[]): readonly string[] {
  return subset.length === 1 && subset[0] === 'all' ? [] : subset;
}

/** `jinja2_native` chooses one of the two strict modes; without it values are converted as old and new roles expect. */
function templateMode({ content }: Settings): RunRequest['templateMode'] {
  const { value, origin } = content.jinjaNative;
  if (origin.kind === 'default') return 'auto';
  return value ? 'native' : 'legacy';
}

async function connectionDefaults(
  settings: Settings,
  flags: RunFlags,
  world: World,
): Promise<ConnectionDefaults> {
  const { connection, become } = settings;
  const password = await passwordOf(connection, 'SSH password: ', world);
  const asked = await passwordOf(become, 'BECOME password[defaults to SSH password]: ', world);
  const checking = connection.hostKeyChecking.value ? 'strict' : 'off';
  return {
    transport: connection.transport.value,
    user: connection.remoteUser.value,
    password,
    privateKeyFile: connection.privateKeyFile.value,
    hostKeyChecking: flags.acceptNewHostKeys === true ? 'accept-new' : checking,
    knownHostsFiles: [join(world.home, '.ssh/known_hosts'), '/etc/ssh/ssh_known_hosts'],
    connectTimeoutMs: connection.timeoutSeconds.value * 1000,
    retries: connection.retries.value,
    sshArgs: [connection.sshArgs, connection.sshCommonArgs, connection.sshExtraArgs].flatMap(
      ({ value }) => value.split(/\s+/).filter((word) => word !== ''),
    ),
    become: become.become.value,
    becomeMethod: become.method.value,
    becomeUser: become.user.value,
    becomePassword: asked?.reveal() === '' ? password : asked,
    home: world.home,
  };
}
