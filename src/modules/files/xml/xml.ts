/** `xml`: the file is read by the probe, changed here, and written as any other text. */
import { ModuleError } from '../../../core/errors.ts';
import type { Change, ResultData } from '../../../core/results.ts';
import { defineResource } from '../../module.ts';
import type { Labels } from '../fileLabels.ts';
import type { FileState } from '../fileState.ts';
import { nothing } from '../nothing.ts';
import {
  applyEdit,
  type EditOperation,
  type EditState,
  observeText,
  planEdit,
} from '../text/textEdit.ts';
import { XmlParams } from './params.ts';

/** The libraries take their time to load, so that only those wait who have such a task. */
interface Input {
  readonly params: XmlParams;
  readonly edit: typeof import('./edit.ts').editXml;
}

export const xml = defineResource({
  name: 'xml',
  collection: 'community.general',
  summary: 'Look at and edit XML files and texts',
  description:
    'What nobody asks about keeps its bytes: declaration, quotes, comments, CDATA, blanks. With `pretty_print` the whole document is written anew. The host needs no library for XML. A document that is not in UTF-8 is written in it. Entities that a document declares itself are not known.',
  params: XmlParams,
  examples: [
    '- xml:\n    path: /etc/tomcat9/server.xml\n    xpath: /Server/Service/Connector[@port="8080"]\n    attribute: address\n    value: 127.0.0.1\n',
    '- xml:\n    path: /srv/app/config.xml\n    xpath: /config/limits/memory\n    value: 512m\n    backup: true\n',
    '- xml:\n    path: /srv/app/config.xml\n    xpath: /config/users\n    set_children:\n      - user: { name: root, _: [shell: /bin/sh] }\n      - user: guest\n',
    '- xml:\n    path: /srv/app/config.xml\n    xpath: /config/legacy\n    state: absent\n',
    '- xml:\n    path: /srv/app/pom.xml\n    xpath: /m:project/m:version\n    namespaces: { m: "http://maven.apache.org/POM/4.0.0" }\n    content: text\n  register: version\n',
  ],
  returns: {
    actions: '`xpath`, `namespaces` and `state`, as they were asked for.',
    backup_file: 'The old file, with `backup`.',
    count: 'How many nodes match, with `count` and `content`.',
    matches:
      'Paths with `print_match`; with `content` the texts or attributes by the name of their element.',
    xmlstring: 'The document, with `xmlstring`.',
  },

  async prepare(params: XmlParams): Promise<Input> {
    return { params, edit: (await import('./edit.ts')).editXml };
  },
  observe: ({ params: { path } }) =>
    path === undefined ? NO_FILE : observeText({ ...EDIT, path }),
  plan(input, state) {
    const { path, backup, xmlstring = '' } = input.params;
    const { after } = edited(input, state);
    if (after === undefined) return [];
    const { file, labels } = state;
    if (path === undefined || file === undefined) return [stringChange(xmlstring, after)];
    return planEdit({ ...EDIT, path, backup }, { file, labels }, Buffer.from(after));
  },
  async apply(changes, target) {
    const edits = changes.filter(
      (change): change is Change<EditOperation> => change.operation !== undefined,
    );
    return edits.length === 0 ? {} : applyEdit(edits, target);
  },
  result(input, state): ResultData {
    const { written, data } = edited(input, state);
    return { ...data, ...(input.params.path === undefined ? { xmlstring: written } : {}) };
  },
});

const EDIT = { unsafe_writes: false, backup: false };
const NO_FILE = {
  file: nothing<FileState>(),
  labels: nothing<Labels>(),
};

type XmlState = { readonly [K in keyof EditState]: EditState[K] | undefined };

/** @throws ModuleError that says what is wrong with the file, the document or the expression */
function edited({ params, edit }: Input, state: XmlState): ReturnType<Input['edit']> {
  const content =
    params.path === undefined ? Buffer.from(params.xmlstring ?? '') : state.file?.content;
  if (content === undefined) {
    throw new ModuleError(`The target XML source '${params.path}' does not exist.`);
  }
  try {
    return edit(params, content);
  } catch (error) {
    throw new ModuleError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** A text in place of a file: nothing happens on the host. */
function stringChange(before: string, after: string): Change<undefined> {
  const diff = { before, after, beforeHeader: 'xmlstring', afterHeader: 'xmlstring' };
  return { what: 'xmlstring', diff, operation: undefined };
}
