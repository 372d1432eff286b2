/** What runs in a container and as whom: command, environment, health check, privileges, logging. */
import * as z from 'zod';
import { boolean, dict, integer, list, object, path, plain, text } from '../../params.ts';

/** Values that YAML may have turned into something else than what was meant are refused. */
const environmentValue = z.preprocess(
  (value) => (typeof value === 'number' || typeof value === 'bigint' ? String(value) : value),
  z.custom<string>(
    (value) => typeof value === 'string',
    'a value of "env" is no text: put booleans and fractions in quotes, so that they stay as written',
  ),
);

/** A list of words; text is one word list for the shell-like splitter, kept as text here. */
const wordsOrText = z.preprocess(
  (value) => (typeof value === 'number' || typeof value === 'bigint' ? String(value) : value),
  z.union([z.string(), z.array(text())]),
);

export const processParams = {
  command: wordsOrText.optional().describe('Command with its arguments, as a list or as text.'),
  entrypoint: list(text()).optional().describe("Replaces the image's entry point."),
  env: dict(environmentValue)
    .optional()
    .describe('Environment variables. Numbers and booleans need quotes to stay as written.'),
  env_file: path()
    .optional()
    .describe('File on the host with lines `NAME=value`; `env` wins over it.'),
  user: text().optional().describe('User, by name or id, that the command runs as.'),
  groups: list(text()).optional().describe('Further groups of that user.'),
  working_dir: text().optional().describe('Directory that the command starts in.'),
  hostname: text().optional().describe('Host name in the container.'),
  domainname: text().optional().describe('Domain name in the container.'),
  tty: boolean().optional().describe('Give it a terminal.'),
  interactive: boolean().optional().describe('Keep its standard input open.'),
  init: boolean()
    .optional()
    .describe('Run an init process that reaps processes and passes signals on.'),
  labels: dict(text()).optional().describe('Labels of the container.'),
  healthcheck: object({
    test: plain()
      .optional()
      .describe('Text for a shell, a list `[CMD, …]` or `[CMD-SHELL, …]`, or `[NONE]`.'),
    test_cli_compatible: boolean()
      .default(false)
      .describe('Without `test`, keep that of the image instead of turning the check off.'),
    interval: text().optional().describe('Time between checks, e.g. 30s.'),
    timeout: text().optional().describe('Longest time of one check.'),
    start_period: text().optional().describe('Failures do not count for that long.'),
    start_interval: text().optional().describe('Time between checks during the start period.'),
    retries: integer().optional().describe('Failures in a row until it is unhealthy.'),
  })
    .optional()
    .describe('How the Engine finds out whether the container works.'),
  stop_signal: text().optional().describe('Signal that asks the container to end.'),
  privileged: boolean().optional().describe('Give it all privileges on the host.'),
  capabilities: list(text()).optional().describe('Capabilities to add.'),
  cap_drop: list(text()).optional().describe('Capabilities to take away.'),
  security_opts: list(text()).optional().describe('Security options, e.g. no-new-privileges.'),
  sysctls: dict(text()).optional().describe('Kernel parameters of its namespaces.'),
  ulimits: list(text()).optional().describe('Limits `name:soft:hard`.'),
  runtime: text().optional().describe('OCI runtime.'),
  ipc_mode: text().optional().describe('IPC namespace: host, private, container:<name>, …'),
  pid_mode: text().optional().describe('PID namespace: host or container:<name>.'),
  userns_mode: text().optional().describe('User namespace, e.g. host.'),
  uts: text().optional().describe('UTS namespace, e.g. host.'),
  cgroupns_mode: z.enum(['host', 'private']).optional().describe('Cgroup namespace.'),
  cgroup_parent: text().optional().describe('Cgroup that the container is put under.'),
  log_driver: text().optional().describe('Logging driver.'),
  log_options: dict(text())
    .optional()
    .describe('Options of the logging driver.')
    .meta({ aliases: ['log_opt'] }),
} satisfies z.ZodRawShape;
