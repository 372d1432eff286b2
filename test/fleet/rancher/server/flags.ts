/** The flags of the server image's entry point (rancher.md A3). */
import { parseArgs } from 'node:util';

export interface DatabaseFlags {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly name: string;
  readonly isStrictEnforcing: boolean;
}

export interface EntryFlags {
  readonly wantsHelp: boolean;
  /** Undefined: the embedded database. */
  readonly database: DatabaseFlags | undefined;
  readonly advertiseAddress: string | undefined;
  readonly advertiseHttpPort: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Flags win over the older CATTLE_DB_CATTLE_* variables. @throws TypeError on an unknown flag. */
export function parseEntryFlags(argv: readonly string[], environment: Environment): EntryFlags {
  const { values } = parseArgs({ args: [...argv], options, allowPositionals: false });
  const httpPort =
    values['advertise-http-port'] ?? environment['CATTLE_CLUSTER_ADVERTISE_HTTP_PORT'];
  return {
    wantsHelp: values.help === true,
    database: database(values, environment),
    advertiseAddress:
      values['advertise-address'] ?? environment['CATTLE_CLUSTER_ADVERTISE_ADDRESS'],
    advertiseHttpPort: httpPort === undefined ? undefined : Number(httpPort),
  };
}

const options = {
  help: { type: 'boolean', short: 'h' },
  'db-host': { type: 'string' },
  'db-port': { type: 'string' },
  'db-user': { type: 'string' },
  'db-pass': { type: 'string' },
  'db-name': { type: 'string' },
  'db-strict-enforcing': { type: 'boolean' },
  'advertise-address': { type: 'string' },
  'advertise-http-port': { type: 'string' },
} as const;

type Values = Partial<Record<keyof typeof options, string | boolean>>;

function database(values: Values, environment: Environment): DatabaseFlags | undefined {
  const pick = (flag: keyof typeof options, variable: string, fallback: string) =>
    String(values[flag] ?? environment[`CATTLE_DB_CATTLE_${variable}`] ?? fallback);
  const host = pick('db-host', 'MYSQL_HOST', '');
  if (host === '') return undefined;
  return {
    host,
    port: Number(pick('db-port', 'MYSQL_PORT', '3306')),
    user: pick('db-user', 'USERNAME', 'cattle'),
    password: pick('db-pass', 'PASSWORD', 'cattle'),
    name: pick('db-name', 'MYSQL_NAME', 'cattle'),
    isStrictEnforcing: values['db-strict-enforcing'] === true,
  };
}

export const usage = `Usage: entry [FLAGS]
  --advertise-address ADDR      IP, interface, awslocal or ipify: join a cluster under this address
  --advertise-http-port PORT    the published HTTP port of this server (default 8080)
  --db-host HOST                MySQL host; without it the embedded database is used
  --db-port PORT                (default 3306)
  --db-user USER                (default cattle)
  --db-pass PASSWORD            (default cattle)
  --db-name NAME                (default cattle)
  --db-strict-enforcing         the database demands primary keys
  --help                        show this text
`;
