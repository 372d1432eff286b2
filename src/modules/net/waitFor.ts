/** `wait_for`: waits until a port, a path or a text is there, or is gone, as seen from the host. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Target } from '../../target/target.ts';
import { type ActionContext, type ActionOutcome, defineAction } from '../module.ts';
import { integer, list, path, text } from '../params.ts';
import { activeConnections, addressesOf, TCP_STATES, type TcpState } from './tcpTable.ts';

const DEFAULT_STATES: TcpState[] = [
  'ESTABLISHED',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'SYN_RECV',
  'SYN_SENT',
  'TIME_WAIT',
];

const params = z
  .strictObject({
    host: text().default('127.0.0.1').describe('Name or address, as the host sees it.'),
    port: integer().optional().describe('TCP port to look at.'),
    path: path().optional().describe('File on the host to look at, instead of a port.'),
    search_regex: text()
      .optional()
      .describe('Regular expression to find in the file, or in what the port sends.'),
    state: z
      .enum(['started', 'present', 'stopped', 'absent', 'drained'])
      .default('started')
      .describe(
        '`started`/`present`: there; `stopped`/`absent`: gone; `drained`: no connections left.',
      ),
    timeout: integer().default(300).describe('Seconds to wait at most.'),
    delay: integer().default(0).describe('Seconds before the first look.'),
    sleep: integer().default(1).describe('Seconds between two looks.'),
    connect_timeout: integer().default(5).describe('Seconds to wait for one connection.'),
    msg: text().optional().describe('Message when the time is over.'),
    exclude_hosts: list(text()).optional().describe('Peers that do not count when draining.'),
    active_connection_states: list(
      z.preprocess((value) => String(value).toUpperCase(), z.enum(TCP_STATES)),
    )
      .default(DEFAULT_STATES)
      .describe('TCP states that count as a connection when draining.'),
  })
  .refine(({ port, path: file }) => port === undefined || file === undefined, {
    error: 'only one of "port" and "path" can be given',
  })
  .refine(({ state, port }) => state !== 'drained' || port !== undefined, {
    error: '"state: drained" needs "port"',
  });
type Params = z.output<typeof params>;

/** What one look found. */
type Look =
  | { readonly reached: true; readonly match?: RegExpMatchArray }
  | { readonly reached: false; readonly seen: string };

export const waitFor = defineAction<Params>({
  name: 'wait_for',
  summary: 'Wait for a port, a file or a text',
  description:
    'Ports are tried from the network of the host, through the connection to it. Without `port` and `path` it waits for `timeout` seconds.',
  params,
  examples: [
    '- wait_for: { port: 8080, delay: 2, timeout: 120 }',
    '- wait_for: { path: /var/log/app.log, search_regex: "Listening on (\\\\d+)" }',
    '- wait_for: { path: /run/app.lock, state: absent }',
  ],
  returns: {
    elapsed: 'Seconds that it took.',
    state: 'What was asked.',
    port: 'The port.',
    path: 'The path.',
    search_regex: 'The expression.',
    match_groups: 'What the groups of the expression matched.',
    match_groupdict: 'What its named groups matched.',
  },
  checkMode: 'skip',
  run: runWaitFor,
});

async function runWaitFor(context: ActionContext, input: Params): Promise<ActionOutcome> {
  const { controller, signal } = context;
  const startedMs = controller.now().getTime();
  const elapsedS = () => Math.floor((controller.now().getTime() - startedMs) / 1000);
  const endMs = startedMs + input.timeout * 1000;
  await controller.sleep(input.delay * 1000, signal);
  if (input.port === undefined && input.path === undefined) {
    await controller.sleep(input.timeout * 1000, signal);
    return { changed: false, data: resultOf(input, elapsedS(), undefined) };
  }
  const regex = input.search_regex === undefined ? undefined : pythonRegex(input.search_regex);
  let seen = 'nothing was tried';
  while (controller.now().getTime() < endMs) {
    const look = await lookOnce(context, input, regex, endMs);
    if (look.reached) return { changed: false, data: resultOf(input, elapsedS(), look.match) };
    seen = look.seen;
    await controller.sleep(
      Math.min(input.sleep * 1000, Math.max(0, endMs - controller.now().getTime())),
      signal,
    );
  }
  throw new ModuleError(input.msg ?? `Timeout when waiting for ${subject(input)}`, {
    code: 'DROVER_TIMEOUT',
    hint: `at the last look: ${seen}`,
    data: { elapsed: elapsedS() },
  });
}

function subject({ host, port, path: file, search_regex, state }: Params): string {
  const place = file ?? `${host}:${port}`;
  if (state === 'drained') return `${place} to drain`;
  if (state === 'stopped' || state === 'absent') return `${place} to stop`;
  return search_regex === undefined ? place : `search string ${search_regex} in ${place}`;
}

/** Python's spelling of named groups is JavaScript's but for one letter. @throws ModuleError when it is not valid. */
function pythonRegex(source: string): RegExp {
  const [, flags = '', rest = ''] = /^(?:\(\?([aimsx]+)\))?([\s\S]*)$/.exec(source) ?? [];
  const known = [...flags].filter((flag) => 'ims'.includes(flag)).join('');
  try {
    return new RegExp(
      rest.replaceAll('(?P<', '(?<').replaceAll('\\A', '^').replaceAll('\\Z', '$'),
      `${known}m`.replace('mm', 'm'),
    );
  } catch (error) {
    throw new ModuleError(`"search_regex" is not a regular expression: ${source}`, {
      cause: error,
    });
  }
}

