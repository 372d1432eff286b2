import type { Scenario } from '../../support/hostScenarios.ts';

const PROGRAMS =
  'for name in one two; do printf "#!/bin/sh\\n" >/opt/$name; chmod +x /opt/$name; done';
const LOOK = 'readlink -f /usr/bin/chosen; sed -n 1p /var/lib/dpkg/alternatives/chosen';

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
  { module: 'service_facts', args: {}, changed: false },
];
