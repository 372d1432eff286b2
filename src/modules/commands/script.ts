import path from 'node:path';
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { ShellResult } from '../../target/target.ts';
import { type ActionOutcome, defineAction } from '../module.ts';
import { boolean, text } from '../params.ts';
import { script as sh } from '../script.ts';
import { startParams } from './commandLine.ts';
import { splitWords } from './shellWords.ts';
import { FUNCTIONS, GUARDS } from './startScript.ts';

export const script = defineAction({
  name: 'script',
  summary: 'Run a script of the controller on the host',
  description:
    'The script travels with the request and leaves nothing behind. Any interpreter that its first line names will do.',
  params: z.strictObject({
    cmd: text().describe('Path of the script on the controller, and its arguments.'),
    ...startParams,
    executable: text()
      .optional()
      .describe('Interpreter to start it with, possibly with arguments.'),
    decrypt: boolean().default(true).describe('Vaulted scripts travel decrypted; always so.'),
  }),
  freeForm: 'cmd',
  examples: [
    '- script: setup.sh --fast\n',
    '- script:\n    cmd: setup.py\n    executable: python3\n    creates: /etc/tool.conf\n',
  ],
  returns: {
    rc: 'Exit code of the script.',
    stdout: 'What it wrote to standard output.',
    stderr: 'What it wrote to standard error.',
  },
  checkMode: 'predict',

  async run({ target, controller, checkMode, signal }, params) {
    const [name = '', ...args] = splitWords(params.cmd);
    const file = await controller.findFile('files', name);
    const content = await controller.readFile(file);
    const interpreter = splitWords(params.executable ?? '');
    const guards = [params.chdir ?? '', params.creates ?? '', params.removes ?? ''];
    const result = await target.sh(checkMode ? DRY_RUN : RUN, {
      args: [...guards, path.basename(file), String(interpreter.length), ...interpreter, ...args],
      stdin: checkMode ? '' : content,
      signal,
    });
    return outcomeOf(params, result);
  },
});

const DRY_RUN = sh`${FUNCTIONS}
${GUARDS}
printf w`;

/**
 * Takes `chdir creates removes name count interpreter… argument…` and the script as input. The script is kept in a
 * directory that allows execution and is removed however the run ends; its own input is empty.
 */
const RUN = sh`${FUNCTIONS}
${GUARDS}
name=$1 words=$2
shift 2
umask_before=$(umask)
umask 077
for parent in "\${TMPDIR:-/tmp}" "$HOME" /var/tmp; do
  directory=$parent/.drover-script.$$.$(date +%s)
  mkdir "$directory" 2>/dev/null || continue
  trap 'rm -rf "$directory"' EXIT
  trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
  file=$directory/$name
  : > "$file" && chmod 700 "$file" && [ -x "$file" ] && break
  rm -rf "$directory"
  file=
done
if [ -z "\${file-}" ]; then echo "no directory for the script allows execution" >&2; exit 1; fi
cat > "$file" || exit 1
umask "$umask_before"
printf r
if [ "$words" -gt 0 ]; then
  count=0
  for word do
    if [ "$count" -eq 0 ]; then set --; fi
    set -- "$@" "$word"
    count=$((count + 1))
    if [ "$count" -eq "$words" ]; then set -- "$@" "$file"; fi
  done
else
  set -- "$file" "$@"
fi
"$@" </dev/null`;

function outcomeOf(
  {
    creates,
    removes,
    chdir,
  }: { creates?: string | undefined; removes?: string | undefined; chdir?: string | undefined },
  { rc, stdout, stderr }: ShellResult,
): ActionOutcome {
  const error = stderr.toString('utf8');
  switch (String.fromCharCode(stdout[0] ?? 0)) {
    case 'c':
      return { changed: false, skipped: `${creates} exists, matching creates option` };
    case 'm':
      return { changed: false, skipped: `${removes} does not exist, matching removes option` };
    case 'w':
      return { changed: true, data: { msg: 'the script would have run' } };
    case 'd':
      throw new ModuleError(`cannot change to the directory ${chdir}: ${error.trim()}`);
    case 'r':
      break;
    default:
      throw new ModuleError(`the script could not be started: ${error.trim()}`, { data: { rc } });
  }
  const data = { rc, stdout: stdout.subarray(1).toString('utf8'), stderr: error };
  if (rc === 0) return { changed: true, data };
  throw new ModuleError('non-zero return code', { data: { ...data, changed: true } });
}
