/** Documentation of modules as Markdown: a page for each, and the index. */
import type { ModuleDoc, ParameterDoc } from '../../modules/documentation.ts';
import { yamlValue } from './yamlValue.ts';

/** The first line of each page: what is written by hand there is lost. */
const MADE_BY = '<!-- Made by `npm run docs:modules` from the definition of the module. -->';

export function modulePage(doc: ModuleDoc): string {
  const parts = [
    MADE_BY,
    `# ${doc.name}`,
    `${doc.summary}.`,
    ...(doc.description === undefined ? [] : [doc.description]),
    facts(doc),
    ...parameters(doc),
    ...examples(doc),
    ...returns(doc),
  ];
  return `${parts.join('\n\n')}\n`;
}

function facts({ fullName, otherNames, freeForm, checkMode }: ModuleDoc): string {
  const lines = [`- Full name: \`${fullName}\``];
  if (otherNames.length > 0) lines.push(`- Also: ${otherNames.map(code).join(', ')}`);
  if (freeForm !== undefined) lines.push(`- \`module: text\` gives \`${freeForm}\``);
  lines.push(`- With \`--check\`: ${checkMode}`);
  return lines.join('\n');
}

function parameters({ parameters: list, isOpen }: ModuleDoc): string[] {
  if (list.length === 0 && !isOpen) return ['## Parameters', 'None.'];
  const open = isOpen ? ['Any other name is taken too.'] : [];
  return ['## Parameters', ...(list.length > 0 ? [parameterTable(list)] : []), ...open];
}

function parameterTable(list: readonly ParameterDoc[]): string {
  const head = '| Parameter | Type | Default | |\n|---|---|---|---|';
  return [head, ...list.flatMap((parameter) => parameterRows(parameter, ''))].join('\n');
}

function parameterRows(parameter: ParameterDoc, prefix: string): string[] {
  const { name, aliases, isRequired, type, choices, description, suboptions } = parameter;
  const path = `${prefix}${name}`;
  const called = [`\`${path}\``, ...aliases.map((alias) => `<br>(\`${alias}\`)`)].join('');
  const fallback = parameter.default === undefined ? '' : code(yamlValue(parameter.default));
  const about = [
    cell(description),
    ...(choices.length > 0 ? [`One of ${choices.map(code).join(', ')}.`] : []),
  ];
  const row = `| ${called} | ${type} | ${isRequired ? 'required' : cell(fallback)} | ${about.join(' ')} |`;
  return [row, ...suboptions.flatMap((option) => parameterRows(option, `${path}.`))];
}

function examples(doc: ModuleDoc): string[] {
  const blocks = doc.examples.map((example) => example.trim());
  return ['## Examples', `\`\`\`yaml\n${blocks.join('\n\n')}\n\`\`\``];
}

function returns({ returns: keys }: ModuleDoc): string[] {
  const rows = Object.entries(keys).map(([key, text]) => `| \`${key}\` | ${cell(text)} |`);
  const more = 'Beside `changed`, `failed` and `msg`.';
  if (rows.length === 0) return ['## Result', '`changed`, `failed` and `msg`.'];
  return ['## Result', more, ['| Key | |', '|---|---|', ...rows].join('\n')];
}

/** The list of all modules, for `index.md`. */
export function indexPage(docs: readonly ModuleDoc[]): string {
  const rows = docs.map(({ name, fullName, summary }) => {
    return `| [${name}](${name}.md) | \`${fullName.slice(0, fullName.lastIndexOf('.'))}\` | ${cell(summary)} |`;
  });
  const table = ['| Module | Collection | |', '|---|---|---|', ...rows].join('\n');
  const intro =
    'Every module that drover brings, by its short name. `drover doc NAME` shows the same in the terminal.';
  return `${[MADE_BY, '# Modules', intro, table].join('\n\n')}\n`;
}

function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
