/** The commands of `drover`. Each loads its own code when it is called, so that `--version` costs nothing. */
import { Command, CommanderError } from 'commander';
import { DroverError } from '../core/errors.ts';
import { addRunFlags, type RunFlags, withFlagNames } from './runFlags.ts';
import { version } from './version.ts';
import { EXIT, type World } from './world.ts';

/** @param argv words after the program's name. @returns the exit code. */
export async function main(argv: readonly string[], world: World): Promise<number> {
  let code: number = EXIT.ok;
  const program = new Command('drover')
    .description(
      'Provisioning and deployment from Ansible playbooks, over SSH, with nothing installed on the hosts',
    )
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => world.stdout.write(text),
      writeErr: (text) => world.stderr.write(text),
    });
  addRunFlags(
    program
      .command('run')
      .description('run playbooks on the hosts of an inventory')
      .argument('<playbook...>', 'playbook files, run in this order'),
  ).action(async (playbooks: string[], flags: RunFlags) => {
    const { run } = await import('./run.ts');
    code = await run(playbooks, flags, world);
  });
  try {
    await program.parseAsync(withFlagNames(argv), { from: 'user' });
    return code;
  } catch (error) {
    return failed(error, world);
  }
}

async function failed(error: unknown, world: World): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (!(error instanceof DroverError)) throw error;
  const { errorText } = await import('./run.ts');
  world.stderr.write(`${errorText(error, world.cwd)}\n`);
  return EXIT.content;
}
