/** The modules for Docker through its Engine API. */
import { type ListedModule, listed } from '../listed.ts';

export const dockerModules: readonly ListedModule[] = [
  listed(
    'community.docker.docker_container',
    async () => (await import('./dockerContainer.ts')).dockerContainer,
    ['community.general.docker_container', 'ansible.builtin.docker_container'],
  ),
  listed(
    'community.docker.docker_container_exec',
    async () => (await import('./dockerContainerExec.ts')).dockerContainerExec,
    ['community.general.docker_container_exec'],
  ),
  listed(
    'community.docker.docker_container_info',
    async () => (await import('./dockerInfo.ts')).dockerContainerInfo,
    ['community.general.docker_container_info'],
  ),
  listed(
    'community.docker.docker_host_info',
    async () => (await import('./dockerHostInfo.ts')).dockerHostInfo,
  ),
  listed(
    'community.docker.docker_image',
    async () => (await import('./dockerImage.ts')).dockerImage,
    ['community.general.docker_image', 'ansible.builtin.docker_image'],
  ),
  listed(
    'community.docker.docker_image_info',
    async () => (await import('./dockerInfo.ts')).dockerImageInfo,
    ['community.general.docker_image_info'],
  ),
  listed(
    'community.docker.docker_image_pull',
    async () => (await import('./dockerImagePull.ts')).dockerImagePull,
  ),
  listed(
    'community.docker.docker_login',
    async () => (await import('./dockerLogin.ts')).dockerLogin,
    ['community.general.docker_login', 'ansible.builtin.docker_login'],
  ),
  listed(
    'community.docker.docker_network',
    async () => (await import('./dockerNetwork.ts')).dockerNetwork,
    ['community.general.docker_network', 'ansible.builtin.docker_network'],
  ),
  listed(
    'community.docker.docker_network_info',
    async () => (await import('./dockerInfo.ts')).dockerNetworkInfo,
    ['community.general.docker_network_info'],
  ),
  listed(
    'community.docker.docker_prune',
    async () => (await import('./dockerPrune.ts')).dockerPrune,
    ['community.general.docker_prune'],
  ),
  listed(
    'community.docker.docker_volume',
    async () => (await import('./dockerVolume.ts')).dockerVolume,
    ['community.general.docker_volume', 'ansible.builtin.docker_volume'],
  ),
  listed(
    'community.docker.docker_volume_info',
    async () => (await import('./dockerInfo.ts')).dockerVolumeInfo,
    ['community.general.docker_volume_info'],
  ),
];
