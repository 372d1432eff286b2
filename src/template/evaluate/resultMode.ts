/** What the outputs of a template become: text, or in the three modes of playbook strings a value. */
import { readLiteral } from '../python/literal.ts';
import { unrolled } from '../python/sequence.ts';
import { str } from '../python/text.ts';
import { type Internal, PythonSet } from '../python/types.ts';

export interface ResultMode {
  /** What one output gives: ranges and views become lists, None may become nothing. */
  output(value: Internal): Internal;
  /** The value of all outputs. `isKeptText` says of a sole text that it must not be read as a literal. */
  result(outputs: readonly Internal[], isKeptText: (text: string) => boolean): Internal;
}

export type ModeName = 'auto' | 'native' | 'legacy';

function joined(outputs: readonly Internal[]): string {
  const [only] = outputs;
  if (outputs.length === 1 && typeof only === 'string') return only;
  let text = '';
  for (const output of outputs) text += typeof output === 'string' ? output : str(output);
  return text;
}

function withoutNone(value: Internal): Internal {
  return value === null ? '' : unrolled(value);
}

/** A template file: always text. */
export const FILE_MODE: ResultMode = { output: withoutNone, result: joined };

/** ansible-core up to 2.18: text that looks like a list, dict or boolean is read as one. */
const legacy: ResultMode = {
  output: withoutNone,
  result(outputs, isKeptText) {
    const text = joined(outputs);
    if (outputs.length === 1 && isKeptText(text)) return text;
    const isLiteral = /^[[{]/.test(text) || text === 'True' || text === 'False';
    return (isLiteral ? readLiteral(text, true) : undefined) ?? text;
  },
};

/** `jinja2_native`: a sole value keeps its type, every text that reads as a literal becomes its value. */
const native: ResultMode = {
  output: unrolled,
  result(outputs, isKeptText) {
    const [only] = outputs;
    if (only === undefined) return null;
    if (outputs.length === 1 && typeof only !== 'string') return only;
    const text = joined(outputs);
    if (outputs.length === 1 && isKeptText(text)) return text;
    const value = readLiteral(text);
    if (value === undefined) return text;
    return typeof value === 'string' ? text.charAt(0) + value + text.charAt(0) : value;
  },
};

/** A sole value keeps its type; texts stay texts unless they read as a list or dict, as older roles expect. */
const auto: ResultMode = {
  output: unrolled,
  result(outputs, isKeptText) {
    const [only] = outputs;
    if (outputs.length === 1 && only !== undefined && typeof only !== 'string') return only;
    const text = joined(outputs.length === 1 ? outputs : outputs.map(withoutNone));
    if (!/^[[{]/.test(text) || (outputs.length === 1 && isKeptText(text))) return text;
    const value = readLiteral(text, true) ?? text;
    return value instanceof PythonSet ? text : value;
  },
};

export const RESULT_MODES: Readonly<Record<ModeName, ResultMode>> = { auto, native, legacy };
