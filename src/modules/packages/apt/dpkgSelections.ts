/** `dpkg_selections`: what dpkg is to do with a package: install, hold, deinstall, purge. */
import * as z from 'zod';
import { ModuleError } from '../../../core/errors.ts';
import { defineResource } from '../../module.ts';
import { text } from '../../params.ts';

const params = z.strictObject({
  name: text().describe('Package; with `:arch` for a foreign one.'),
  selection: z
    .enum(['install', 'hold', 'deinstall', 'purge'])
    .describe('The selection; `hold` keeps the package as it is.'),
});

const OBSERVE = `command -v dpkg >/dev/null || { echo 'this host has no dpkg' >&2; exit 127; }
LC_ALL=C dpkg --get-selections -- "$1" 2>/dev/null`;

export const dpkgSelections = defineResource({
  name: 'dpkg_selections',
  summary: 'Hold packages, or mark them for removal',
  params,
  examples: ['- dpkg_selections: { name: docker.io, selection: hold }'],
  returns: { before: 'The selection before.', after: 'The selection after.' },
  observe: ({ name }) => ({
    selection: {
      script: OBSERVE,
      args: [name],
      parse({ rc, stdout, stderr }) {
        if (rc === 127) throw new ModuleError(stderr.toString().trim());
        return stdout.toString().trim().split(/\s+/)[1] ?? 'not present';
      },
    },
  }),
  plan({ name, selection }, { selection: before }, { checkMode }) {
    if (before === 'not present' && !checkMode) {
      throw new ModuleError(`dpkg does not know the package "${name}"`, {
        hint: 'install it first',
      });
    }
    if (before === selection) return [];
    return [{ what: `package ${name}: selection`, before, after: selection, operation: null }];
  },
  async apply(_changes, target, { name, selection }) {
    const { rc, stderr } = await target.sh('dpkg --set-selections', {
      stdin: `${name} ${selection}\n`,
    });
    if (rc !== 0) throw new ModuleError(`dpkg --set-selections: ${stderr.toString().trim()}`);
  },
  result: ({ selection }, { selection: before }) => ({ before, after: selection }),
});
