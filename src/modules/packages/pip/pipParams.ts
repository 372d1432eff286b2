/** The parameters of `pip` and what they mean together. */
import * as z from 'zod';
import { boolean, list, path, text, word } from '../../params.ts';

/** A version that stands alone means "exactly this one". */
const OPERATOR = /^\s*(?:[=<>!~])/;
const HAS_VERSION = /[=<>!~]=|[<>]|===/;

export const pipParams = z
  .strictObject({
    name: list(word())
      .optional()
      .describe(
        'Packages: names with or without versions (`flask`, `flask>=2,<3`, `uwsgi[cgi]`), archives, folders, URLs, `git+https://…`.',
      ),
    version: text()
      .optional()
      .describe('Version of the one package named: `2.1` or with an operator, `>=2,<3`.'),
    requirements: text()
      .optional()
      .describe('A requirements file on the host; relative to `chdir`.'),
    virtualenv: path()
      .optional()
      .describe('Virtual environment to install into; it is made when it does not exist.'),
    virtualenv_site_packages: boolean()
      .default(false)
      .describe('Let a new virtual environment see the packages of the system.'),
    virtualenv_command: text()
      .default('virtualenv')
      .describe(
        'Command that makes a virtual environment, with options: `virtualenv`, `python3 -m venv`.',
      ),
    virtualenv_python: text()
      .optional()
      .describe('Python for a new virtual environment, as `virtualenv -p` takes it.'),
    state: z
      .enum(['present', 'absent', 'latest', 'forcereinstall'])
      .default('present')
      .describe('`latest` also upgrades; `forcereinstall` installs again each time.'),
    extra_args: text().optional().describe('More arguments for pip, quoted as for a shell.'),
    editable: boolean().default(false).describe('Install in development mode (`pip install -e`).'),
    chdir: path().optional().describe('Directory to work in.'),
    executable: text()
      .optional()
      .describe('The pip to use: a path, or a name such as `pip3.11` that is in PATH.'),
    umask: text()
      .optional()
      .describe("umask for the files that pip makes, octal in quotes ('0022')."),
    break_system_packages: boolean()
      .default(false)
      .describe('Install although the distribution keeps its Python for itself (PEP 668).'),
  })
  .refine(({ name, requirements }) => name === undefined || requirements === undefined, {
    error: 'only one of "name" and "requirements" can be given',
  })
  .refine(
    ({ name, requirements, virtualenv }) =>
      name !== undefined || requirements !== undefined || virtualenv !== undefined,
    { error: 'one of "name", "requirements" and "virtualenv" is needed' },
  )
  .refine(({ executable, virtualenv }) => executable === undefined || virtualenv === undefined, {
    error: 'only one of "executable" and "virtualenv" can be given',
  })
  .refine(({ version, name }) => version === undefined || pipSpecs({ name }).length === 1, {
    error: '"version" is for a single package',
  })
  .refine(({ version, name }) => version === undefined || !HAS_VERSION.test(name?.join() ?? ''), {
    error: '"version" and a version in "name" contradict each other',
  })
  .refine(({ umask }) => umask === undefined || /^[0-7]{1,5}$/.test(umask), {
    error: '"umask" is an octal number in quotes',
  })
  .refine(({ state, version }) => state !== 'latest' || version === undefined, {
    error: '"version" and "state: latest" contradict each other',
  });

export type PipParams = z.output<typeof pipParams>;

interface NamedPackages {
  readonly name?: readonly string[] | undefined;
  readonly version?: string | undefined;
}

/** The packages asked for, as pip takes them. `flask>=2,<3` may have been split at its comma. */
export function pipSpecs({ name, version }: NamedPackages): string[] {
  const specs: string[] = [];
  for (const part of (name ?? []).map((each) => each.trim()).filter((each) => each !== '')) {
    const last = specs.length - 1;
    const isRest = OPERATOR.test(part) && last >= 0;
    if (isRest) specs[last] = `${specs[last]},${part}`;
    else specs.push(part);
  }
  if (version === undefined) return specs;
  return specs.map((spec) => `${spec}${OPERATOR.test(version) ? '' : '=='}${version}`);
}

/** `Foo.Bar_baz[extra]>=1 ; python_version > "3"` → `foo-bar-baz` (PEP 503); undefined for a path or URL. */
export function projectName(spec: string): string | undefined {
  const egg = /#(?:.*&)?egg=([A-Za-z0-9._-]+)/.exec(spec)?.[1];
  const named =
    /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?:[=<>!~;@(].*)?$/s;
  const name = egg ?? named.exec(spec.trim())?.[1];
  const isFile = egg === undefined && /\.(?:whl|zip|tar\.\w+|tgz)$/.test(spec);
  return name === undefined || isFile ? undefined : name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** Whether what is installed comes from version control: only a look at the remote can tell what is new. */
export function isVersionControlled(spec: string): boolean {
  return /^(?:\S+\s*@\s*)?(?:git|hg|svn|bzr)\+/.test(spec);
}
