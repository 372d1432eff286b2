/** `get_url`: a file from the web onto a host, fetched by the controller through the target's network. */
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Target } from '../../target/target.ts';
import { type FileState, fileState } from '../files/fileState.ts';
import { defineResource } from '../module.ts';
import { parseChecksum } from './checksum.ts';
import {
  attributeChanges,
  type Destination,
  destination,
  fileData,
  predictedData,
  SET_ATTRIBUTES,
} from './destination.ts';
import { discard, type FetchedFile } from './fetchedFile.ts';
import {
  type Download,
  download,
  type GetUrlInput,
  getUrlParams,
  queryOf,
} from './getUrlDownload.ts';
import { splitCredentials } from './httpParams.ts';

type Operation = 'attributes' | { readonly file: FetchedFile; readonly path: string };

export const getUrl = defineResource({
  name: 'get_url',
  summary: 'Download a file from the web to the host',
  description:
    'The request leaves from the network of the host, which needs no curl. A file that is there is asked for conditionally (If-Modified-Since) and replaced only when its content differs; with a matching `checksum` nothing is asked at all. Check mode downloads to compare, and keeps nothing.',
  params: getUrlParams,
  examples: [
    '- get_url:\n    url: https://example.com/tool-1.2.tar.gz\n    dest: /opt/tool-1.2.tar.gz\n    checksum: sha256:https://example.com/SHA256SUMS\n    mode: "0644"',
  ],
  returns: {
    url: 'The address.',
    dest: 'The file on the host.',
    checksum_src: 'SHA1 of what was downloaded; none when nothing was.',
    checksum_dest: 'SHA1 of the file before; none when there was no file.',
    md5sum: 'MD5 of the file.',
    status_code: 'Status code of the answer.',
    size: 'Size in bytes.',
    owner: 'Owner of the file.',
    group: 'Group of the file.',
    uid: 'Number of the owner.',
    gid: 'Number of the group.',
    mode: 'Mode of the file.',
    state: 'Always `file`.',
    backup_file: 'The old file, with `backup`.',
  },

  prepare(input, controller): GetUrlInput {
    const { url_username, url_password } = input;
    const { url, credentials } = splitCredentials(
      input.url,
      url_username,
      url_password,
      controller,
    );
    return { ...input, address: url, credentials, wantedChecksum: parseChecksum(input.checksum) };
  },
  observe: (input) => ({
    file: destination(queryOf(input)),
    place: fileState(input.dest, { owner: input.owner, group: input.group }),
  }),
  observeWith: async (target, input, { file }, context) => ({
    download: await download(target, input, file, context),
  }),
  plan: (input, { file, download: answer }) => plan(input, file, answer),
  apply: (changes, target, input) => applyDownload(changes, target, input),
  result: (input, { file, place, download: answer }) => resultOf(input, file, place, answer),
});

function plan(
  input: GetUrlInput,
  file: Destination,
  answer: Download,
): readonly Change<Operation>[] {
  const isSame =
    answer.type !== 'fetched' || (answer.file.sha1 === file.sha1 && answer.path === file.path);
  if (isSame) return attributeChanges(input, file);
  const before = file.exists ? `sha1 ${file.sha1} (${file.attributes.size} bytes)` : 'absent';
  return [
    {
      what: answer.path,
      before,
      after: `sha1 ${answer.file.sha1} (${answer.file.sizeBytes} bytes)`,
      operation: { file: answer.file, path: answer.path },
    },
  ];
}

async function applyDownload(
  changes: readonly Change<Operation>[],
  target: Target,
  input: GetUrlInput,
) {
  const { owner, group, mode, backup, unsafe_writes } = input;
  let path = '';
  let backupFile: string | undefined;
  for (const { operation } of changes) {
    if (operation === 'attributes') continue;
    path = operation.path;
    try {
      const options = { owner, group, mode, backup, unsafeWrites: unsafe_writes };
      backupFile = (await target.upload(operation.file.path, path, options)).backup;
    } finally {
      await discard(operation.file);
    }
  }
  if (path === '') await setAttributes(target, input);
  const query = { ...queryOf(input), ...(path === '' ? {} : { path }) };
  const { file } = await target.observe({ file: destination(query) });
  return {
    ...fileData(file),
    md5sum: file.md5,
    ...(backupFile === undefined ? {} : { backup_file: backupFile }),
  };
}

async function setAttributes(target: Target, input: GetUrlInput): Promise<void> {
  const { file } = await target.observe({ file: destination(queryOf(input)) });
  const args = [file.path, input.owner ?? '', input.group ?? '', input.mode ?? ''];
  const { rc, stderr } = await target.sh(SET_ATTRIBUTES, { args });
  if (rc !== 0) throw new ModuleError(`${file.path}: ${stderr.toString().trim()}`);
}

function resultOf(input: GetUrlInput, file: Destination, place: FileState, answer: Download) {
  const wasFetched = answer.type === 'fetched';
  const isOther = wasFetched && answer.path !== file.path;
  return {
    url: input.address,
    dest: wasFetched ? answer.path : file.path,
    checksum_src: null,
    checksum_dest: file.exists ? file.sha1 : null,
    ...(file.exists ? { ...fileData(file), md5sum: file.md5 } : {}),
    ...predictedData(input, { ...file, exists: file.exists && !isOther }, place),
    ...(wasFetched
      ? {
          checksum_src: answer.file.sha1,
          md5sum: answer.file.md5,
          size: answer.file.sizeBytes,
          state: 'file',
        }
      : {}),
    ...(answer.type === 'unneeded'
      ? { msg: 'file already exists' }
      : {
          status_code: answer.status,
          msg: wasFetched ? `OK (${answer.file.sizeBytes} bytes)` : 'HTTP Error 304: Not Modified',
        }),
  };
}
