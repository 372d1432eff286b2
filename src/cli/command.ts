/** The contract of a command: it adds its flags to `command`, and hands the exit code of what it did to `exit`. */
import type { Command } from 'commander';
import type { World } from './world.ts';

export interface CommandContext {
  readonly world: World;
  /** Called once, with the exit code. */
  readonly exit: (code: number) => void;
}

export type DefineCommand = (command: Command, context: CommandContext) => void;

/** A command whose code is loaded when it is called, or when its help is asked for. */
export interface LazyCommand {
  readonly summary: string;
  readonly load: () => Promise<DefineCommand>;
}
