/** The modules for packages and where they come from. */
import type { Module } from '../module.ts';
import { apk } from './apk.ts';
import { apt } from './apt.ts';
import { aptKey } from './aptKey.ts';
import { aptRepository } from './aptRepository.ts';
import { deb822Repository } from './deb822Repository.ts';
import { debconf } from './debconf.ts';
import { dnf } from './dnf.ts';
import { dpkgSelections } from './dpkgSelections.ts';
import { npm } from './npm.ts';
import { packageModule } from './package.ts';
import { packageFacts } from './packageFacts.ts';
import { pacman } from './pacman.ts';
import { pip } from './pip.ts';
import { rpmKey } from './rpmKey.ts';
import { yum } from './yum.ts';
import { yumRepository } from './yumRepository.ts';
import { zypper } from './zypper.ts';

export const packagesModules: readonly Module[] = [
  apk,
  apt,
  aptKey,
  aptRepository,
  deb822Repository,
  debconf,
  dnf,
  dpkgSelections,
  npm,
  packageModule,
  packageFacts,
  pacman,
  pip,
  rpmKey,
  yum,
  yumRepository,
  zypper,
];
