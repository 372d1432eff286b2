/** Settings: CATTLE_A_B_C beats what was set by the API, which beats DEFAULT_CATTLE_A_B_C, which beats the defaults. */
import { randomUUID } from 'node:crypto';
import { asText } from '../model/json.ts';
import type { Row, Store } from '../store/store.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface Setting {
  readonly name: string;
  /** What the API set; null when nothing did. */
  readonly value: string | null;
  readonly activeValue: string | null;
  readonly source: string | null;
  readonly inDb: boolean;
}

const defaults: Readonly<Record<string, string>> = {
  'api.host': '',
  'api.security.enabled': 'false',
  'api.auth.provider.configured': 'none',
  'bootstrap.required.image': 'rancher/agent:v1.2.11',
  'catalog.url':
    '{"catalogs":{"library":{"url":"https://git.rancher.io/rancher-catalog.git","branch":"v1.6-release"}}}',
  'host.remove.delay.seconds': '-1',
  'lb.instance.image': 'rancher/lb-service-haproxy:v0.9.14',
  'project.template.default.name': 'Cattle',
  'registration.token.period.millis': '315360000000',
  'registry.default': '',
  'registry.whitelist': '',
  'supported.docker.range':
    '~v1.12.3 || ~v1.13.0 || ~v17.03.0 || ~v17.06.0 || ~v17.09.0 || ~v17.12.0 || ~v18.03.0 || ~v18.06.0 || ~v18.09.0 || ~v19.03.2',
  'telemetry.opt': 'prompt',
  'upgrade.manager': 'mandatory',
};

export class Settings {
  readonly #store: Store;
  readonly #environment: Environment;
  readonly #fixed: Readonly<Record<string, string>>;

  /** `version` is the release of this server: setting `rancher.server.version`. */
  constructor(store: Store, environment: Environment, version: string) {
    this.#store = store;
    this.#environment = environment;
    this.#fixed = { ...defaults, 'rancher.server.version': version };
  }

  async value(name: string): Promise<string | null> {
    return (await this.get(name)).activeValue;
  }

  /** An unknown name is a setting without a value. */
  async get(name: string): Promise<Setting> {
    const kept = await this.#row(name);
    const value = asText(kept?.fields['value']) ?? null;
    const inDb = kept !== undefined;
    const hard = this.#variable('CATTLE_', name);
    if (hard !== undefined)
      return { name, value, activeValue: hard, source: 'Environment Variables', inDb };
    if (kept !== undefined) return { name, value, activeValue: value, source: 'Database', inDb };
    const soft = this.#variable('DEFAULT_CATTLE_', name);
    if (soft !== undefined)
      return {
        name,
        value: soft,
        activeValue: soft,
        source: 'Default Environment Variables',
        inDb,
      };
    const fixed = this.#fixed[name] ?? null;
    const source = fixed === null ? null : 'Code Packaged Defaults';
    return { name, value: fixed, activeValue: fixed, source, inDb };
  }

  async all(): Promise<readonly Setting[]> {
    const kept = (await this.#store.list('setting')).map((row) => String(row.fields['name']));
    const names = new Set([...Object.keys(this.#fixed), ...kept]);
    return Promise.all([...names].sort().map((name) => this.get(name)));
  }

  async set(name: string, value: string | null, now: number): Promise<Setting> {
    const kept = await this.#row(name);
    if (kept === undefined) await this.#store.insert(settingRow(name, value, now));
    else await this.#store.update(kept, (row) => ({ ...row, fields: { name, value } }));
    return this.get(name);
  }

  async #row(name: string): Promise<Row | undefined> {
    const rows = await this.#store.list('setting');
    return rows.find((row) => row.fields['name'] === name);
  }

  #variable(prefix: string, name: string): string | undefined {
    return this.#environment[`${prefix}${name.toUpperCase().replaceAll('.', '_')}`];
  }
}

function settingRow(name: string, value: string | null, now: number) {
  return {
    table: 'setting',
    type: 'setting',
    uuid: randomUUID(),
    accountId: null,
    state: 'active',
    transitioning: 'no' as const,
    transitioningMessage: null,
    created: now,
    removed: null,
    fields: { name, value },
    hidden: {},
  };
}
