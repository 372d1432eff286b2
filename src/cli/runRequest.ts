/** Everything that a run is asked to do, after flags, environment and settings files have been weighed. */

import type { PlayDefaults } from '../engine/plays/playRun.ts';
import type { TagSelection } from '../engine/plays/tags.ts';
import type { ConnectionDefaults } from '../engine/tasks/connectionSettings.ts';
import type { TaskDefaults } from '../engine/tasks/preparedItem.ts';
import type { GroupNamePolicy } from '../inventory/groupNames.ts';
import type { FileSystem } from '../source/files.ts';
import type { ModeName } from '../template/evaluate/resultMode.ts';
import type { VaultKeyring } from '../vars/vault/keyring.ts';
import type { templateHooks } from './templateHooks.ts';

export interface FactCacheRequest {
  readonly folder: string;
  readonly prefix: string;
  /** 0 keeps facts for ever. */
  readonly timeoutSeconds: number;
  /** `--flush-cache`: forgets what is there first. */
  readonly flushes: boolean;
}

export interface RunRequest {
  /** Where playbooks and roles are read; absent: the disk. */
  readonly files?: FileSystem;
  /** Playbook files, as given. */
  readonly playbooks: readonly string[];
  /** Stands for the folder of a playbook where there is none (`exec`, `inventory`); undefined: the working directory. */
  readonly playbookDir: string | undefined;
  /** Inventory sources: files, folders, scripts, host lists. */
  readonly inventory: readonly string[];
  /** `--limit`, a host pattern. */
  readonly limit: string | undefined;
  readonly tags: TagSelection;
  /** `-e` in the order given. */
  readonly extraVars: readonly string[];
  readonly checkMode: boolean;
  readonly diffMode: boolean;
  readonly verbosity: number;
  readonly forks: number;
  readonly connection: ConnectionDefaults;
  readonly plays: PlayDefaults;
  readonly tasks: TaskDefaults;
  /** `--start-at-task`: the name of a task. */
  readonly startAtTask: string | undefined;
  /** `--step`: asks before each task. */
  readonly steps: boolean;
  /** Where facts outlive the run; undefined when they do not. */
  readonly factCache: FactCacheRequest | undefined;
  readonly templateMode: ModeName;
  readonly rolesPath: readonly string[];
  readonly collectionsPath: readonly string[];
  /** Folders of executables that are modules, beside those of the project. */
  readonly libraryPath: readonly string[];
  readonly mergesDicts: boolean;
  /** How long an inventory script may take. */
  readonly inventoryTimeoutMs: number;
  readonly duplicateKeys: 'warn' | 'error' | 'ignore';
  /** What becomes of characters in names of groups that variables cannot have. */
  readonly groupNames: GroupNamePolicy;
  readonly configFile: string | undefined;
  /** What templates may ask of settings and vaults. */
  readonly templateHooks: ReturnType<typeof templateHooks>;
  /** Opens vaulted values and files. */
  readonly keyring: VaultKeyring;
}
