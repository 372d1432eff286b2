/** `user`: accounts of a host, with useradd and its kin, or busybox's adduser. */
import { defineResource } from '../module.ts';
import { applyUser } from './userApply.ts';
import { type UserParams, userParams, wantedGroups } from './userParams.ts';
import { planUser, predictedAccount } from './userPlan.ts';
import { type UserState, userState } from './userState.ts';

export const user = defineResource({
  name: 'user',
  summary: 'Create, change and remove accounts',
  description:
    'Password hashes and passphrases go to the host on standard input, never on a command line.',
  params: userParams,
  examples: [
    '- user: { name: deploy, groups: [docker, sudo], append: true, shell: /bin/bash }',
    '- user: { name: app, system: true, create_home: false, home: /opt/app }',
    '- user: { name: ci, generate_ssh_key: true, ssh_key_type: ed25519 }',
    '- user: { name: old, state: absent, remove: true }',
  ],
  returns: {
    name: 'The account.',
    state: 'What was asked.',
    uid: 'Its number.',
    group: 'Number of the primary group.',
    groups: 'The further groups asked for, separated by commas.',
    append: 'Whether `groups` only adds.',
    comment: 'Full name and such.',
    home: 'Home directory.',
    shell: 'Login shell.',
    create_home: 'Whether a new account gets a home directory.',
    move_home: 'Whether the files move with `home`.',
    system: 'Whether a system account was asked for.',
    password: '`NOT_LOGGING_PASSWORD`, when a password was given.',
    ssh_fingerprint: 'Fingerprint of the SSH key.',
    ssh_key_file: 'File of the SSH key.',
    ssh_public_key: 'The public key.',
    force: 'Whether deletion was forced.',
    remove: 'Whether the home was deleted too.',
  },

  prepare(params, controller): UserParams {
    if (params.password !== undefined) controller.addSecret(params.password);
    if (params.ssh_key_passphrase !== undefined) controller.addSecret(params.ssh_key_passphrase);
    return params;
  },
  observe: (params) => ({ user: userState(params) }),
  plan: (params, { user: state }, { checkMode }) => planUser(params, state, checkMode),
  async apply(changes, target, params) {
    const state = await applyUser(changes, target, params);
    return params.state === 'absent' ? {} : accountData(params, state);
  },
  result: (params, { user: state }) => userResult(params, state),
});

function userResult(params: UserParams, state: UserState) {
  const { name } = params;
  if (params.state === 'absent') {
    const details = state.entry === undefined ? {} : { force: params.force, remove: params.remove };
    return { name, state: params.state, ...details };
  }
  const isNew = state.entry === undefined;
  return {
    name,
    state: params.state,
    append: params.append,
    ...(params.password === undefined ? {} : { password: 'NOT_LOGGING_PASSWORD' }),
    ...(isNew
      ? {
          create_home: params.create_home,
          system: params.system,
          ...predictedAccount(params, state),
        }
      : {
          move_home: params.move_home,
          ...accountData(params, state),
          ...wantedData(params, state),
        }),
  };
}

/** Return keys that describe the account as it is. */
function accountData(params: UserParams, { entry, sshKey }: UserState) {
  if (entry === undefined) return {};
  const { uid, gid, comment, home, shell } = entry;
  return {
    uid,
    group: gid,
    comment,
    home,
    shell,
    ...(params.groups === undefined ? {} : { groups: (wantedGroups(params) ?? []).join(',') }),
    ...(sshKey?.exists
      ? {
          ssh_key_file: sshKey.file,
          ssh_public_key: sshKey.publicKey,
          ssh_fingerprint: sshKey.fingerprint,
        }
      : {}),
  };
}

/** What of it the changes will make different. */
function wantedData({ uid, comment, home, shell, group }: UserParams, { known }: UserState) {
  const gid = group === undefined ? undefined : known.get(group)?.gid;
  const wanted = { uid, comment, home, shell, group: gid };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}
