import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import { pythonRegex } from '../../core/pythonRegex.ts';
import type { Observed, Probe } from '../../target/probe.ts';
import type { Controller } from '../controller.ts';
import { defineResource } from '../module.ts';
import { boolean, fileAttributes, path, text } from '../params.ts';
import { script } from '../script.ts';
import { fileLabels } from './fileLabels.ts';
import { EXPAND_PATH, fileBytes, fileState } from './fileState.ts';
import { localPayload } from './localPayload.ts';
import { nothing } from './nothing.ts';
import { MAX_DIFF_BYTES, payloadOf } from './payload.ts';
import { applyPlacement, type Placement, placementResult, planPlacement } from './placement.ts';

const Params = z.strictObject({
  src: path().describe('Directory with the fragments.'),
  dest: path().describe('The file to make of them. Absolute.'),
  remote_src: boolean()
    .default(true)
    .describe('`src` is on the host; otherwise on the controller.'),
  regexp: text().optional().describe('Only fragments whose name matches this regular expression.'),
  ignore_hidden: boolean().default(false).describe('Leave out names that begin with a dot.'),
  delimiter: text()
    .optional()
    .describe('Text between two fragments, on lines of its own; `\\n` and the like are escapes.'),
  decrypt: boolean().default(true).describe('Take vaulted files of the controller as plain text.'),
  backup: boolean()
    .default(false)
    .describe('Keep the old file, with time and process id in its name.'),
  validate: text()
    .optional()
    .describe('A command that checks the new file (`%s`) before it is put in place.'),
  ...fileAttributes,
});
type Params = z.output<typeof Params>;

export interface Fragment {
  readonly name: string;
  readonly content: Buffer;
}

interface Input extends Params {
  /** Fragments of the controller; undefined when they are the host's. */
  readonly local: readonly Fragment[] | undefined;
  readonly diffMode: boolean;
}

export const assemble = defineResource({
  name: 'assemble',
  summary: 'Put a configuration file together from fragments in a directory',
  description:
    'Fragments are taken in the order of their names; a newline is put where one ends without.',
  params: Params,
  examples: [
    '- assemble:\n    src: /etc/app/conf.d\n    dest: /etc/app/app.conf\n    validate: /usr/sbin/app -t -f %s\n',
    '- assemble:\n    src: snippets\n    dest: /etc/motd\n    remote_src: false\n    delimiter: "-----"\n',
  ],
  returns: {
    src: 'The directory.',
    dest: 'The file.',
    checksum: 'SHA-1 of the content.',
    md5sum: 'MD5 of the content.',
    backup_file: 'The old file, with `backup`.',
  },

  prepare: async (params: Params, controller: Controller): Promise<Input> => ({
    ...params,
    local: params.remote_src ? undefined : await localFragments(params, controller),
    diffMode: controller.diffMode,
  }),
  observe: questions,
  plan(input, state) {
    const placement = placementOf(input, state);
    const { payload } = placement;
    return planPlacement(placement).map((change) => ({
      ...change,
      operation: { step: change.operation, payload },
    }));
  },
  apply(changes, target) {
    const [first] = changes;
    const steps = changes.map(({ operation }) => operation.step);
    return applyPlacement(steps, target, first?.operation.payload ?? payloadOf(''));
  },
  result(input, state) {
    const placement = placementOf(input, state);
    const { payload } = placement;
    return {
      ...placementResult(placement),
      src: input.src,
      checksum: payload.digest('sha1'),
      md5sum: payload.digest('md5'),
      msg: 'OK',
    };
  },
});

function questions({ src, dest, owner, group, local, diffMode, ...labels }: Input) {
  return {
    file: fileState(dest, { owner, group, checksum: 'always' }),
    before: diffMode ? fileBytes(dest, MAX_DIFF_BYTES) : nothing<Buffer>(),
    labels: fileLabels(dest, labels),
    fragments: local === undefined ? remoteFragments(src) : nothing<readonly Fragment[]>(),
  };
}

