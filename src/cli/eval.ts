/** `drover eval TEMPLATE`: the value of a template, the quick way to try an expression. */
import { type Command, Option } from 'commander';
import { DroverError } from '../core/errors.ts';
import type { Value } from '../core/values.ts';
import { describeFatal } from '../source/codeFrame.ts';
import { nodeFiles } from '../source/files.ts';
import { SourceTexts } from '../source/sourceTexts.ts';
import type { ModeName } from '../template/evaluate/resultMode.ts';
import { pythonJson } from '../template/filters/json.ts';
import { pythonYaml } from '../template/filters/yamlWriter.ts';
import { str } from '../template/python/text.ts';
import type { DefineCommand } from './command.ts';
import {
  addInventoryFlags,
  addPlaybookDirFlag,
  addVariableFlags,
  addVaultFlags,
  addVerbosityFlag,
} from './flags.ts';
import { openProject } from './openProject.ts';
import { projectVariables } from './projectVariables.ts';
import type { RunFlags } from './runFlags.ts';
import { EXIT, type World } from './world.ts';

type Format = 'json' | 'yaml' | 'text';

interface EvalFlags extends Omit<RunFlags, 'output'> {
  readonly host: string;
  readonly mode?: ModeName;
  readonly expression?: boolean;
  readonly output: Format;
}

/** How the text is called in messages. */
const FILE = '<template>';

export const defineEval: DefineCommand = (command, { world, exit }) => {
  command
    .argument('<template>', 'a text with {{ … }} ("-": standard input)')
    .option('--host <name>', 'see the variables of this host of the inventory', 'localhost')
    .option('-x, --expression', 'the text is a bare expression, as in "when"');
  addChoices(command);
  addInventoryFlags(command);
  addVariableFlags(command);
  addPlaybookDirFlag(command);
  addVaultFlags(command);
  addVerbosityFlag(command);
  command.action(async (template: string, flags: EvalFlags) => {
    exit(await evaluate(template, flags, world));
  });
};

function addChoices(command: Command): void {
  command
    .addOption(
      new Option(
        '--mode <name>',
        'how texts become values: native keeps types, legacy reads results as literals, auto does what roles of any age expect',
      ).choices(['auto', 'native', 'legacy']),
    )
    .addOption(
      new Option('-o, --output <format>', 'how to print the value')
        .choices(['json', 'yaml', 'text'])
        .default('json'),
    );
}

async function evaluate(template: string, flags: EvalFlags, world: World): Promise<number> {
  const text = template === '-' ? (await world.readStdin()).toString('utf8') : template;
  const { output, mode, ...others } = flags;
  try {
    const value = await valueOfTemplate(text, mode, { ...others, host: flags.host }, world);
    world.stdout.write(printed(value, output));
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof DroverError)) throw error;
    const texts = new SourceTexts(nodeFiles, world.cwd);
    texts.add(FILE, text);
    world.stderr.write(`${describeFatal(error, texts)}\n`);
    return EXIT.content;
  }
}

async function valueOfTemplate(
  text: string,
  mode: ModeName | undefined,
  flags: Omit<EvalFlags, 'output' | 'mode'>,
  world: World,
): Promise<Value> {
  const { project, request } = await openProject(flags, world, mode);
  project.hosts.require(flags.host);
  const scope = projectVariables(project, request, world).hostScope(flags.host);
  const origin = { source: { file: FILE, line: 1, column: 1 } };
  return flags.expression === true
    ? project.templates.evaluateExpression(text, scope, origin)
    : project.templates.evaluateText(text, scope, origin);
}

function printed(value: Value, format: Format): string {
  switch (format) {
    case 'json':
      return `${pythonJson(value, { indent: 4, ensureAscii: false })}\n`;
    case 'yaml':
      return pythonYaml(value, { indent: 2, flow: false, sortKeys: false, width: 80 });
    case 'text':
      return `${str(value)}\n`;
    default:
      return format satisfies never;
  }
}
