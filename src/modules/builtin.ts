/** Every module that drover brings. To add one, list it in the `family.ts` of its folder. */
import { commandsModules } from './commands/family.ts';
import { controlModules } from './control/family.ts';
import { cronModules } from './cron/family.ts';
import { cryptoModules } from './crypto/family.ts';
import { dockerModules } from './docker/family.ts';
import { filesModules } from './files/family.ts';
import { firewallModules } from './firewall/family.ts';
import { identityModules } from './identity/family.ts';
import { jobsModules } from './jobs/family.ts';
import { kernelModules } from './kernel/family.ts';
import type { ListedModule } from './listed.ts';
import { netModules } from './net/family.ts';
import { packagesModules } from './packages/family.ts';
import { rancherModules } from './rancher/family.ts';
import { securityModules } from './security/family.ts';
import { sshModules } from './ssh/family.ts';
import { storageModules } from './storage/family.ts';
import { systemModules } from './system/family.ts';

export const builtinModules: readonly ListedModule[] = [
  ...commandsModules,
  ...controlModules,
  ...cronModules,
  ...cryptoModules,
  ...dockerModules,
  ...filesModules,
  ...firewallModules,
  ...identityModules,
  ...jobsModules,
  ...kernelModules,
  ...netModules,
  ...packagesModules,
  ...rancherModules,
  ...securityModules,
  ...sshModules,
  ...storageModules,
  ...systemModules,
];