type State = Observed<ReturnType<typeof questions>>;

function placementOf(input: Input, { file, before, labels, fragments }: State): Placement {
  const content = assembled(input.local ?? fragments ?? [], input);
  const payload = payloadOf(content);
  const { algorithm = '', hex } = file.checksum ?? {};
  return {
    ...input,
    state: file,
    payload,
    labels,
    force: true,
    // A link is replaced by the new file, and left alone when what it leads to is right.
    follow: hex !== undefined && payload.digest(algorithm) === hex,
    diff: input.diffMode ? { before, afterHeader: input.src } : undefined,
  };
}

type Rules = Pick<Params, 'regexp' | 'ignore_hidden' | 'delimiter'>;

/** The content of `dest`. Pure. */
export function assembled(fragments: readonly Fragment[], rules: Rules): Buffer {
  const { regexp, ignore_hidden: ignoresHidden, delimiter } = rules;
  const pattern = regexp === undefined ? undefined : pythonRegex(regexp);
  const chosen = fragments
    .filter(({ name }) => pattern === undefined || name.search(pattern) >= 0)
    .filter(({ name }) => !(ignoresHidden && name.startsWith('.')))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const between = delimiter === undefined ? '' : terminated(unescaped(delimiter));
  return Buffer.concat(
    chosen.flatMap(({ content }, index) => {
      const isLast = index === chosen.length - 1;
      const needsEnd = !isLast && content.at(-1) !== NEWLINE;
      return [content, Buffer.from(`${needsEnd ? '\n' : ''}${isLast ? '' : between}`)];
    }),
  );
}

const NEWLINE = 0x0a;

function terminated(content: string): string {
  return content === '' || content.endsWith('\n') ? content : `${content}\n`;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\' };

function unescaped(content: string): string {
  return content.replace(/\\(.)/g, (all, letter: string) => ESCAPES[letter] ?? all);
}

async function localFragments(
  { src, decrypt }: Params,
  controller: Controller,
): Promise<readonly Fragment[]> {
  const folder = await controller.findFile('files', src);
  if (!(await stat(folder)).isDirectory()) {
    throw new ModuleError(`Source (${folder}) is not a directory`);
  }
  const fragments: Fragment[] = [];
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    if (!(await stat(file)).isFile()) continue;
    const { content } = await localPayload(file, decrypt, controller);
    fragments.push({ name, content: content ?? (await readFile(file)) });
  }
  return fragments;
}

function remoteFragments(src: string): Probe<readonly Fragment[]> {
  return {
    script: READ_FRAGMENTS,
    args: [src],
    parse({ rc, stdout, stderr }) {
      if (rc === 3) throw new ModuleError(`Source (${src}) does not exist`);
      if (rc === 4) throw new ModuleError(`Source (${src}) is not a directory`);
      if (rc !== 0) throw new ModuleError(`cannot read ${src}: ${stderr.toString().trim()}`);
      return fragmentsOf(stdout);
    },
  };
}

/** Prints `name NUL size NUL content` for each file. */
const READ_FRAGMENTS = script`
${EXPAND_PATH}
[ -e "$path" ] || exit 3
[ -d "$path" ] || exit 4
cd -- "$path" || exit
for name in .[!.]* ..?* *; do
  [ -f "$name" ] || continue
  printf '%s\0%s\0' "$name" "$(wc -c <"$name" | tr -d ' ')"
  cat <"$name" || exit
done`;

function fragmentsOf(output: Buffer): Fragment[] {
  const fragments: Fragment[] = [];
  for (let at = 0; at < output.length; ) {
    const nameEnd = output.indexOf(0, at);
    const sizeEnd = output.indexOf(0, nameEnd + 1);
    const size = Number(output.toString('latin1', nameEnd + 1, sizeEnd));
    const content = output.subarray(sizeEnd + 1, sizeEnd + 1 + size);
    fragments.push({ name: output.toString('utf8', at, nameEnd), content });
    at = sizeEnd + 1 + size;
  }
  return fragments;
}
