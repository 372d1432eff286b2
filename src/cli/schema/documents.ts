/** Files of other kinds: inventories, requirements, and what a role says of itself. */
import * as z from 'zod';
import type { JsonSchema } from './pieces.ts';

const Variables = z.record(z.string(), z.unknown()).nullable().describe('Variables.');
const Text = z.union([z.string(), z.number()]);

const Group: z.ZodType = z.lazy(() =>
  z
    .strictObject({
      hosts: z
        .union([z.record(z.string(), Variables), z.string()])
        .nullable()
        .optional()
        .describe('Hosts, each with its variables. A name may hold a range: web[01:20].'),
      vars: Variables.optional().describe('Variables of all hosts in the group.'),
      children: z
        .record(z.string(), Group.nullable())
        .nullable()
        .optional()
        .describe('Groups inside of this one.'),
    })
    .meta({ id: 'group' }),
);
const Plugin = z.looseObject({
  plugin: z.string().describe('The plugin whose options these are.'),
});
const Groups = z.record(z.string(), Group.nullable()).describe('Groups by name.');

const Source = {
  name: z.string().optional().describe('The name to install under, or of the package.'),
  version: Text.optional().describe('A version, tag, branch or commit.'),
};
const RoleRequirement = z.union([
  z.string(),
  z.looseObject({
    ...Source,
    src: z
      .string()
      .optional()
      .describe('Where it is: a Galaxy name, or the address of a repository or archive.'),
    scm: z.enum(['git', 'hg']).optional().describe('What kind of repository it is.'),
  }),
  z.strictObject({ include: z.string().describe('Another file of requirements.') }),
]);
const CollectionRequirement = z.union([
  z.string(),
  z.looseObject({
    ...Source,
    source: z.string().optional().describe('The server or address it comes from.'),
    type: z
      .enum(['git', 'file', 'url', 'dir', 'subdirs', 'galaxy'])
      .optional()
      .describe('What kind of source it is.'),
    signatures: z.array(z.string()).optional().describe('Addresses of signatures.'),
  }),
]);
const Requirements = z.union([
  z.array(RoleRequirement),
  z.strictObject({
    roles: z.array(RoleRequirement).nullable().optional().describe('Roles.'),
    collections: z.array(CollectionRequirement).nullable().optional().describe('Collections.'),
  }),
]);

const Meta = z.looseObject({
  galaxy_info: z
    .looseObject({
      role_name: z.string().optional().describe('Its name on Galaxy.'),
      namespace: z.string().optional().describe('Whose it is on Galaxy.'),
      author: z
        .union([z.string(), z.array(z.string())])
        .optional()
        .describe('Who wrote it.'),
      description: z.string().optional().describe('What it is for.'),
      company: z.string().optional().describe('Whose work it is.'),
      license: z
        .union([z.string(), z.array(z.string())])
        .optional()
        .describe('Its licence.'),
      min_ansible_version: Text.optional().describe('The oldest version of the language.'),
      platforms: z
        .array(z.looseObject({ name: z.string(), versions: z.array(Text).optional() }))
        .nullable()
        .optional()
        .describe('Where it works.'),
      galaxy_tags: z.array(z.string()).nullable().optional().describe('Words to find it by.'),
    })
    .optional()
    .describe('What Galaxy shows of the role.'),
  dependencies: z
    .array(z.union([z.string(), z.looseObject({ role: z.string().optional() })]))
    .nullable()
    .optional()
    .describe('Roles that run before this one.'),
  allow_duplicates: z.boolean().optional().describe('It may run more than once in a play.'),
  collections: z.array(z.string()).nullable().optional().describe('Collections for short names.'),
  argument_specs: z.unknown().optional().describe('As in meta/argument_specs.yml.'),
});

const Type = z.enum([
  'str',
  'path',
  'bool',
  'int',
  'float',
  'list',
  'dict',
  'raw',
  'json',
  'jsonarg',
  'bytes',
  'bits',
]);
const Names = z.array(z.string());
const Conditions = {
  mutually_exclusive: z
    .array(z.union([z.string(), Names]))
    .optional()
    .describe('Options that exclude each other.'),
  required_together: z.array(Names).optional().describe('Options that go together.'),
  required_one_of: z.array(Names).optional().describe('Options of which one must be given.'),
  required_if: z
    .array(z.array(z.unknown()).min(3).max(4))
    .optional()
    .describe('[option, value, the options it needs].'),
  required_by: z
    .record(z.string(), z.union([z.string(), Names]))
    .optional()
    .describe('Options that another one needs.'),
};
const Option: z.ZodType = z.lazy(() =>
  z
    .strictObject({
      description: z.union([z.string(), Names]).optional().describe('What it is for.'),
      type: Type.optional().describe('Its kind (str).'),
      required: z.boolean().optional().describe('Whether it must be given.'),
      default: z.unknown().optional().describe('Its value when it is not given.'),
      choices: z.array(z.unknown()).optional().describe('The values it may have.'),
      elements: Type.optional().describe('The kind of the items of a list.'),
      aliases: Names.optional().describe('Other names.'),
      no_log: z.boolean().optional().describe('Its value is a secret.'),
      version_added: Text.optional().describe('Since when it is there.'),
      removed_in_version: Text.optional(),
      removed_at_date: Text.optional(),
      removed_from_collection: Text.optional(),
      deprecated_aliases: z.array(z.unknown()).optional(),
      apply_defaults: z.boolean().optional().describe('A missing dict is made of its defaults.'),
      options: z.record(z.string(), Option).optional().describe('The keys of a dict.'),
      ...Conditions,
    })
    .meta({ id: 'option' }),
);
const ArgumentSpecs = z.strictObject({
  argument_specs: z
    .record(
      z.string(),
      z.strictObject({
        short_description: z.string().optional().describe('What the entry point does, in a line.'),
        description: z.union([z.string(), Names]).optional().describe('What it does.'),
        author: z.union([z.string(), Names]).optional().describe('Who wrote it.'),
        version_added: Text.optional().describe('Since when it is there.'),
        seealso: z.array(z.unknown()).optional().describe('What to read too.'),
        examples: z.unknown().optional().describe('Examples.'),
        options: z.record(z.string(), Option).nullable().optional().describe('Variables it takes.'),
        ...Conditions,
      }),
    )
    .describe('Entry points of the role: main, or another file of tasks/.'),
});

/** Which of the two a file is, its key `plugin` says: so an editor names what is wrong in that one. */
export function inventorySchema(): JsonSchema {
  const { $schema, definitions, ...groups } = schemaOf(Groups);
  const { $schema: _same, ...plugin } = schemaOf(Plugin);
  const isPlugin = { type: 'object', required: ['plugin'] };
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nobody awaits a schema.
  return { $schema, definitions, if: isPlugin, then: plugin, else: groups };
}

export const requirementsSchema = (): JsonSchema => schemaOf(Requirements);
export const metaSchema = (): JsonSchema => schemaOf(Meta);
export const argumentSpecsSchema = (): JsonSchema => schemaOf(ArgumentSpecs);

function schemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
}
