/** The modules for Rancher through its API. */
import { type ListedModule, listed } from '../listed.ts';

export const rancherModules: readonly ListedModule[] = [
  listed('drover.rancher.rancher_host', async () => (await import('./rancherHost.ts')).rancherHost),
  listed(
    'drover.rancher.rancher_host_info',
    async () => (await import('./rancherHostInfo.ts')).rancherHostInfo,
  ),
  listed(
    'drover.rancher.rancher_project_info',
    async () => (await import('./rancherProjectInfo.ts')).rancherProjectInfo,
  ),
  listed(
    'drover.rancher.rancher_registration_token',
    async () => (await import('./rancherRegistrationToken.ts')).rancherRegistrationToken,
  ),
  listed(
    'drover.rancher.rancher_server_info',
    async () => (await import('./rancherServerInfo.ts')).rancherServerInfo,
  ),
  listed(
    'drover.rancher.rancher_setting',
    async () => (await import('./rancherSetting.ts')).rancherSetting,
  ),
];
