/**
 * An executable of a project as a module: copied to the host, run there with its arguments in a file that only its user
 * reads, and removed. Any language that the host can run.
 */
import { basename } from 'node:path';
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import { toPlain, type Value } from '../../core/values.ts';
import type { Controller } from '../controller.ts';
import { type ActionContext, type ActionOutcome, defineAction, type Module } from '../module.ts';
import { script } from '../script.ts';
import { answerOf, outcomeOf } from './executableOutput.ts';
import {
  type Executable,
  executableOf,
  interpreterName,
  withInlineArguments,
  wordArguments,
} from './executableStyle.ts';
import { type PythonModule, pythonPackage } from './pythonPackage.ts';

type Arguments = Readonly<Record<string, unknown>>;

export interface ExecutableFile {
  /** As the playbook knows it; with its collection's name, if it has one. */
  readonly name: string;
  /** Absolute path on the controller. */
  readonly file: string;
  readonly content: Buffer;
  /** Where a Python module finds what it imports; undefined when the controller has no Ansible. */
  readonly pythonPlaces: () => Omit<PythonModule, 'fullName' | 'text'> | undefined;
}

export function executableModule({ name, file, content, pythonPlaces }: ExecutableFile): Module {
  const executable = executableOf(content);
  return defineAction<Arguments>({
    name,
    summary: `The executable ${basename(file)} of this project`,
    params: z.looseObject({}),
    examples: [`- ${name}:\n`],
    // Ansible's own library skips what does not know check mode.
    checkMode: executable.knowsCheckMode || executable.style === 'python' ? 'predict' : 'skip',
    run: (context, args) =>
      runExecutable({ name, file, content, pythonPlaces, executable }, args, context),
  });
}

interface ProjectExecutable extends ExecutableFile {
  readonly executable: Executable;
}

async function runExecutable(
  module: ProjectExecutable,
  args: Arguments,
  { target, controller, signal }: ActionContext,
): Promise<ActionOutcome> {
  const { name, file, executable } = module;
  const request = requestOf(module, { ...plainArguments(args), ...internals(name, controller) });
  const interpreter = interpreterFor(module, controller);
  const lines = request.argumentText.split('\n').length;
  const { rc, stdout, stderr } = await target.sh(RUN, {
    args: [basename(file), request.takesFile ? String(lines) : '0', ...interpreter],
    stdin: request.takesFile
      ? Buffer.concat([Buffer.from(`${request.argumentText}\n`), request.content])
      : request.content,
    signal,
  });
  const started = String.fromCharCode(stdout[0] ?? 0);
  if (started !== 'r') throw notStarted(started, name, executable, stderr.toString().trim());
  const output = { rc, stdout: stdout.subarray(1).toString(), stderr: stderr.toString() };
  const { data, junk } = answerOf(name, output);
  if (junk !== '') controller.warn(`module "${name}" printed text after its result: ${junk}`);
  for (const warning of textsOf(data['warnings'])) controller.warn(warning);
  for (const deprecation of textsOf(data['deprecations'])) controller.deprecate(deprecation);
  return outcomeOf(name, data);
}

function textsOf(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown) => {
    if (typeof item === 'string') return [item];
    const msg = typeof item === 'object' && item !== null && 'msg' in item ? item.msg : undefined;
    return typeof msg === 'string' ? [msg] : [];
  });
}

function plainArguments(args: Arguments): Arguments {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => [name, toPlain(value as Value)]),
  );
}

/** What Ansible tells a module beside its arguments, as far as it means something here. */
function internals(name: string, controller: Controller): Arguments {
  const version = controller.variable('ansible_version');
  const full = version instanceof Map ? version.get('full') : undefined;
  return {
    _ansible_check_mode: controller.checkMode,
    _ansible_diff: controller.diffMode,
    _ansible_verbosity: controller.verbosity,
    _ansible_module_name: name,
    _ansible_no_log: false,
    _ansible_debug: false,
    ...(typeof full === 'string' ? { _ansible_version: full } : {}),
  };
}

interface ExecutableRequest {
  readonly content: Buffer;
  readonly argumentText: string;
  /** The program gets the path of a file that holds `argumentText`. */
  readonly takesFile: boolean;
}

/** @throws ModuleError for a module that needs Ansible's own Python library where the controller has none. */
function requestOf(module: ProjectExecutable, args: Arguments): ExecutableRequest {
  const { content } = module;
  const { style } = module.executable;
  switch (style) {
    case 'json':
      return { content, argumentText: JSON.stringify(args), takesFile: true };
    case 'words':
      return { content, argumentText: wordArguments(args), takesFile: true };
    case 'inline':
      return {
        content: withInlineArguments(content, JSON.stringify(args)),
        argumentText: '',
        takesFile: false,
      };
    case 'python':
      return { content: packed(module), argumentText: JSON.stringify(args), takesFile: true };
    default:
      return style satisfies never;
  }
}

