/** `POST /agents/ping`: the double's own endpoint, where its agent reports the host it runs on. */
import { randomUUID } from 'node:crypto';
import { methodNotAllowed, unauthorized } from '../api/errors.ts';
import { isGone } from '../api/references.ts';
import { type ApiRequest, header } from '../api/request.ts';
import { type ApiResponse, ok } from '../api/response.ts';
import { validated } from '../api/validate.ts';
import type { FieldSet } from '../model/field.ts';
import { asText, asTextMap, type Fields } from '../model/json.ts';
import type { World } from '../model/world.ts';
import type { Row } from '../store/store.ts';
import { agentRegistration } from './register.ts';

/** What an agent says about its host. */
const pingFields: FieldSet = {
  dockerUuid: { type: 'string', required: true },
  physicalHostUuid: { type: 'string', required: true },
  hostname: { type: 'string', required: true },
  agentIpAddress: { type: 'string', required: true },
  /** Labels the agent finds itself; they follow the host. */
  labels: { type: 'map', default: {} },
  /** Labels from CATTLE_HOST_LABELS; they count only when the host is made. */
  createLabels: { type: 'map', default: {} },
  dockerVersion: { type: 'string', required: true },
  info: { type: 'map', default: {} },
  memory: { type: 'int', nullable: true },
  milliCpu: { type: 'int', nullable: true },
  localStorageMb: { type: 'int', nullable: true },
};

/** @throws ApiError 401 for keys that are not, or no longer, an agent's */
export async function answerAgents(request: ApiRequest, world: World): Promise<ApiResponse> {
  const registration = await agentRegistration(header(request.headers, 'authorization'), world);
  if (registration === undefined) throw unauthorized();
  if (request.method !== 'POST' || request.segments[1] !== 'ping') throw methodNotAllowed();
  const report = validated(pingFields, request.input(), 'action');
  const host = await reportedHost(report, registration, world);
  await world.presence.seen(host);
  return ok({ type: 'agentPing', hostId: `1h${host.number}`, pingMs: world.pace.pingMs });
}

async function reportedHost(report: Fields, registration: Row, world: World): Promise<Row> {
  const hosts = await world.store.list('host');
  const known = hosts.find(
    (row) =>
      row.uuid === report['dockerUuid'] && row.accountId === registration.accountId && !isGone(row),
  );
  if (known === undefined) return newHost(report, registration, world);
  return refreshed(known, report, registration, world);
}

/** Writes only what differs, so that a quiet host costs the database nothing. */
async function refreshed(host: Row, report: Fields, registration: Row, world: World): Promise<Row> {
  const labels = { ...asTextMap(host.fields['labels']), ...asTextMap(report['labels']) };
  const fields = { ...hostFacts(report, registration), labels };
  const isNew = (name: string) =>
    JSON.stringify(fields[name as keyof typeof fields]) !== JSON.stringify(host.fields[name]);
  if (!Object.keys(fields).some(isNew)) return host;
  return world.lifecycle.patch(host, { fields, hidden: { registration: registration.number } });
}

async function newHost(report: Fields, registration: Row, world: World): Promise<Row> {
  const physical = await physicalHost(report, registration, world);
  return world.lifecycle.create({
    ...blankRow('host', registration, world),
    uuid: asText(report['dockerUuid']) ?? randomUUID(),
    state: 'registering',
    fields: {
      ...hostFacts(report, registration),
      physicalHostId: `1ph${physical.number}`,
      labels: { ...asTextMap(report['createLabels']), ...asTextMap(report['labels']) },
    },
    hidden: { registration: registration.number },
  });
}

async function physicalHost(report: Fields, registration: Row, world: World): Promise<Row> {
  const uuid = asText(report['physicalHostUuid']) ?? randomUUID();
  const rows = await world.store.list('physicalHost');
  const known = rows.find((row) => row.uuid === uuid && row.accountId === registration.accountId);
  const fields = { name: asText(report['hostname']) ?? null };
  return (
    known ??
    world.lifecycle.create({ ...blankRow('physicalHost', registration, world), uuid, fields })
  );
}

function hostFacts(report: Fields, registration: Row) {
  const { hostname, agentIpAddress, dockerVersion, info, memory, milliCpu, localStorageMb } =
    report;
  return {
    hostname: hostname ?? null,
    agentIpAddress: agentIpAddress ?? null,
    dockerVersion: dockerVersion ?? null,
    info: info ?? {},
    memory: memory ?? null,
    milliCpu: milliCpu ?? null,
    localStorageMb: localStorageMb ?? null,
    agentId: `1a${agentNumbers + registration.number}`,
    kind: 'docker',
  };
}

/** Agents are accounts of a kind the double keeps no rows for: their numbers start here. */
const agentNumbers = 1000;

function blankRow(type: string, registration: Row, world: World) {
  return {
    table: type,
    type,
    accountId: registration.accountId,
    state: 'active',
    transitioning: 'no' as const,
    transitioningMessage: null,
    created: world.clock.now(),
    removed: null,
    fields: {},
    hidden: {},
  };
}
