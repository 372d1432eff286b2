/** Lookups that run programs on the controller, or fetch from the network. Synchronous, as templates are. */
import { spawnSync } from 'node:child_process';
import { type Lookup, type LookupContext, table } from '../plugins.ts';
import { usageError } from '../python/errors.ts';
import { str } from '../python/text.ts';
import { splitLines } from '../python/textOperations.ts';
import type { Internal } from '../python/types.ts';
import { flagOption, type Options, textOption } from './options.ts';

export const programLookups = table<Lookup>({
  pipe: (terms, _options, context) =>
    terms.map((term) => output(str(term), 'pipe', context).trimEnd()),
  lines: (terms, _options, context) =>
    terms.flatMap((term) => splitLines(output(str(term), 'lines', context).trimEnd())),
  url: (terms, options) => terms.flatMap((term) => fetched(str(term), options)),
});

/** Bytes of the largest output that is read. */
const MAX_OUTPUT = 256 * 1024 * 1024;

function output(command: string, lookup: string, { host }: LookupContext): string {
  const result = spawnSync('/bin/sh', ['-c', command], {
    cwd: host.baseDirectory,
    env: host.environment,
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (result.error !== undefined)
    throw usageError(`lookup_plugin.${lookup}(${command}): ${result.error.message}`);
  if (result.status !== 0) {
    throw usageError(
      `lookup_plugin.${lookup}(${command}) returned ${result.status ?? result.signal}`,
    );
  }
  return result.stdout;
}

/** Runs in a node of its own: fetches what standard input describes and prints it. */
const FETCH = `
let text = '';
process.stdin.on('data', (part) => (text += part)).on('end', async () => {
  const { url, ...init } = JSON.parse(text);
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(init.timeoutMs) });
    if (!response.ok) throw new Error('HTTP status ' + response.status + ' ' + response.statusText);
    process.stdout.write(Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    process.stderr.write(String(error.cause ?? error.message ?? error));
    process.exitCode = 1;
  }
});`;

function fetched(url: string, options: Options): Internal[] {
  const text = fetchText(url, options);
  if (!flagOption(options, 'split_lines', true)) return [text];
  return splitLines(text);
}

function fetchText(url: string, options: Options): string {
  const timeoutMs = Number(textOption(options, 'timeout', '10')) * 1000;
  const request = { url, method: 'GET', headers: headersOf(options), timeoutMs };
  const isUnchecked = !flagOption(options, 'validate_certs', true);
  const result = spawnSync(process.execPath, ['-e', FETCH], {
    input: JSON.stringify(request),
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT,
    timeout: timeoutMs + 5000,
    env: isUnchecked ? { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' } : {},
  });
  if (result.error !== undefined || result.status !== 0) {
    throw usageError(
      `failed lookup url for ${url}: ${result.error?.message ?? result.stderr.trim()}`,
    );
  }
  return result.stdout;
}

function headersOf(options: Options): Record<string, string> {
  const given = options.get('headers');
  const entries =
    given instanceof Map ? [...given].map(([key, value]) => [str(key), str(value)]) : [];
  const agent = ['user-agent', textOption(options, 'http_agent', 'drover')];
  const user = textOption(options, 'username', '');
  const login = Buffer.from(`${user}:${textOption(options, 'password', '')}`).toString('base64');
  return Object.fromEntries([
    agent,
    ...(user === '' ? [] : [['authorization', `Basic ${login}`]]),
    ...entries,
  ]);
}
