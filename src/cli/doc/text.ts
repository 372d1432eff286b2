/** Documentation of a module for the terminal. */
import type { ModuleDoc, ParameterDoc } from '../../modules/documentation.ts';
import { yamlValue } from './yamlValue.ts';

const MAX_WIDTH = 100;

export function moduleText(doc: ModuleDoc, columns: number | undefined): string {
  const width = Math.min(columns ?? MAX_WIDTH, MAX_WIDTH);
  const lines = [
    doc.fullName,
    ...wrapped(`${doc.summary}.`, 2, width),
    ...(doc.description === undefined ? [] : wrapped(doc.description, 2, width)),
    ...(doc.otherNames.length === 0 ? [] : wrapped(`Also: ${doc.otherNames.join(', ')}`, 2, width)),
    ...(doc.freeForm === undefined ? [] : [`  "module: text" gives ${doc.freeForm}`]),
    `  With --check: ${doc.checkMode}`,
    ...section('PARAMETERS (= required)', parameterLines(doc, width)),
    ...section('EXAMPLES', doc.examples.flatMap(exampleLines)),
    ...section(
      'RESULT',
      Object.entries(doc.returns).flatMap(([key, text]) => entry(`  ${key}`, text, width)),
    ),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

function parameterLines({ parameters, isOpen }: ModuleDoc, width: number): string[] {
  const lines = parameters.flatMap((parameter) => parameterEntry(parameter, 0, width));
  return isOpen ? [...lines, '  Any other name is taken too.'] : lines;
}

function parameterEntry(parameter: ParameterDoc, depth: number, width: number): string[] {
  const { name, aliases, isRequired, type, choices, description, suboptions } = parameter;
  const margin = '  '.repeat(depth);
  const also = aliases.length === 0 ? '' : ` (also ${aliases.join(', ')})`;
  const fallback =
    parameter.default === undefined ? '' : `, default ${yamlValue(parameter.default)}`;
  const head = `${margin}${isRequired ? '= ' : '- '}${name}${also}: ${type}${fallback}`;
  const about =
    choices.length === 0 ? description : `${description} One of: ${choices.join(', ')}.`;
  return [
    ...entry(head, about, width),
    ...suboptions.flatMap((option) => parameterEntry(option, depth + 2, width)),
  ];
}

function entry(head: string, text: string, width: number): string[] {
  const margin = head.length - head.trimStart().length + 4;
  return [head, ...wrapped(text, margin, width)];
}

function exampleLines(example: string): string[] {
  return [
    ...example
      .trim()
      .split('\n')
      .map((line) => `  ${line}`.trimEnd()),
    '',
  ];
}

function wrapped(text: string, margin: number, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && margin + line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].filter((each) => each !== '').map((each) => ' '.repeat(margin) + each);
}
