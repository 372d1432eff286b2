/** What the double reads from its environment: how fast it is, how it opens its port, and whether it fails. */

/** Lengths of the double's timed steps, in milliseconds. */
export interface Pace {
  /** One arrow of a state machine. */
  readonly stepMs: number;
  /** From the start of the process to the readiness line. */
  readonly bootMs: number;
  /** From the readiness line to the first connection on 8080. */
  readonly openMs: number;
  /** From readiness to the first project templates. */
  readonly templatesMs: number;
  /** Between two pings of an agent, and between two looks at who is late. */
  readonly pingMs: number;
}

export const defaultPace: Pace = {
  stepMs: 300,
  bootMs: 4000,
  openMs: 2000,
  templatesMs: 8000,
  pingMs: 5000,
};

/** `after`: refused until `openMs` after the line. `before`: opens during boot and answers 502 until the line. */
export type Opening = 'after' | 'before';

export interface ServerOptions {
  readonly pace: Pace;
  readonly opening: Opening;
  /** Ends every boot with STARTUP FAILED. */
  readonly failsStartup: boolean;
  readonly port: number;
  readonly dataDirectory: string;
  readonly catalogDirectory: string | undefined;
  /** The release this server says it is, e.g. `v1.6.30`. */
  readonly version: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws Error naming the variable that holds something else than it should. */
export function serverOptions(environment: Environment): ServerOptions {
  return {
    pace: paceFrom(environment),
    opening: openingFrom(environment['RANCHER_DOUBLE_OPEN'] ?? 'after'),
    failsStartup: environment['RANCHER_DOUBLE_FAIL_STARTUP'] === '1',
    port: number(environment, 'RANCHER_DOUBLE_PORT', 8080),
    dataDirectory: environment['RANCHER_DOUBLE_DATA'] ?? '/var/lib/mysql',
    catalogDirectory: environment['RANCHER_DOUBLE_CATALOG'],
    version: environment['CATTLE_RANCHER_SERVER_VERSION'] ?? 'v1.6.30',
  };
}

function paceFrom(environment: Environment): Pace {
  return {
    stepMs: number(environment, 'RANCHER_DOUBLE_STEP_MS', defaultPace.stepMs),
    bootMs: number(environment, 'RANCHER_DOUBLE_BOOT_MS', defaultPace.bootMs),
    openMs: number(environment, 'RANCHER_DOUBLE_OPEN_MS', defaultPace.openMs),
    templatesMs: number(environment, 'RANCHER_DOUBLE_TEMPLATES_MS', defaultPace.templatesMs),
    pingMs: number(environment, 'RANCHER_DOUBLE_PING_MS', defaultPace.pingMs),
  };
}

function openingFrom(value: string): Opening {
  if (value === 'after' || value === 'before') return value;
  throw new Error(`RANCHER_DOUBLE_OPEN is "${value}", expected "after" or "before"`);
}

function number(environment: Environment, name: string, fallback: number): number {
  const text = environment[name];
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Error(`${name} is "${text}", expected a whole number`);
}
