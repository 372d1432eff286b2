/** `encrypt-string`: values as they stand in a YAML file. */
import { usageError } from '../usageError.ts';
import type { World } from '../world.ts';
import { STREAM, type VaultSession } from './session.ts';

export interface StringFlags {
  /** Variables' names, one for each string. */
  readonly name?: readonly string[];
  readonly stdinName?: string;
  readonly prompt?: boolean;
  readonly showInput?: boolean;
}

interface NamedString {
  readonly name: string | undefined;
  readonly text: string;
}

/** Far enough in for any depth that a variable may stand at. */
const INDENT = ' '.repeat(10);

export async function encryptStrings(
  texts: readonly string[],
  flags: StringFlags,
  session: VaultSession,
  world: World,
): Promise<string> {
  const strings = await stringsToEncrypt(texts, flags, world);
  return strings
    .map(({ name, text }) => yamlVault(name, session.encrypt(Buffer.from(text))))
    .join('\n');
}

async function stringsToEncrypt(
  texts: readonly string[],
  flags: StringFlags,
  world: World,
): Promise<readonly NamedString[]> {
  const given = texts.filter((text) => text !== STREAM);
  const readsStdin =
    texts.includes(STREAM) ||
    flags.stdinName !== undefined ||
    (texts.length === 0 && flags.prompt !== true);
  const { name: names = [] } = flags;
  if (names.length > given.length + (flags.prompt === true ? 1 : 0)) {
    throw usageError('there are more names than strings', 'for standard input use --stdin-name');
  }
  return [
    ...(readsStdin
      ? [{ name: flags.stdinName, text: (await world.readStdin()).toString('utf8') }]
      : []),
    ...(flags.prompt === true ? [await askedString(names[given.length], flags, world)] : []),
    ...given.map((text, index) => ({ name: names[index], text })),
  ];
}

async function askedString(
  known: string | undefined,
  { showInput = false }: StringFlags,
  { prompt }: World,
): Promise<NamedString> {
  const name = known ?? (await prompt('Name of the variable (none: enter): ', { echo: true }));
  const text = await prompt('String to encrypt: ', { echo: showInput });
  if (text === undefined) throw usageError('there is no terminal to ask for the string');
  return { name: name === '' ? undefined : name, text };
}

function yamlVault(name: string | undefined, armoured: string): string {
  const start = name === undefined ? '!vault |' : `${name}: !vault |`;
  const lines = armoured.trimEnd().split('\n');
  return `${[start, ...lines.map((line) => INDENT + line)].join('\n')}\n`;
}
