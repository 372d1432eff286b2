/** What has to change about an account. Pure. */
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { ShadowEntry } from './accounts.ts';
import { type UserParams, wantedGroups } from './userParams.ts';
import type { UserState } from './userState.ts';

export type UserOperation =
  | { readonly type: 'create'; readonly options: readonly string[] }
  | { readonly type: 'delete' }
  /** Options for usermod. */
  | { readonly type: 'modify'; readonly options: readonly string[] }
  /** Options for chage. */
  | { readonly type: 'ageing'; readonly options: readonly string[] }
  | { readonly type: 'home' | 'password' | 'lock' | 'unlock' | 'sshKey' };

export type UserChange = Change<UserOperation>;

const DAY_S = 24 * 60 * 60;

/** @throws ModuleError when the uid is taken or a group does not exist (in check mode an earlier task may make it). */
export function planUser(
  params: UserParams,
  state: UserState,
  checkMode: boolean,
): readonly UserChange[] {
  if (params.state === 'absent') return state.entry === undefined ? [] : [deletion(params, state)];
  checkWanted(params, state, checkMode);
  const account =
    state.entry === undefined ? [creation(params, state)] : modifications(params, state);
  return [
    ...account,
    ...passwordChanges(params, state),
    ...ageingChanges(params, state),
    ...sshKeyChanges(params, state),
  ];
}

function checkWanted(params: UserParams, state: UserState, checkMode: boolean): void {
  const { uidOwner } = state;
  if (uidOwner !== undefined && uidOwner !== params.name && !params.non_unique) {
    throw new ModuleError(`uid ${params.uid} belongs to the account "${uidOwner}"`, {
      hint: 'choose another uid, or set "non_unique: true"',
    });
  }
  const wanted = [
    ...(params.group === undefined ? [] : [params.group]),
    ...(wantedGroups(params) ?? []),
  ];
  const missing = wanted.filter((group) => !state.known.has(group));
  if (missing.length > 0 && !checkMode) {
    throw new ModuleError(`these groups do not exist: ${missing.join(', ')}`, {
      hint: 'make them first, with the module "group"',
    });
  }
}

function deletion({ name }: UserParams, { entry, groups }: UserState): UserChange {
  return {
    what: `user ${name}`,
    before: { uid: entry?.uid, home: entry?.home, shell: entry?.shell, groups },
    after: 'absent',
    operation: { type: 'delete' },
  };
}

function creation(params: UserParams, state: UserState): UserChange {
  return {
    what: `user ${params.name}`,
    before: 'absent',
    after: predictedAccount(params, state),
    operation: { type: 'create', options: createOptions(params, state) },
  };
}

/** What is known of a new account before it is made. */
export function predictedAccount(params: UserParams, { defaults, known }: UserState) {
  const gid = params.group === undefined ? undefined : known.get(params.group)?.gid;
  return {
    ...(params.uid === undefined ? {} : { uid: params.uid }),
    ...(gid === undefined ? {} : { group: gid }),
    comment: params.comment ?? '',
    home: params.home ?? `${defaults.homes}/${params.name}`,
    shell: params.shell ?? defaults.shell,
    ...(params.groups === undefined ? {} : { groups: (wantedGroups(params) ?? []).join(',') }),
  };
}

function createOptions(params: UserParams, { known }: UserState): string[] {
  const option = (flag: string, value: string | number | undefined) =>
    value === undefined ? [] : [flag, String(value)];
  const { group, non_unique, system, create_home, umask, expires } = params;
  const groups = wantedGroups(params) ?? [];
  return [
    ...option('-u', params.uid),
    ...(non_unique && params.uid !== undefined ? ['-o'] : []),
    ...option('-g', group === undefined ? undefined : (known.get(group)?.name ?? group)),
    ...(groups.length === 0 ? [] : ['-G', groups.join(',')]),
    ...option('-c', params.comment),
    ...option('-d', params.home),
    ...option('-s', params.shell),
    ...option('-e', expires === undefined ? undefined : expiryDate(expires)),
    ...option('-f', params.password_expire_account_disable),
    ...option('-Z', params.seuser),
    ...(create_home ? ['-m', ...option('-k', params.skeleton)] : ['-M']),
    ...definition('UMASK', umask),
    ...definition('UID_MIN', params.uid_min),
    ...definition('UID_MAX', params.uid_max),
    ...(system ? ['-r'] : []),
  ];
}

/** A value for useradd that /etc/login.defs has another of. */
function definition(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : ['-K', `${name}=${value}`];
}

function modifications(params: UserParams, state: UserState): UserChange[] {
  const { entry, known } = state;
  if (entry === undefined) return [];
  const gid = params.group === undefined ? undefined : known.get(params.group)?.gid;
  const table: readonly Option[] = [
    { option: 'uid', flag: '-u', wanted: params.uid, actual: entry.uid },
    { option: 'group', flag: '-g', wanted: gid, actual: entry.gid },
    { option: 'comment', flag: '-c', wanted: params.comment, actual: entry.comment },
    { option: 'home', flag: '-d', wanted: params.home, actual: entry.home },
    { option: 'shell', flag: '-s', wanted: params.shell, actual: entry.shell },
    {
      option: 'expires',
      flag: '-e',
      wanted: params.expires === undefined ? undefined : expiryDate(params.expires),
      actual: dateOfDay(state.shadow?.expiresDay),
    },
  ];
  const changes = table.flatMap((option) => modification(params, option));
  return [...changes, ...groupChanges(params, state), ...homeChanges(params, state)];
}

