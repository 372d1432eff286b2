/** The modules for Rancher through its API. */
import type { Module } from '../module.ts';
import { rancherHost } from './rancherHost.ts';
import { rancherHostInfo } from './rancherHostInfo.ts';
import { rancherProjectInfo } from './rancherProjectInfo.ts';
import { rancherRegistrationToken } from './rancherRegistrationToken.ts';
import { rancherServerInfo } from './rancherServerInfo.ts';
import { rancherSetting } from './rancherSetting.ts';

export const rancherModules: readonly Module[] = [
  rancherHost,
  rancherHostInfo,
  rancherProjectInfo,
  rancherRegistrationToken,
  rancherServerInfo,
  rancherSetting,
];
