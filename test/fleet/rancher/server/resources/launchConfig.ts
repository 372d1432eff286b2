/** The fields containers and launch configs share (rancher.md B8). */
import { type Field, type FieldSet, writable } from '../model/field.ts';

const healthCheck: Field = writable('object', {
  fields: {
    port: { type: 'int', required: true, min: 1, max: 65535 },
    interval: { type: 'int', nullable: true },
    responseTimeout: { type: 'int', nullable: true },
    strategy: { type: 'string', nullable: true, options: ['none', 'recreate', 'recreateOnQuorum'] },
  },
});

const runFields: FieldSet = {
  imageUuid: writable('string'),
  command: writable('array'),
  entryPoint: writable('array'),
  environment: writable('map'),
  ports: writable('array', { ports: true }),
  expose: writable('array'),
  dataVolumes: writable('array'),
  labels: writable('map', { default: {} }),
  networkMode: writable('string', {
    options: ['managed', 'host', 'bridge', 'none', 'container'],
  }),
  privileged: writable('boolean'),
  capAdd: writable('array'),
  capDrop: writable('array'),
  memory: writable('int'),
  memoryReservation: writable('int'),
  milliCpuReservation: writable('int'),
  cpuShares: writable('int'),
  cpuSet: writable('string'),
  hostname: writable('string'),
  domainName: writable('string'),
  dns: writable('array'),
  dnsSearch: writable('array'),
  user: writable('string'),
  workingDir: writable('string'),
  tty: writable('boolean'),
  stdinOpen: writable('boolean'),
  restartPolicy: writable('map'),
  healthCheck,
  logConfig: writable('map'),
  requestedHostId: writable('string'),
};

export const launchConfigFields: FieldSet = {
  ...runFields,
  imageUuid: writable('string', {
    required: true,
    nullable: false,
    missingMessage: 'image is required, but not specified',
  }),
};
