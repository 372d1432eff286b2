/** Every parameter of `npm`, with the packages and projects of `npmRegistry.ts`. */
import { npm } from '../../../../src/modules/packages/npm/npm.ts';
import { type LocalScenario, type LocalSuite, rows } from '../localScenarios.ts';
import type { NpmRegistry } from '../npmRegistry.ts';

/** All files but npm's own, the two of the project with their content. */
const SNAPSHOT = `find . \\( -name cache -o -name home \\) -prune -o -printf '%p %y %m %l\\n' | sort; find . -name package.json -exec sh -c 'echo "$1"; cat "$1"' sh {} \\; | sort; cat app/package-lock.json 2>/dev/null || :`;

export function npmSuite({ url, folder }: NpmRegistry): LocalSuite {
  const on = rows((setup, args) => ({
    setup: `mkdir home; is() { cp -a ${folder}/$1 app; }; ${setup}`,
    args,
    environment: {
      HOME: '@/home',
      npm_config_cache: '@/cache',
      npm_config_prefix: '@/global',
      npm_config_registry: url,
      npm_config_update_notifier: 'false',
    },
    snapshot: SNAPSHOT,
  }));
  const app = { path: '@/app' };
  const OUTDATED = {
    unlikeAnsible: 'it counts each time what has a newer version than package.json allows',
  };
  // npm goes up to the next folder with a package.json, which may be one that is none of ours.
  const BARE = 'mkdir app; echo {} >app/package.json';
  const GLOBAL = `cp -a ${folder}/global global`;

  const packages: readonly LocalScenario[] = [
    on(BARE, 'installs', { name: 'one', ...app }, true),
    on('is asks', 'installs beside what is asked for', { name: 'two', ...app }, true),
    on(BARE, 'installs a version', { name: 'one', version: '1.0.0', ...app }, true),
    on('is older', 'leaves a package', { name: 'one', ...app }, false),
    on('is older', 'leaves a version', { name: 'one', version: '1.0.0', ...app }, false),
    on('is older', 'installs another version', { name: 'one', version: '2.0.0', ...app }, true),
    on(BARE, 'installs a range', { name: 'one', version: '^1.0.0', ...app }, true, {
      unlikeAnsible: 'it changes each time',
    }),
    on(BARE, 'installs a tag', { name: 'one', version: 'old', ...app }, true, {
      unlikeAnsible: 'it changes each time',
    }),
    on(BARE, 'installs of a scope', { name: '@scope/three', ...app }, true),
    on(BARE, 'makes no links', { name: '@scope/three', no_bin_links: true, ...app }, true),
    on(BARE, 'runs scripts', { name: 'four', ...app }, true),
    on(BARE, 'runs no scripts', { name: 'four', ignore_scripts: true, ...app }, true),
    on(BARE, 'takes what is optional', { name: 'five', ...app }, true),
    on(BARE, 'leaves out what is optional', { name: 'five', no_optional: true, ...app }, true),
    on(BARE, 'asks a registry', { name: 'one', registry: `${url}/`, ...app }, true),
    on(BARE, 'takes an executable', { name: 'one', executable: '/usr/bin/npm', ...app }, true),
    on(BARE, 'runs scripts as root', { name: 'four', unsafe_perm: true, ...app }, true),
    on(
      'is older',
      'has the latest that is asked for',
      { name: 'one', state: 'latest', ...app },
      false,
      OUTDATED,
    ),
    on(
      'is older; sed -i s/1.0.0/^1.0.0/2 app/package.json',
      'updates',
      { name: 'one', state: 'latest', ...app },
      true,
      OUTDATED,
    ),
    on(BARE, 'installs the latest', { name: 'one', state: 'latest', ...app }, true),
    on('is older', 'removes', { name: 'one', state: 'absent', ...app }, true),
    on('is whole', 'removes what needs others', { name: 'two', state: 'absent', ...app }, true),
    on('is older', 'removes nothing', { name: 'two', state: 'absent', ...app }, false),
    on(
      'is older',
      'removes whatever the version',
      { name: 'one', version: '2.0.0', state: 'absent', ...app },
      true,
    ),
    on(
      'is asks',
      'removes what is only asked for',
      { name: 'one', state: 'absent', ...app },
      false,
    ),
  ];

  const failures: readonly LocalScenario[] = [
    on('echo >app', 'needs a directory', { name: 'one', ...app }, false, {
      fails: 'is no directory',
    }),
    on(BARE, 'needs npm', { name: 'one', executable: '/none/npm', ...app }, false, {
      fails: '/none/npm is not on this host',
    }),
  ];

  const projects: readonly LocalScenario[] = [
    on('is asks', 'installs what is asked for', app, true),
    on('is asks', 'installs for production', { ...app, production: true }, true, {
      unlikeAnsible: 'it misses development dependencies each time',
    }),
    on('is locked', 'installs what is locked', app, true),
    on('is older', 'has what is asked for', app, false),
    on('is whole; rm -r app/node_modules/two', 'repairs', app, true),
    on(
      'is older; sed -i s/1.0.0/^1.0.0/2 app/package.json',
      'updates all',
      { ...app, state: 'latest' },
      true,
      OUTDATED,
    ),
    on('is whole', 'has the latest of all', { ...app, state: 'latest' }, false),
    on('is locked', 'installs from the lock file', { ...app, ci: true }, true, {
      actsAlways: true,
    }),
    on(
      'is locked',
      'installs from the lock file for production',
      { ...app, ci: true, production: true },
      true,
      { actsAlways: true },
    ),
  ];

  const globals: readonly LocalScenario[] = [
    on('', 'installs for the host', { name: 'one', global: true }, true),
    on(GLOBAL, 'has it for the host', { name: 'one', global: true }, false),
    on(
      GLOBAL,
      'installs another version for the host',
      { name: 'one', version: '1.1.0', global: true },
      true,
    ),
    on(GLOBAL, 'updates for the host', { name: 'one', state: 'latest', global: true }, true),
    on(GLOBAL, 'removes from the host', { name: 'one', state: 'absent', global: true }, true),
    on('', 'links programs of the host', { name: '@scope/three', global: true }, true),
  ];

  return { module: npm, scenarios: [...packages, ...failures, ...projects, ...globals] };
}
