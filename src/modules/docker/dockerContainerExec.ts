/** `docker_container_exec`: runs a program in a container, through the Engine. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { ResultData } from '../../core/results.ts';
import { splitWords } from '../commands/shellWords.ts';
import { type ActionOutcome, defineAction } from '../module.ts';
import { boolean, dict, list, text } from '../params.ts';
import { type Engine, withEngine } from './client.ts';
import { outputsOf } from './containerStreams.ts';
import { EngineRefusal } from './engineErrors.ts';
import { engineParams } from './engineParams.ts';

const params = z
  .strictObject({
    container: text().describe('Name or id of the container.'),
    command: text().optional().describe('The program and its arguments, quoted as for a shell.'),
    argv: list(text()).optional().describe('The program and its arguments as a list.'),
    chdir: text().optional().describe('Directory in the container to run it in.'),
    detach: boolean().default(false).describe('Start it, and do not wait for its end.'),
    env: dict(text()).optional().describe('Variables of its environment.'),
    stdin: text().optional().describe('What it reads.'),
    stdin_add_newline: boolean().default(true).describe('End what it reads with a newline.'),
    strip_empty_ends: boolean()
      .default(true)
      .describe('Take empty lines from the end of its output.'),
    tty: boolean().default(false).describe('Give it a terminal; then all output is stdout.'),
    user: text().optional().describe('User in the container, by name or id.'),
    ...engineParams,
  })
  .refine(({ command, argv }) => (command === undefined) !== (argv === undefined), {
    error: 'give the command either as text (command) or as a list (argv)',
  })
  .refine(({ detach, stdin }) => !detach || stdin === undefined, {
    error: 'stdin cannot be given with detach',
  });
type Params = z.output<typeof params>;

const Created = z.looseObject({ Id: z.string() });
const Ended = z.looseObject({ ExitCode: z.number().nullish() });

export const dockerContainerExec = defineAction({
  name: 'docker_container_exec',
  collection: 'community.docker',
  aliases: ['community.general.docker_container_exec'],
  summary: 'Run a program in a container',
  description:
    'An exit code other than 0 is returned and is no failure: use `failed_when`. Skipped in check mode.',
  params,
  examples: [
    '- docker_container_exec:\n    container: db\n    argv: [pg_isready, -U, app]\n  register: ready\n  failed_when: ready.rc != 0\n',
    '- docker_container_exec:\n    container: web\n    command: sh -c "cat > /tmp/x"\n    stdin: Hello\n    user: nobody\n',
  ],
  returns: {
    stdout: 'What it wrote.',
    stderr: 'What it wrote about errors.',
    rc: 'Its exit code.',
    exec_id: 'Id of the run, with `detach`.',
  },
  checkMode: 'skip',

  run: ({ target, signal }, input) =>
    withEngine(target, input, signal, async (engine): Promise<ActionOutcome> => {
      const id = await createRun(engine, input);
      const data = input.detach ? await startDetached(engine, id) : await follow(engine, id, input);
      return { changed: true, data };
    }),
});

async function createRun(engine: Engine, input: Params): Promise<string> {
  const { container, argv, command = '', env, chdir, user, tty, detach, stdin } = input;
  const isFollowed = !detach;
  const body = {
    Cmd: argv ?? splitWords(command),
    Env: Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}`),
    WorkingDir: chdir,
    User: user,
    Tty: tty,
    AttachStdin: isFollowed && stdin !== undefined,
    AttachStdout: isFollowed,
    AttachStderr: isFollowed,
  };
  const path = `/containers/${encodeURIComponent(container)}/exec`;
  const doing = `run a program in container ${container}`;
  try {
    return Created.parse(await engine.call({ method: 'POST', path, body, doing })).Id;
  } catch (error) {
    throw explained(error, container);
  }
}

function explained(error: unknown, container: string): unknown {
  if (!(error instanceof EngineRefusal)) return error;
  if (error.status === 404) return new ModuleError(`Could not find container "${container}"`);
  if (error.status !== 409) return error;
  return new ModuleError(error.message, { hint: `container "${container}" must be running` });
}

async function startDetached(engine: Engine, id: string): Promise<ResultData> {
  const body = { Detach: true };
  const path = `/exec/${id}/start`;
  await engine.call({ method: 'POST', path, body, doing: 'start the program' });
  return { exec_id: id };
}

async function follow(engine: Engine, id: string, input: Params): Promise<ResultData> {
  const { stdin, stdin_add_newline: addsNewline, tty, strip_empty_ends: strips } = input;
  const path = `/exec/${id}/start`;
  const body = { Detach: false, Tty: tty };
  const stream = await engine.attach({ method: 'POST', path, body, doing: 'start the program' });
  try {
    const reading = outputsOf(stream, tty);
    if (stdin !== undefined) stream.write(addsNewline ? `${stdin}\n` : stdin);
    stream.end();
    const { stdout, stderr } = await reading;
    const ended = await engine.call({
      method: 'GET',
      path: `/exec/${id}/json`,
      doing: 'read the exit code',
    });
    const shown = (bytes: Buffer) =>
      strips ? bytes.toString().replace(/[\r\n]+$/, '') : bytes.toString();
    return {
      stdout: shown(stdout),
      stderr: shown(stderr),
      rc: Ended.parse(ended).ExitCode ?? null,
    };
  } finally {
    stream.destroy();
  }
}
