/** What systemd says about a unit. Tried with systemd 252. */

export interface UnitState {
  /** `systemctl show`, every property as text. */
  readonly properties: Readonly<Record<string, string>>;
  /** First word of `systemctl is-enabled`: `enabled`, `disabled`, `static`, `masked`, …; empty when there is no such unit. */
  readonly enablement: string;
  /** Why systemctl could not answer; empty when it could. */
  readonly problem: string;
}

/** `key=value` lines; a value may itself hold `=`. */
export function unitProperties(text: string): Record<string, string> {
  const pairs = text
    .split('\n')
    .map((line) => /^([A-Za-z]\w*)=(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, key = '', value = '']) => [key, value] as const);
  return Object.fromEntries(pairs);
}

export function unitExists({ properties, enablement }: UnitState): boolean {
  const load = properties['LoadState'] ?? 'not-found';
  return load !== 'not-found' || (enablement !== '' && enablement !== 'not-found');
}

export function isUnitRunning({ properties }: UnitState): boolean {
  return ['active', 'activating', 'reloading'].includes(properties['ActiveState'] ?? '');
}

export function isUnitStopping({ properties }: UnitState): boolean {
  return properties['ActiveState'] === 'deactivating';
}

export function isUnitMasked({ properties, enablement }: UnitState): boolean {
  return enablement.startsWith('masked') || properties['LoadState'] === 'masked';
}

const ENABLED = new Set(['enabled', 'enabled-runtime']);
const FIXED = new Set(['static', 'generated', 'transient']);

/** Whether it starts by itself; undefined where that cannot be switched (static, generated and transient units). */
export function isUnitEnabled({ enablement }: UnitState): boolean | undefined {
  return FIXED.has(enablement) ? undefined : ENABLED.has(enablement);
}
