/** Every module that drover brings, by family. To add one, import its definition and name it in its family's list. */
import { command } from './commands/command.ts';
import { raw } from './commands/raw.ts';
import { script } from './commands/script.ts';
import { shell } from './commands/shell.ts';
import { addHost } from './control/addHost.ts';
import { assert } from './control/assert.ts';
import { debug } from './control/debug.ts';
import { fail } from './control/fail.ts';
import { groupBy } from './control/groupBy.ts';
import { includeVars } from './control/includeVars.ts';
import { meta } from './control/meta.ts';
import { pause } from './control/pause.ts';
import { ping } from './control/ping.ts';
import { setFact } from './control/setFact.ts';
import { setStats } from './control/setStats.ts';
import { setup } from './control/setup.ts';
import { validateArgumentSpec } from './control/validateArgumentSpec.ts';
import { dockerContainer } from './docker/dockerContainer.ts';
import { dockerImage } from './docker/dockerImage.ts';
import { dockerImagePull } from './docker/dockerImagePull.ts';
import {
  dockerContainerInfo,
  dockerHostInfo,
  dockerImageInfo,
  dockerNetworkInfo,
  dockerVolumeInfo,
} from './docker/dockerInfo.ts';
import { dockerNetwork } from './docker/dockerNetwork.ts';
import { dockerVolume } from './docker/dockerVolume.ts';
import { blockinfile } from './files/blockinfile.ts';
import { copy } from './files/copy.ts';
import { fetch } from './files/fetch.ts';
import { file } from './files/file.ts';
import { find } from './files/find.ts';
import { lineinfile } from './files/lineinfile.ts';
import { replace } from './files/replace.ts';
import { slurp } from './files/slurp.ts';
import { stat } from './files/stat.ts';
import { tempfile } from './files/tempfile.ts';
import { template } from './files/template.ts';
import type { Module } from './module.ts';
import { getUrl } from './net/getUrl.ts';
import { uri } from './net/uri.ts';
import { waitFor } from './net/waitFor.ts';
import { apt } from './packages/apt.ts';
import { aptKey } from './packages/aptKey.ts';
import { aptRepository } from './packages/aptRepository.ts';
import { deb822Repository } from './packages/deb822Repository.ts';
import { dpkgSelections } from './packages/dpkgSelections.ts';
import { packageModule } from './packages/package.ts';
import { rancherHost } from './rancher/rancherHost.ts';
import { rancherHostInfo } from './rancher/rancherHostInfo.ts';
import { rancherProjectInfo } from './rancher/rancherProjectInfo.ts';
import { rancherRegistrationToken } from './rancher/rancherRegistrationToken.ts';
import { rancherServerInfo } from './rancher/rancherServerInfo.ts';
import { rancherSetting } from './rancher/rancherSetting.ts';
import { group } from './system/group.ts';
import { service } from './system/service.ts';
import { systemd } from './system/systemd.ts';
import { user } from './system/user.ts';

const control: readonly Module[] = [
  addHost,
  assert,
  debug,
  fail,
  groupBy,
  includeVars,
  meta,
  pause,
  ping,
  setFact,
  setStats,
  setup,
  validateArgumentSpec,
];

const commands: readonly Module[] = [command, raw, script, shell];
const docker: readonly Module[] = [
  dockerContainer,
  dockerContainerInfo,
  dockerHostInfo,
  dockerImage,
  dockerImageInfo,
  dockerImagePull,
  dockerNetwork,
  dockerNetworkInfo,
  dockerVolume,
  dockerVolumeInfo,
];
const files: readonly Module[] = [
  blockinfile,
  copy,
  fetch,
  file,
  find,
  lineinfile,
  replace,
  slurp,
  stat,
  tempfile,
  template,
];
const net: readonly Module[] = [getUrl, uri, waitFor];
const packages: readonly Module[] = [
  apt,
  aptKey,
  aptRepository,
  deb822Repository,
  dpkgSelections,
  packageModule,
];
const rancher: readonly Module[] = [
  rancherHost,
  rancherHostInfo,
  rancherProjectInfo,
  rancherRegistrationToken,
  rancherServerInfo,
  rancherSetting,
];
const system: readonly Module[] = [group, service, systemd, user];

export const builtinModules: readonly Module[] = [
  ...commands,
  ...control,
  ...docker,
  ...files,
  ...net,
  ...packages,
  ...rancher,
  ...system,
];
