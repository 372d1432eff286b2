import { dateTime } from './dateTime.ts';
import { devices } from './devices.ts';
import { distribution } from './distribution.ts';
import { dmi } from './dmi.ts';
import { cmdline, dns, env } from './environment.ts';
import type { FactFamily } from './family.ts';
import { local } from './local.ts';
import { lsb } from './lsb.ts';
import { chroot, loadavg, python, storageNames } from './machine.ts';
import { packageManager, serviceManager } from './managers.ts';
import { memory } from './memory.ts';
import { mounts } from './mounts.ts';
import { network } from './network.ts';
import { platform } from './platform.ts';
import { processor } from './processor.ts';
import { apparmor, capabilities, fips, selinux } from './security.ts';
import { sshKeys } from './sshKeys.ts';
import { user } from './user.ts';
import { virtual } from './virtual.ts';

/** Every family, in the order in which their facts are put together. */
export const FAMILIES: readonly FactFamily[] = [
  platform,
  distribution,
  lsb,
  user,
  dateTime,
  env,
  cmdline,
  dns,
  selinux,
  apparmor,
  fips,
  capabilities,
  python,
  packageManager,
  serviceManager,
  sshKeys,
  local,
  processor,
  memory,
  dmi,
  devices,
  mounts,
  network,
  virtual,
  chroot,
  loadavg,
  storageNames,
];
