/** The lists of services that service managers print. Pure. */

export interface Service {
  readonly name: string;
  readonly state: string;
  readonly status?: string;
  readonly source: 'systemd' | 'sysv' | 'openrc';
  /** OpenRC only; null when it is in none. */
  readonly runlevels?: readonly string[] | null;
}

/**
 * `list-units` and `list-unit-files` without legend (systemd 252), and `ActiveState=` paragraphs for the unit files that are
 * no templates, in their order.
 */
export function systemdServices(units: string, files: string, states: string): Service[] {
  const services = new Map(rows(units).map((row) => [row[0] ?? '', loadedUnit(row)]));
  const names = rows(files).map(([name = '']) => name);
  const active = states.split(/\n\n/).map((each) => each.trim().replace('ActiveState=', ''));
  const listed = names.filter((name) => !name.endsWith('@.service'));
  for (const [name = '', status = ''] of rows(files)) {
    const known = services.get(name);
    const state = active[listed.indexOf(name)] ?? 'unknown';
    if (known === undefined) services.set(name, { name, state, status, source: 'systemd' });
    else if (!BAD.has(known.status ?? '')) services.set(name, { ...known, status });
  }
  return [...services.values()];
}

const BAD = new Set(['not-found', 'masked', 'failed']);

/** UNIT LOAD ACTIVE SUB DESCRIPTION… */
function loadedUnit([name = '', load = '', active = '', sub = '']: readonly string[]): Service {
  const status = BAD.has(load) ? load : active;
  return { name, state: sub === 'running' ? 'running' : 'stopped', status, source: 'systemd' };
}

/** `service --status-all` of Debian (` [ + ]  ssh`), and lines `NAME STATE 0:off … 6:off` made of chkconfig's. */
export function sysvServices(statusAll: string, chkconfig: string): Service[] {
  const debian = [...statusAll.matchAll(/^\s*\[ ([+-]) \]\s+(.+)$/gm)].map(
    ([, sign, name = '']): Service => ({
      name,
      state: sign === '+' ? 'running' : 'stopped',
      source: 'sysv',
    }),
  );
  const redHat = rows(chkconfig).map(([name = '', state = '', ...levels]): Service => {
    const status = levels.includes('3:on') ? 'enabled' : 'disabled';
    return { name, state, status, source: 'sysv' };
  });
  return [...debian, ...redHat];
}

/** `rc-status -a -s -m` without brackets, and `rc-update show -v`. */
export function openrcServices(status: string, runlevels: string): Service[] {
  const levels = new Map(
    runlevels
      .split('\n')
      .filter((line) => line.includes('|'))
      .map((line): [string, readonly string[]] => {
        const [name = '', list = ''] = line.split('|');
        return [name.trim(), list.split(/\s+/).filter((level) => level !== '')];
      }),
  );
  return rows(status)
    .filter((row) => row.length >= 2)
    .map(([name = '', state = '']) => {
      const of = levels.get(name) ?? [];
      return { name, runlevels: of.length === 0 ? null : of, state, source: 'openrc' };
    });
}

function rows(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => line.trim().split(/\s+/));
}