/** The module with what it imports. @throws ModuleError when the controller has no Ansible to take that from. */
function packed({ name, file, content, pythonPlaces }: ProjectExecutable): Buffer {
  const places = pythonPlaces();
  if (places === undefined) {
    throw new ModuleError(
      `module "${name}" (${file}) is written against Ansible's Python library`,
      {
        code: 'DROVER_UNSUPPORTED',
        hint: 'install ansible-core on this machine, where the library is taken from; or let the module read a JSON file of arguments (WANT_JSON) without module_utils',
      },
    );
  }
  const [, space, collection, short] = /^(\w+)\.(\w+)\.(\w+)$/.exec(name) ?? [];
  const fullName =
    short === undefined
      ? `ansible.modules.${name}`
      : `ansible_collections.${space}.${collection}.plugins.modules.${short}`;
  return Buffer.from(pythonPackage({ ...places, fullName, text: content.toString('utf8') }));
}

/** The words before the program's path. `ansible_<name>_interpreter` names another interpreter. @throws ModuleError without any. */
function interpreterFor(
  { name, file, executable }: ProjectExecutable,
  controller: Controller,
): string[] {
  const interpreter = writtenFor(executable);
  if (interpreter === undefined) return [];
  if (interpreter.length === 0) {
    throw new ModuleError(`module "${name}" (${file}) has no interpreter line`, {
      code: 'DROVER_INVALID_MODULE',
      hint: 'begin the file with a line such as #!/bin/sh',
    });
  }
  const program = interpreterName(interpreter);
  const names = [program, program.replace(/[\d.]+$/, '')];
  for (const each of names) {
    const other = controller.variable(`ansible_${each}_interpreter`);
    if (typeof other === 'string' && !other.startsWith('auto')) return [other];
  }
  return [...interpreter];
}

/** The words of its first line, which modules for Ansible's library may leave out. */
function writtenFor({ interpreter, style }: Executable): readonly string[] | undefined {
  return style === 'python' && interpreter?.length === 0 ? ['/usr/bin/python3'] : interpreter;
}

function notStarted(
  how: string,
  name: string,
  executable: Executable,
  stderr: string,
): ModuleError {
  const interpreter = writtenFor(executable) ?? [];
  if (how !== 'n') return new ModuleError(`module "${name}" could not be copied: ${stderr}`);
  return new ModuleError(
    `this host has no ${interpreterName(interpreter)}, which module "${name}" is written in`,
    {
      code: 'DROVER_TOOL_MISSING',
      hint: 'install it first, or delegate the task to a host that has it',
    },
  );
}

/**
 * `NAME LINES [INTERPRETER WORD…]`; as input LINES lines of arguments, then the program. Writes `r` before the program
 * runs, `n` when its interpreter is missing. A Python that is called by another name on the host will do.
 */
const RUN = script`
name=$1 lines=$2
shift 2
umask_before=$(umask)
umask 077
can_run() { : >"$1/$name" && chmod 700 "$1/$name" && { [ "$2" -gt 0 ] || [ -x "$1/$name" ]; }; }
directory=
for parent in "\${TMPDIR:-/tmp}" "$HOME" /var/tmp; do
  directory=$(mktemp -d "$parent/.drover-module.XXXXXX" 2>/dev/null) || continue
  trap 'rm -rf "$directory"' EXIT
  trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM
  can_run "$directory" $# && break
  rm -rf "$directory"
  directory=
done
[ -n "$directory" ] || { echo "no directory for the module allows execution" >&2; exit 1; }
arguments=
if [ "$lines" -gt 0 ]; then
  arguments=$directory/arguments
  while [ "$lines" -gt 0 ] && IFS= read -r line; do
    lines=$((lines - 1))
    if [ "$lines" -gt 0 ]; then printf '%s\n' "$line"; else printf %s "$line"; fi
  done >"$arguments"
fi
cat >"$directory/$name" || exit 1
umask "$umask_before"
if [ $# -gt 0 ]; then
  interpreter=$1
  [ "\${interpreter##*/}" != env ] || [ $# -eq 1 ] || interpreter=$2
  case $interpreter in -*) interpreter=$1 ;; esac
  if ! command -v -- "$interpreter" >/dev/null; then
    case \${interpreter##*/} in
      python*) interpreter=$(command -v python3 || command -v python) || { printf n; exit 0; }
        [ "\${1##*/}" != env ] || shift
        shift
        set -- "$interpreter" "$@" ;;
      *) printf n; exit 0 ;;
    esac
  fi
fi
printf r
set -- "$@" "$directory/$name"
[ -z "$arguments" ] || set -- "$@" "$arguments"
"$@" </dev/null`;
