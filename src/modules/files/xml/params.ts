import * as z from 'zod';
import { anyValue, boolean, dict, list, path, text } from '../../params.ts';

export const XmlParams = z
  .strictObject({
    path: path()
      .optional()
      .describe('The file to look at or to edit. It must exist.')
      .meta({ aliases: ['dest', 'file'] }),
    xmlstring: text().optional().describe('A document in place of a file; the result returns it.'),
    xpath: text()
      .nullish()
      .describe('What is meant, as an XPath 1.0 expression. A relative one starts at the root.'),
    namespaces: dict(text())
      .default({})
      .describe('Prefixes of the expression, each with its namespace.'),
    state: z
      .enum(['present', 'absent'])
      .default('present')
      .describe('Whether what `xpath` names shall be there. What is missing is made.')
      .meta({ aliases: ['ensure'] }),
    attribute: text()
      .nullish()
      .describe('The attribute that gets `value`, without `@`; its prefix is among `namespaces`.'),
    value: text().nullish().describe('The text of each selected element, or of its `attribute`.'),
    add_children: list(anyValue())
      .optional()
      .describe(
        'Children for the selected element (of several the last): a name, `{ name: text }`, or `{ name: { attribute: value, _: [children] } }`.',
      ),
    set_children: list(anyValue())
      .optional()
      .describe('The same, in place of the children that are there.'),
    count: boolean().default(false).describe('Only count what is selected.'),
    print_match: boolean().default(false).describe('Only tell the paths of what is selected.'),
    pretty_print: boolean()
      .default(false)
      .describe('Write the whole document anew, an element a line.'),
    content: z
      .enum(['attribute', 'text'])
      .optional()
      .describe('Only tell the attributes or texts of the selected elements.'),
    input_type: z
      .enum(['yaml', 'xml'])
      .default('yaml')
      .describe('With `xml` each child is a text in XML.'),
    backup: boolean()
      .default(false)
      .describe('Keep the old file, with time and process id in its name.'),
    strip_cdata_tags: boolean()
      .default(false)
      .describe('What is written has texts in place of CDATA sections.'),
    insertbefore: boolean()
      .default(false)
      .describe('`add_children` stand before the first selected element instead of in it.'),
    insertafter: boolean()
      .default(false)
      .describe('`add_children` stand after the last selected element instead of in it.'),
  })
  .superRefine((params, context) => {
    const given = (name: string): boolean => isGiven(params[name as keyof typeof params]);
    for (const names of EXCLUSIVE) {
      const found = names.filter(given);
      if (found.length > 1) {
        context.addIssue(`parameters are mutually exclusive: ${names.join('|')}`);
      }
    }
    if (!given('path') && !given('xmlstring')) {
      context.addIssue('one of the following is required: path, xmlstring');
    }
    const needing = NEED_XPATH.find((name) => given(name) && !given('xpath'));
    if (needing !== undefined) {
      context.addIssue(`missing parameter(s) required by '${needing}': xpath`);
    }
    if (given('attribute') && !given('value')) {
      context.addIssue("missing parameter(s) required by 'attribute': value");
    }
  });
export type XmlParams = z.output<typeof XmlParams>;

const EXCLUSIVE = [
  ['add_children', 'content', 'count', 'print_match', 'set_children', 'value'],
  ['path', 'xmlstring'],
  ['insertbefore', 'insertafter'],
];

const NEED_XPATH = [
  ...['add_children', 'set_children', 'value', 'content', 'count', 'print_match'],
  ...['insertbefore', 'insertafter'],
];

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}