interface Option {
  readonly option: string;
  readonly flag: string;
  readonly wanted: string | number | undefined;
  readonly actual: string | number;
}

function modification(params: UserParams, { option, flag, wanted, actual }: Option): UserChange[] {
  if (wanted === undefined || wanted === actual) return [];
  const more = option === 'home' && params.move_home ? ['-m'] : [];
  const shared = option === 'uid' && params.non_unique ? ['-o'] : [];
  return [
    {
      what: `user ${params.name}: ${option}`,
      before: actual,
      after: wanted,
      operation: { type: 'modify', options: [flag, String(wanted), ...more, ...shared] },
    },
  ];
}

function groupChanges(params: UserParams, { groups: actual, known }: UserState): UserChange[] {
  const wanted = wantedGroups(params);
  if (wanted === undefined) return [];
  const names = wanted.map((group) => known.get(group)?.name ?? group);
  const kept = params.append ? actual : [];
  const after = [...new Set([...kept, ...names])].sort();
  if (after.join() === actual.join()) return [];
  const options = params.append ? ['-a', '-G', names.join(',')] : ['-G', after.join(',')];
  return [
    {
      what: `user ${params.name}: groups`,
      before: actual,
      after,
      operation: { type: 'modify', options },
    },
  ];
}

function homeChanges(
  { name, home, create_home, move_home }: UserParams,
  { hasHome, hasOldHome, entry }: UserState,
): UserChange[] {
  const isMoved = home !== undefined && home !== entry?.home && move_home && hasOldHome;
  if (!create_home || hasHome || isMoved) return [];
  return [
    {
      what: `user ${name}: home directory ${home ?? entry?.home}`,
      before: 'absent',
      after: 'present',
      operation: { type: 'home' },
    },
  ];
}

function passwordChanges(params: UserParams, { entry, shadow }: UserState): UserChange[] {
  const { name, password, password_lock } = params;
  const change = (
    what: string,
    before: string,
    after: string,
    type: 'password' | 'lock' | 'unlock',
  ) => ({
    what: `user ${name}: ${what}`,
    before,
    after,
    operation: { type },
  });
  const changes: UserChange[] = [];
  if (password !== undefined && setsPassword(params, entry === undefined, shadow)) {
    const before = entry === undefined ? 'none' : 'another (hidden)';
    changes.push(change('password', before, 'as given (hidden)', 'password'));
  }
  const isLocked = shadow?.password.startsWith('!') ?? entry === undefined;
  const willBeLocked = changes.length > 0 ? (password ?? '').startsWith('!') : isLocked;
  if (password_lock === true && !willBeLocked) {
    changes.push(change('password lock', 'unlocked', 'locked', 'lock'));
  }
  if (password_lock === false && willBeLocked && (entry !== undefined || changes.length > 0)) {
    changes.push(change('password lock', 'locked', 'unlocked', 'unlock'));
  }
  return changes;
}

function setsPassword(
  params: UserParams,
  isNew: boolean,
  shadow: ShadowEntry | undefined,
): boolean {
  if (isNew) return true;
  if (params.update_password !== 'always') return false;
  const bare = (hash: string) => hash.replace(/^!+/, '');
  return bare(shadow?.password ?? '') !== bare(params.password ?? '');
}

function ageingChanges(params: UserParams, { entry, shadow }: UserState): UserChange[] {
  const inactive = params.password_expire_account_disable;
  const table = [
    {
      what: 'maximum password age',
      flag: '-M',
      wanted: params.password_expire_max,
      actual: shadow?.maxDays,
    },
    {
      what: 'minimum password age',
      flag: '-m',
      wanted: params.password_expire_min,
      actual: shadow?.minDays,
    },
    {
      what: 'password warning',
      flag: '-W',
      wanted: params.password_expire_warn,
      actual: shadow?.warnDays,
    },
    {
      what: 'inactive days',
      flag: '-I',
      wanted: entry === undefined ? undefined : inactive,
      actual: shadow?.inactiveDays,
    },
  ];
  return table.flatMap(({ what, flag, wanted, actual }) =>
    wanted === undefined || wanted === (actual ?? -1)
      ? []
      : [
          {
            what: `user ${params.name}: ${what}`,
            before: actual ?? 'none',
            after: wanted,
            operation: { type: 'ageing' as const, options: [flag, String(wanted)] },
          },
        ],
  );
}

function sshKeyChanges(params: UserParams, { sshKey }: UserState): UserChange[] {
  if (!params.generate_ssh_key || (sshKey?.exists === true && !params.force)) return [];
  return [
    {
      what: `user ${params.name}: SSH key`,
      before: sshKey?.exists ? sshKey.fingerprint : 'absent',
      after: `new ${params.ssh_key_type} key`,
      operation: { type: 'sshKey' },
    },
  ];
}

/** `2030-01-31` for seconds since 1970; empty (never) for a negative number. */
function expiryDate(seconds: number): string {
  return seconds < 0 ? '' : dateOfDay(Math.floor(seconds / DAY_S));
}

function dateOfDay(day: number | undefined): string {
  return day === undefined || day < 0
    ? ''
    : new Date(day * DAY_S * 1000).toISOString().slice(0, 10);
}
