/** `vars_prompt`: asks before the play starts, for what `-e` did not answer. */
import { LoadError } from '../../core/errors.ts';
import { isSecretName } from '../../core/secretNames.ts';
import type { Value } from '../../core/values.ts';
import type { Controller } from '../../modules/controller.ts';
import { entryOf, type MappingNode, type Node, scalarNode } from '../../source/node.ts';

/** What a prompt asks of the run. */
export interface PromptServices {
  readonly prompt: Controller['prompt'];
  /** Hashes a password for `encrypt:`. */
  readonly hash: (text: string, scheme: string, salt: string | undefined) => Value;
  readonly addSecret: (text: string) => void;
  /** Tells the person who answers. */
  readonly say: (text: string) => void;
}

/**
 * The answers to all entries of `vars_prompt`, by variable.
 * @param isGiven whether `-e` has answered already.
 * @throws LoadError for an entry without a name.
 */
export async function promptedValues(
  entries: readonly MappingNode[],
  isGiven: (name: string) => boolean,
  services: PromptServices,
  evaluate: (node: Node) => Value,
): Promise<ReadonlyMap<string, Value>> {
  const answers = new Map<string, Value>();
  for (const entry of entries) {
    const name = entryOf(entry, 'name');
    if (name?.kind !== 'scalar') throw unnamedPrompt(entry);
    if (isGiven(String(name.value))) continue;
    answers.set(String(name.value), await promptedValue(entry, services, evaluate));
  }
  return answers;
}

function unnamedPrompt(entry: MappingNode): LoadError {
  return new LoadError('an entry of vars_prompt needs a name', {
    code: 'DROVER_INVALID_KEYWORD',
    source: entry.source,
  });
}

/**
 * The answer to one entry of `vars_prompt`. It is not echoed, but for `private: false`; it is a secret, and hidden in all output
 * from then on, where the playbook says `private: true`, where it is to be encrypted, or where its name says so. Those that say
 * nothing of it mostly ask for a version or a yes.
 */
export async function promptedValue(
  given: MappingNode,
  services: PromptServices,
  evaluate: (node: Node) => Value = (node) => (node.kind === 'scalar' ? node.value : null),
): Promise<Value> {
  const entry = evaluated(given, evaluate);
  const name = textOf(entry, 'name') ?? '';
  const saysPrivate = flagOf(entry, 'private');
  const isPrivate = saysPrivate ?? true;
  const text = textOf(entry, 'prompt') ?? name;
  const fallback = textOf(entry, 'default');
  const shown =
    fallback === undefined ? `${text}: ` : `${text} [${isPrivate ? 'hidden' : fallback}]: `;
  const answer = await answerTo(entry, shown, !isPrivate, services);
  const value = answer === undefined || answer === '' ? (fallback ?? '') : answer;
  const scheme = textOf(entry, 'encrypt');
  const isSecret = saysPrivate === true || scheme !== undefined || isSecretName(name);
  if (isPrivate && isSecret) services.addSecret(value);
  return scheme === undefined ? value : services.hash(value, scheme, textOf(entry, 'salt'));
}

/** The words of a prompt and its default may use variables of the play. */
function evaluated(entry: MappingNode, evaluate: (node: Node) => Value): MappingNode {
  const entries = entry.entries.map(({ key, value }) => {
    if (value.kind !== 'scalar' || typeof value.value !== 'string') return { key, value };
    return { key, value: scalarNode(String(evaluate(value)), value.source) };
  });
  return { ...entry, entries };
}

/** With `confirm` both answers have to be the same, and are asked for until they are. */
async function answerTo(
  entry: MappingNode,
  shown: string,
  echo: boolean,
  { prompt, say }: PromptServices,
): Promise<string | undefined> {
  for (;;) {
    const first = await prompt(shown, { echo });
    if (first === undefined || flagOf(entry, 'confirm') !== true) return first;
    const second = await prompt(`confirm ${shown}`, { echo });
    if (second === first) return first;
    say('***** VALUES ENTERED DO NOT MATCH ****');
  }
}

function textOf(entry: MappingNode, key: string): string | undefined {
  const node = entryOf(entry, key);
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
}

function flagOf(entry: MappingNode, key: string): boolean | undefined {
  const text = textOf(entry, key);
  return text === undefined ? undefined : /^(true|yes|on|1)$/i.test(text);
}
