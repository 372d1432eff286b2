/** From a stack's two compose files to the services they describe (rancher.md C1, the parts stacks need). */
import { parse } from 'yaml';
import { asFields, asList, asText, asTextMap, type Fields, type Json } from '../model/json.ts';

export interface ComposeService {
  readonly name: string;
  readonly scale: number;
  readonly launchConfig: Fields;
  readonly secondaryLaunchConfigs: readonly Fields[];
  readonly startFirst: boolean;
}

/** @throws Error naming what is wrong with the files */
export function composeServices(
  docker: string,
  rancher: string,
  answers: Fields,
): readonly ComposeService[] {
  const services = servicesOf(substituted(docker, answers));
  const extras = servicesOf(substituted(rancher, answers));
  const sidekicks = new Set(Object.values(services).flatMap(sidekickNames));
  return Object.entries(services)
    .filter(([name]) => !sidekicks.has(name))
    .map(([name, definition]) =>
      composeService(name, definition, services, asFields(extras[name]) ?? {}),
    );
}

function composeService(
  name: string,
  definition: Json,
  all: Fields,
  extra: Fields,
): ComposeService {
  const strategy = asFields(extra['upgrade_strategy']);
  return {
    name,
    scale: Number(extra['scale'] ?? 1),
    launchConfig: launchConfig(name, definition),
    secondaryLaunchConfigs: sidekickNames(definition).map((one) => ({
      name: one,
      ...launchConfig(one, all[one] ?? null),
    })),
    startFirst: strategy?.['start_first'] === true,
  };
}

/** Version 1 has the services at the top, version 2 below `services`. */
function servicesOf(text: string): Fields {
  const document: Json = parse(text) ?? {};
  const fields = asFields(document);
  if (fields === undefined) throw new Error('compose file is not a map of services');
  return (
    asFields(fields['services']) ?? (fields['version'] === undefined ? withoutCatalog(fields) : {})
  );
}

function withoutCatalog(fields: Fields): Fields {
  const isService = ([name]: [string, Json]) => name !== 'catalog' && name !== '.catalog';
  return Object.fromEntries(Object.entries(fields).filter(isService));
}

/** `$NAME` and `${NAME}` become answers; `$$` is a dollar. */
function substituted(text: string, answers: Fields): string {
  return text.replace(/\$\$|\$\{(\w+)\}|\$(\w+)/g, (whole, braced, bare) =>
    whole === '$$' ? '$' : String(answers[braced ?? bare] ?? ''),
  );
}

function sidekickNames(definition: Json | undefined): readonly string[] {
  const labels = labelMap(asFields(definition)?.['labels']);
  return (labels['io.rancher.sidekicks'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}

function launchConfig(name: string, definition: Json): Fields {
  const service = asFields(definition);
  const image = asText(service?.['image']);
  if (service === undefined || image === undefined) throw new Error(`service ${name} has no image`);
  const optional: Record<string, Json | undefined> = {
    command: words(service['command']),
    entryPoint: words(service['entrypoint']),
    ports: texts(service['ports']),
    expose: texts(service['expose']),
    dataVolumes: texts(service['volumes']),
    privileged: service['privileged'],
    user: service['user'],
    workingDir: service['working_dir'],
    networkMode: service['network_mode'] ?? service['net'],
    hostname: service['hostname'],
    tty: service['tty'],
    stdinOpen: service['stdin_open'],
  };
  const given = Object.entries(optional).filter(
    (entry): entry is [string, Json] => entry[1] !== undefined,
  );
  return {
    imageUuid: `docker:${image}`,
    environment: labelMap(service['environment']),
    labels: labelMap(service['labels']),
    ...Object.fromEntries(given),
  };
}

function words(value: Json | undefined): readonly Json[] | undefined {
  return typeof value === 'string' ? value.split(/\s+/).filter(Boolean) : texts(value);
}

function texts(value: Json | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : asList(value).map(String);
}

/** A map, or a list of `key=value` and `key: value`. */
function labelMap(value: Json | undefined): Record<string, string> {
  if (!Array.isArray(value)) return asTextMap(value);
  const pairs = asList(value).map((item) => /^([^=:]+)[=:]\s?(.*)$/.exec(String(item)));
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
}
