import type { Scenario } from '../../support/scenarios/scenario.ts';

/** Packages of our own in a folder, and what pip and Ansible's module for it need. */
const WHEELS = `apt-get install -qy --no-install-recommends python3-venv python3-setuptools python3-pip virtualenv >/dev/null 2>&1
mkdir -p /srv/wheels; cd /srv/wheels; python3 - <<'END'
import zipfile
def wheel(name, version, needs=""):
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(f"{name}-{version}-py3-none-any.whl", "w") as file:
        file.writestr(f"{name}.py", "")
        file.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n{needs}")
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        file.writestr(f"{info}/RECORD", "")
wheel("drover_one", "1.0")
wheel("drover_one", "2.0")
wheel("drover_two", "1.5", "Requires-Dist: drover-one<2\\n")
END
mkdir -p /srv/source; cd /srv/source
printf 'from setuptools import setup\\nsetup(name="drover-three", version="3.0", py_modules=["three"])\\n' >setup.py
: >three.py`;

const INDEX = '--no-index --find-links /srv/wheels';

const VENV = {
  virtualenv: '/srv/venv',
  virtualenv_command: '/usr/bin/python3 -m venv',
  extra_args: INDEX,
};

/** Packages of ours, by the names that they have in PyPI; compiles nothing. */
const listed = (pip: string) =>
  `PYTHONDONTWRITEBYTECODE=1 ${pip} list --format=freeze | grep drover | tr _ -`;

/** What Python compiles and setuptools builds holds times. */
const BUILT = /\/srv\/(?:venv|source)\//;

const SYSTEM = {
  module: 'pip',
  args: { executable: 'pip3' },
  changed: true,
  look: listed('pip3'),
  shows: 'drover-one==2.0',
  otherFiles: /\/usr\/local\/lib\/python/,
};

const pip = (args: Scenario['args'], shows: string, more: Partial<Scenario> = {}): Scenario => ({
  module: 'pip',
  args: { ...VENV, ...args },
  changed: true,
  look: listed('/srv/venv/bin/pip'),
  shows,
  otherFiles: BUILT,
  ...more,
});

/** Python comes with the first one: after all that has to work without. */
export const pipMatrix: readonly Scenario[] = [
  pip({ name: 'drover-two', umask: '0022' }, 'drover-one==1.0\ndrover-two==1.5', { setup: WHEELS }),
  pip({ name: ['drover_one'], state: 'latest' }, 'drover-one==2.0\ndrover-two==1.5'),
  pip({ name: 'drover-one', version: '1.0' }, 'drover-one==1.0\ndrover-two==1.5'),
  pip({ name: 'drover-one>=1,<2' }, 'drover-one==1.0\ndrover-two==1.5', { changed: false }),
  pip({ name: 'Drover.Two', state: 'absent', extra_args: '' }, 'drover-one==1.0'),
  pip({ name: 'drover-one', state: 'forcereinstall' }, 'drover-one==2.0', { actsAlways: true }),
  pip({ requirements: 'needs.txt', chdir: '/srv/wheels' }, 'drover-one==1.0\ndrover-two==1.5', {
    setup: 'echo drover-two >/srv/wheels/needs.txt',
  }),
  pip(
    {
      name: 'file:///srv/source#egg=drover-three',
      editable: true,
      extra_args: '--no-index --no-build-isolation',
    },
    '-e /srv/source',
    {
      look: 'PYTHONDONTWRITEBYTECODE=1 /srv/venv/bin/pip freeze | grep source',
      unlikeAnsible: 'it counts each time',
    },
  ),
  pip(
    { name: '/srv/source', extra_args: '--no-index --no-build-isolation' },
    'drover-one==1.0\ndrover-three==3.0\ndrover-two==1.5',
    { actsAlways: true },
  ),
  pip(
    { virtualenv: '/srv/seeing', virtualenv_site_packages: true, name: 'drover-one' },
    'include-system-site-packages = true',
    { look: 'grep include-system /srv/seeing/pyvenv.cfg', otherFiles: /\/srv\/seeing\// },
  ),
  pip(
    {
      virtualenv: '/srv/chosen',
      virtualenv_command: 'virtualenv',
      virtualenv_python: 'python3.11',
      name: '/srv/wheels/drover_one-1.0-py3-none-any.whl',
    },
    'drover-one==1.0',
    {
      look: listed('/srv/chosen/bin/pip'),
      otherFiles: /^\/srv\/chosen\/|^\/root\/\.local\//,
    },
  ),
  {
    ...SYSTEM,
    args: { ...SYSTEM.args, name: 'drover-one', extra_args: `${INDEX} --break-system-packages` },
  },
  {
    ...SYSTEM,
    args: { ...SYSTEM.args, name: 'drover-one', state: 'absent', break_system_packages: true },
    unlikeAnsible: 'it has `break_system_packages` since 2.17',
    shows: '',
  },
];
