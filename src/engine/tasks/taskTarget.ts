/** Opens the target of a task: the host, or its delegate, as the user that keywords and variables name. */
import type { Module } from '../../modules/module.ts';
import type { Target } from '../../target/target.ts';
import type { TaskScope } from '../../vars/scope.ts';
import { becomeSettings, connectionSettings } from './connectionSettings.ts';
import type { KeywordReader } from './keywordReader.ts';
import { noTarget } from './noTarget.ts';
import type { ItemServices } from './preparedItem.ts';
import type { TaskJob } from './taskJob.ts';

type TargetServices = Pick<ItemServices, 'connectionDefaults' | 'openTarget'>;

export interface TargetPlace {
  readonly job: TaskJob;
  readonly scope: TaskScope;
  readonly reader: KeywordReader;
  readonly delegatedTo: string | undefined;
}

/** The host that does the work; actions that stay on the controller never open a connection. */
export async function taskTarget(
  services: TargetServices,
  { job, scope, reader, delegatedTo }: TargetPlace,
  module: Module,
): Promise<Target> {
  const host = delegatedTo ?? job.host;
  if (module.kind === 'action' && module.runsOn === 'controller') return noTarget(host);
  const variables =
    delegatedTo === undefined ? scope : job.variables.scope(delegatedTo, job.task, job.frames);
  return openTarget(services, host, variables, reader);
}

export async function openTarget(
  services: TargetServices,
  host: string,
  variables: TaskScope,
  reader: KeywordReader,
): Promise<Target> {
  const read = (name: string) => variables.lookup(name);
  const keywords = reader.connection();
  const connection = connectionSettings(host, read, keywords, services.connectionDefaults);
  const become = becomeSettings(read, keywords, services.connectionDefaults);
  return services.openTarget(connection, become, reader.environment());
}
