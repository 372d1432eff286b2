import type { Scenario } from '../../support/scenarios/scenario.ts';

const PROGRAMS =
  'for name in one two; do printf "#!/bin/sh\\n" >/opt/$name; chmod +x /opt/$name; done';
const LOOK = 'readlink -f /usr/bin/chosen; sed -n 1p /var/lib/dpkg/alternatives/chosen';

/** What D-Bus starts when it is asked for, and what ends by itself when nobody asks any more: it would end between two looks. */
export const AT_REST =
  'systemctl stop systemd-hostnamed.service systemd-localed.service systemd-timedated.service';

export const systemScenarios: readonly Scenario[] = [
  {
    module: 'alternatives',
    setup: PROGRAMS,
    args: { name: 'chosen', path: '/opt/one', link: '/usr/bin/chosen', priority: 10 },
    changed: true,
    look: LOOK,
    shows: '/opt/one\nmanual',
  },
  {
    module: 'alternatives',
    args: { name: 'chosen', path: '/opt/two', priority: 5 },
    changed: true,
    look: LOOK,
    shows: '/opt/two\nmanual',
  },
  {
    module: 'alternatives',
    args: {
      name: 'chosen',
      path: '/opt/two',
      subcommands: [{ name: 'chosen2', link: '/usr/bin/chosen2', path: '/opt/one' }],
    },
    changed: true,
    look: 'readlink -f /usr/bin/chosen2',
    shows: '/opt/one',
  },
  {
    module: 'alternatives',
    args: { name: 'chosen', path: '/opt/two', state: 'auto' },
    changed: true,
    look: LOOK,
    shows: '/opt/one\nauto',
  },
  {
    module: 'alternatives',
    args: { name: 'chosen', path: '/opt/two', state: 'absent' },
    changed: true,
  },
  { module: 'getent', args: { database: 'passwd', key: 'root' }, changed: false },
  { module: 'getent', args: { database: 'services' }, changed: false },
  { module: 'service_facts', setup: AT_REST, args: {}, changed: false },
];

export const systemMatrix: readonly Scenario[] = [
  {
    module: 'alternatives',
    setup: PROGRAMS,
    args: {
      name: 'picked',
      path: '/opt/one',
      link: '/usr/bin/picked',
      state: 'present',
      priority: 1,
    },
    changed: true,
  },
  {
    module: 'alternatives',
    args: { name: 'picked', path: '/opt/two', state: 'present', priority: 2 },
    changed: true,
  },
  {
    module: 'alternatives',
    args: { name: 'picked', path: '/opt/one', state: 'selected' },
    changed: true,
  },
  {
    module: 'alternatives',
    args: { name: 'picked', path: '/opt/one', priority: 7 },
    changed: true,
  },
  { module: 'getent', args: { database: 'group', key: 'adm', split: ':' }, changed: false },
  {
    module: 'getent',
    args: { database: 'hosts', key: 'none.invalid', fail_key: false },
    changed: false,
  },
  {
    module: 'getent',
    args: { database: 'passwd', service: 'files', key: 'deploy' },
    changed: false,
  },
];