function lookOnce(
  context: ActionContext,
  input: Params,
  regex: RegExp | undefined,
  endMs: number,
): Promise<Look> {
  const wantsGone = input.state === 'stopped' || input.state === 'absent';
  if (input.state === 'drained') return lookForConnections(context.target, input);
  if (input.path !== undefined) return lookAtPath(context.target, input.path, regex, wantsGone);
  return lookAtPort(context, input, regex, wantsGone, endMs);
}

const READ = `[ -e "$1" ] || exit 3; [ -z "$2" ] || [ -d "$1" ] || cat "$1"`;

async function lookAtPath(
  target: Target,
  file: string,
  regex: RegExp | undefined,
  wantsGone: boolean,
): Promise<Look> {
  const { rc, stdout } = await target.sh(READ, { args: [file, regex === undefined ? '' : 'yes'] });
  const exists = rc !== 3;
  if (wantsGone && regex === undefined) return exists ? missed('it is there') : { reached: true };
  if (!exists) return wantsGone ? { reached: true } : missed('it is not there');
  if (regex === undefined) return { reached: true };
  const match = stdout.toString().match(regex);
  if (wantsGone) return match === null ? { reached: true } : missed('the text is there');
  return match === null ? missed('the text is not there') : { reached: true, match };
}

async function lookAtPort(
  context: ActionContext,
  input: Params,
  regex: RegExp | undefined,
  wantsGone: boolean,
  endMs: number,
): Promise<Look> {
  const attempt = await connectOnce(context, input, regex, endMs);
  if (wantsGone) return attempt.connected ? missed('it accepts connections') : { reached: true };
  if (!attempt.connected) return missed(attempt.reason);
  if (regex === undefined) return { reached: true };
  const match = attempt.text.match(regex);
  return match === null ? missed('the text was not sent') : { reached: true, match };
}

type Attempt =
  | { readonly connected: true; readonly text: string }
  | { readonly connected: false; readonly reason: string };

/** Connects, and reads until the expression matches, the other side ends, or the time is over. */
async function connectOnce(
  { target, controller, signal }: ActionContext,
  input: Params,
  regex: RegExp | undefined,
  endMs: number,
): Promise<Attempt> {
  const opening = target.connect(input.host, input.port ?? 0);
  const limit = timeLimit(input.connect_timeout * 1000);
  try {
    const stream = await Promise.race([opening, limit.passed]);
    if (stream === undefined) {
      opening.then(
        (late) => late.destroy(),
        () => undefined,
      );
      return { connected: false, reason: `no connection within ${input.connect_timeout} s` };
    }
    let text = '';
    if (regex !== undefined) {
      const stop = AbortSignal.any([
        signal,
        AbortSignal.timeout(Math.max(1, endMs - controller.now().getTime())),
      ]);
      stop.addEventListener('abort', () => stream.destroy(), { once: true });
      text = await textUntil(stream, regex);
    }
    stream.destroy();
    return { connected: true, text };
  } catch (error) {
    return { connected: false, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    limit.clear();
  }
}

async function textUntil(stream: AsyncIterable<Buffer>, regex: RegExp): Promise<string> {
  let text = '';
  try {
    for await (const chunk of stream) {
      text += chunk.toString();
      if (regex.test(text)) break;
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return text;
  }
  return text;
}

function timeLimit(milliseconds: number) {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  return { passed, clear: () => clearTimeout(timer) };
}

const CONNECTIONS = `cat /proc/net/tcp 2>/dev/null; cat /proc/net/tcp6 2>/dev/null
for name; do printf 'address\\t%s\\n' "$name"; getent ahosts "$name" 2>/dev/null | sed 's/^\\([^ ]*\\).*/address\\t\\1/'; done`;

async function lookForConnections(target: Target, input: Params): Promise<Look> {
  const args = [input.host, ...(input.exclude_hosts ?? [])];
  const [own, excluded] = await Promise.all(
    [args.slice(0, 1), args.slice(1)].map(async (names) => {
      const { stdout } = await target.sh(CONNECTIONS, { args: names });
      return stdout.toString();
    }),
  );
  const count = activeConnections(own ?? '', {
    port: input.port ?? 0,
    states: input.active_connection_states,
    hosts: addressesOf(own ?? ''),
    excluded: addressesOf(excluded ?? ''),
  });
  return count === 0 ? { reached: true } : missed(`${count} connections are open`);
}

function missed(seen: string): Look {
  return { reached: false, seen };
}

function resultOf(input: Params, elapsed: number, match: RegExpMatchArray | undefined) {
  return {
    state: input.state,
    port: input.port ?? null,
    path: input.path ?? null,
    search_regex: input.search_regex ?? null,
    elapsed,
    match_groups: match === undefined ? [] : match.slice(1).map((group) => group ?? null),
    match_groupdict: { ...match?.groups },
  };
}
