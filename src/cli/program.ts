/** The commands of `drover`. Only the one that is called is loaded, so that `--version` costs nothing. */
import { Command, CommanderError } from 'commander';
import { DroverError, LoadErrors } from '../core/errors.ts';
import type { CommandContext } from './command.ts';
import { COMMANDS } from './commands.ts';
import { withFlagNames } from './flags.ts';
import { version } from './version.ts';
import { EXIT, type World } from './world.ts';

/** @param argv words after the program's name. @returns the exit code. */
export async function main(argv: readonly string[], world: World): Promise<number> {
  let code: number = EXIT.ok;
  const program = droverProgram(world);
  try {
    await addCommands(program, argv, {
      world,
      exit: (given) => {
        code = given;
      },
    });
    world.heap?.contentNext();
    await program.parseAsync(withFlagNames(argv), { from: 'user' });
    return code;
  } catch (error) {
    return failed(error, world);
  }
}

function droverProgram(world: World): Command {
  return new Command('drover')
    .description(
      'Provisioning and deployment from Ansible playbooks, over SSH, with nothing installed on the hosts',
    )
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
    });
}

/** All commands by name and summary; the flags of the one that is called, or whose help is asked for. */
async function addCommands(
  program: Command,
  argv: readonly string[],
  context: CommandContext,
): Promise<void> {
  const called = argv.find((word) => Object.hasOwn(COMMANDS, word));
  for (const [name, { summary, load }] of Object.entries(COMMANDS)) {
    const command = program.command(name).description(summary);
    if (name === called) (await load())(command, context);
  }
}

async function failed(error: unknown, world: World): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error === world.signal.reason) return EXIT.interrupted;
  if (!(error instanceof DroverError)) throw error;
  const { errorText } = await import('./errorText.ts');
  world.stderr.write(`${errorText(error, world.cwd)}\n`);
  return isSyntax(error) ? EXIT.syntax : EXIT.content;
}

/** Whether files could not be read at all, as scripts around playbooks tell it from other wrong content. */
function isSyntax(error: DroverError): boolean {
  if (error instanceof LoadErrors) return error.errors.some(isSyntax);
  return error.code.startsWith('DROVER_YAML_');
}
