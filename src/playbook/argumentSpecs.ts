/** `meta/argument_specs.yml` → the task that checks a role's arguments before its own tasks run. */
import type { Source } from '../core/source.ts';
import {
  entryOf,
  type MappingNode,
  type Node,
  type ScalarNode,
  scalarNode,
} from '../source/node.ts';
import type { Block, RoleUse, Task } from './model.ts';
import type { RoleRequest } from './roleRequest.ts';

/** Always tagged `always`, named as people know it from the output of ansible-playbook. */
export function validationTask(
  use: RoleUse,
  spec: MappingNode,
  { tasksFrom }: RoleRequest,
  parent: Block | undefined,
): Task {
  const { source } = spec;
  const entryPoint = tasksFrom ?? 'main';
  const context = {
    type: 'role',
    name: lastPart(use.role.name),
    argument_spec_name: entryPoint,
    path: use.role.path,
  };
  return {
    kind: 'task',
    isHandler: false,
    name: scalarNode(titleOf(spec, entryPoint), source),
    module: 'ansible.builtin.validate_argument_spec',
    moduleSource: source,
    arguments: {
      named: mappingNode(source, {
        argument_spec: entryOf(spec, 'options') ?? mappingNode(source, {}),
        provided_arguments: mappingNode(source, Object.fromEntries(use.params)),
        validate_args_context: mappingNode(source, texts(context, source)),
      }),
    },
    keywords: { tags: [scalarNode('always', source)] },
    listen: [],
    ...(parent === undefined ? {} : { parent }),
    source,
  };
}

function titleOf(spec: MappingNode, entryPoint: string): string {
  const title = `Validating arguments against arg spec '${entryPoint}'`;
  const description = entryOf(spec, 'short_description');
  return description?.kind === 'scalar' ? `${title} - ${description.value}` : title;
}

/** A role of a collection goes by its own name here. */
function lastPart(name: string): string {
  return name.split('.').at(-1) ?? name;
}

function texts(
  values: Readonly<Record<string, string>>,
  source: Source,
): Record<string, ScalarNode> {
  return Object.fromEntries(
    Object.entries(values).map(([name, text]) => [name, scalarNode(text, source)]),
  );
}

function mappingNode(source: Source, values: Readonly<Record<string, Node>>): MappingNode {
  const entries = Object.entries(values).map(([name, value]) => ({
    key: scalarNode(name, source),
    value,
  }));
  return { kind: 'mapping', entries, source };
}
