/** `reboot`: restarts a host and waits until it is back, which another boot id tells for certain. */
import * as z from 'zod';
import { ModuleError, UnreachableError } from '../../core/errors.ts';
import type { ShellResult } from '../../target/target.ts';
import { askUntil } from '../control/answering.ts';
import { type ActionContext, type ActionOutcome, defineAction } from '../module.ts';
import { integer, list, path, text } from '../params.ts';
import { script } from '../script.ts';

const BOOT_ID = 'cat /proc/sys/kernel/random/boot_id';

const params = z.strictObject({
  msg: text().default('Reboot initiated by Ansible').describe('Message to the users of the host.'),
  pre_reboot_delay: integer()
    .default(0)
    .describe('Seconds before the host goes down; shutdown counts in whole minutes.'),
  post_reboot_delay: integer()
    .default(0)
    .describe('Seconds to wait before the host is asked for the first time.'),
  reboot_timeout: integer()
    .default(600)
    .describe('Seconds to wait for the host at most, and again for `test_command`.'),
  connect_timeout: integer().optional().describe('Seconds that one attempt to connect may take.'),
  test_command: text().default('whoami').describe('Must succeed before the task ends.'),
  boot_time_command: text()
    .default(BOOT_ID)
    .describe('Prints something that changes with each boot only.'),
  reboot_command: text()
    .optional()
    .describe('What restarts the host. Default: shutdown, or reboot where there is none.'),
  search_paths: list(path())
    .default(['/sbin', '/bin', '/usr/sbin', '/usr/bin', '/usr/local/sbin'])
    .describe('Where shutdown, or a `reboot_command` without a path, is looked for.'),
});
type Params = z.output<typeof params>;

const DEFAULT_CONNECT_S = 10;
const PAUSE_MS = 2000;

export const reboot = defineAction({
  name: 'reboot',
  summary: 'Restart a host and wait until it is back',
  description:
    'The host is back when its boot id has changed and `test_command` succeeds. A host that is reached by a local connection is refused.',
  params,
  examples: ['- reboot:\n', '- reboot:\n    msg: New kernel\n    reboot_timeout: 1200\n'],
  returns: { rebooted: 'Whether the host was restarted.', elapsed: 'Seconds that it took.' },
  checkMode: 'predict',
  run: runReboot,
});

async function runReboot(context: ActionContext, input: Params): Promise<ActionOutcome> {
  const { target, controller, signal, checkMode } = context;
  if (controller.variable('ansible_connection') === 'local') {
    throw new ModuleError('Running reboot with local connection would reboot the control node.');
  }
  const what = { what: `host ${target.host}`, before: 'running', after: 'restarted' };
  const changes = [{ ...what, operation: undefined }];
  if (checkMode) return { changed: true, changes, data: { rebooted: true, elapsed: 0 } };
  const startedMs = controller.now().getTime();
  const elapsedS = () => Math.floor((controller.now().getTime() - startedMs) / 1000);
  const before = await bootId(context, input);
  await goDown(context, input);
  await target.reset();
  await controller.sleep(input.post_reboot_delay * 1000, signal);
  await waitForBoot(context, input, before, elapsedS);
  await waitForTest(context, input, elapsedS);
  return { changed: true, changes, data: { rebooted: true, elapsed: elapsedS() } };
}

async function bootId({ target }: ActionContext, input: Params): Promise<string> {
  const { rc, stdout, stderr } = await target.sh(input.boot_time_command);
  if (rc === 0) return stdout.toString().trim();
  throw new ModuleError(`cannot tell when ${target.host} was booted: ${stderr.toString().trim()}`, {
    hint: 'set "boot_time_command" to a command that this host has',
    data: { rc, rebooted: false },
  });
}

/** Arguments: command or empty, minutes, message, then directories. A connection that is lost meanwhile is no error. */
const GO_DOWN = script`
command=$1 minutes=$2 message=$3
shift 3
find_in() {
  name=$1
  shift
  for directory do [ ! -x "$directory/$name" ] || { echo "$directory/$name"; return; }; done
  return 1
}
if [ -n "$command" ]; then
  first=\${command%% *}
  case $first in */*) ;; *)
    found=$(find_in "$first" "$@") || { echo "no $first in $*" >&2; exit 127; }
    command=$found\${command#"$first"} ;;
  esac
  exec sh -c "$command"
fi
if found=$(find_in shutdown "$@"); then exec "$found" -r "$minutes" "$message"; fi
if found=$(find_in reboot "$@"); then exec "$found"; fi
echo "no shutdown in $*" >&2
exit 127`;

async function goDown({ target }: ActionContext, input: Params): Promise<void> {
  const minutes = Math.floor(input.pre_reboot_delay / 60);
  const args = [input.reboot_command ?? '', `+${minutes}`, input.msg, ...input.search_paths];
  try {
    const { rc, stdout, stderr } = await target.sh(GO_DOWN, { args });
    if (rc === 0) return;
    throw new ModuleError(`Reboot command failed. Error was: ${stderr.toString().trim()}`, {
      data: { rc, stdout: stdout.toString(), stderr: stderr.toString(), rebooted: false },
    });
  } catch (error) {
    // The host went down before it could answer.
    if (!(error instanceof UnreachableError)) throw error;
  }
}

async function waitForBoot(
  context: ActionContext,
  input: Params,
  before: string,
  elapsedS: () => number,
): Promise<void> {
  const isReached = ({ rc, stdout }: ShellResult) =>
    rc === 0 && stdout.toString().trim() !== before;
  await waitUntil(context, input, input.boot_time_command, isReached, {
    late: 'Timed out waiting for last boot time check',
    elapsedS,
  });
}

async function waitForTest(
  context: ActionContext,
  input: Params,
  elapsedS: () => number,
): Promise<void> {
  await waitUntil(context, input, input.test_command, ({ rc }) => rc === 0, {
    late: 'Timed out waiting for post-reboot test command',
    elapsedS,
  });
}

async function waitUntil(
  context: ActionContext,
  { reboot_timeout: timeout, connect_timeout: connectTimeout, pre_reboot_delay: delay }: Params,
  program: string,
  isReached: (answer: ShellResult) => boolean,
  { late, elapsedS }: { readonly late: string; readonly elapsedS: () => number },
): Promise<void> {
  const limitMs = (connectTimeout ?? DEFAULT_CONNECT_S) * 1000;
  const endMs = context.controller.now().getTime() + (timeout + delay) * 1000;
  const answer = await askUntil(context, { program, isReached, limitMs, pauseMs: PAUSE_MS }, endMs);
  if (typeof answer !== 'string') return;
  throw new ModuleError(`${late} (timeout=${timeout}): ${answer}`, {
    code: 'DROVER_TIMEOUT',
    data: { rebooted: true, elapsed: elapsedS() },
  });
}
