/** `openssl_dhparam`: Diffie-Hellman parameters. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { ResultData } from '../../core/results.ts';
import { defineResource } from '../module.ts';
import { boolean, fileAttributes, integer, path } from '../params.ts';
import { script } from '../script.ts';
import { linesOf, sectionsOf } from '../scriptOutput.ts';
import {
  applySimple,
  GENERATE_SHELL,
  generatedResult,
  observeGenerated,
  planGenerated,
} from './generatedFile.ts';
import { needOpenssl, OPENSSL_SHELL } from './privateKeyState.ts';

const params = z.strictObject({
  path: path().describe('File of the parameters.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether they exist.'),
  size: integer().default(4096).describe('Bits of the prime.'),
  force: boolean().default(false).describe('Make new ones each time.'),
  backup: boolean().default(false).describe('Keep the old file beside the new one.'),
  return_content: boolean().default(false).describe('Give them back as `dhparams`.'),
  select_crypto_backend: z
    .enum(['auto', 'cryptography', 'openssl'])
    .default('auto')
    .describe("Taken for compatibility: the host's openssl does the work."),
  ...fileAttributes,
});

const DEFAULT_MODE = '0644';
const NO_TOOL = 'no openssl';

const OBSERVE = script`
${OPENSSL_SHELL}
use_openssl
path=$1
case $path in "~/"*) path=$HOME/\${path#"~/"} ;; esac
[ -f "$path" ] || { echo absent; exit 0; }
openssl dhparam -in "$path" -noout -text 2>/dev/null | sed -n 's/.*(\([0-9]*\) bit).*/\1/p' | grep . || echo broken
`;

const GENERATE = script`
${GENERATE_SHELL}
openssl dhparam -out "$temporary" "$1" 2>"$tmp/err" </dev/null || { cat "$tmp/err" >&2; exit 1; }
put_in_place
`;

export const opensslDhparam = defineResource({
  name: 'openssl_dhparam',
  collection: 'community.crypto',
  summary: 'Make Diffie-Hellman parameters',
  params,
  examples: ['- openssl_dhparam: { path: /etc/ssl/dhparams.pem, size: 2048 }'],
  returns: {
    filename: 'File of the parameters.',
    size: 'Bits of the prime.',
    dhparams: 'The parameters, with `return_content`.',
    backup_file: 'The old file, with `backup`.',
  },
  observe: (given) => ({
    ...observeGenerated(given),
    bits: {
      script: OBSERVE,
      args: [given.path],
      parse: ({ rc, stdout }) => (rc === 127 ? NO_TOOL : stdout.toString().trim()),
    },
  }),
  plan(given, state, { checkMode }) {
    needOpenssl(state.bits !== NO_TOOL || given.state === 'absent', checkMode);
    const isRight = state.bits === String(given.size) && !given.force;
    const generation = {
      before: ['absent', NO_TOOL].includes(state.bits) ? 'absent' : { size: state.bits },
      after: { size: given.size },
      how: 'generate',
    };
    return planGenerated(given, state, isRight ? undefined : generation, DEFAULT_MODE);
  },
  async apply(changes, target, given) {
    let made: ResultData = {};
    for (const { operation } of changes) {
      if (operation.type !== 'generate') continue;
      const args = [...operation.place, String(given.size)];
      const { rc, stdout, stderr } = await target.sh(GENERATE, { args });
      if (rc !== 0) throw new ModuleError(`openssl dhparam: ${stderr.toString().trim()}`);
      const [backup] = linesOf(sectionsOf(stdout.toString()).get('backup'));
      made = backup === undefined ? {} : { backup_file: backup };
    }
    return { ...made, ...(await applySimple(changes, target)) };
  },
  result: (given, state) => ({
    filename: given.path,
    ...(given.state === 'absent' ? {} : { size: given.size }),
    ...generatedResult(given, state, DEFAULT_MODE),
  }),
  async settle(target, given) {
    if (!given.return_content || given.state === 'absent') return undefined;
    return { dhparams: (await target.readFile(given.path)).toString() };
  },
});
