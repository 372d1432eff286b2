/** Every resource type the double serves. */
import type { ResourceType } from '../model/resourceType.ts';
import { account } from './account.ts';
import { apiKey, password } from './apiKey.ts';
import { certificate } from './certificate.ts';
import { clusterMembership } from './clusterMembership.ts';
import { container } from './container.ts';
import { haConfig } from './haConfig.ts';
import { host } from './host.ts';
import { localAuthConfig } from './localAuthConfig.ts';
import { physicalHost } from './physicalHost.ts';
import { project } from './project.ts';
import { projectTemplate } from './projectTemplate.ts';
import { register } from './register.ts';
import { registrationToken } from './registrationToken.ts';
import { registry, registryCredential } from './registry.ts';
import { dnsService, externalService, loadBalancerService, service } from './service.ts';
import { setting } from './settingRoutes.ts';
import { stack } from './stack.ts';

export const resourceTypes: readonly ResourceType[] = [
  account,
  apiKey,
  certificate,
  clusterMembership,
  container,
  haConfig,
  host,
  localAuthConfig,
  password,
  physicalHost,
  project,
  projectTemplate,
  register,
  registrationToken,
  registry,
  registryCredential,
  service,
  loadBalancerService,
  dnsService,
  externalService,
  setting,
  stack,
];
