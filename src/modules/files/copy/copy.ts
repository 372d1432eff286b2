import { statSync } from 'node:fs';
import { ModuleError } from '../../../core/errors.ts';
import type { Controller } from '../../controller.ts';
import { defineResource } from '../../module.ts';
import { localPayload } from '../localPayload.ts';
import { type Payload, payloadOf } from '../payload.ts';
import { copyFileWay } from './copyFile.ts';
import { CopyParams } from './copyParams.ts';
import { copyRemoteWay } from './copyRemote.ts';
import { localTree } from './copyTree.ts';
import { copyTreeWay } from './copyTreeWay.ts';
import type { CopyWay } from './copyWay.ts';

export const copy = defineResource<CopyParams, CopyWay>({
  name: 'copy',
  summary: 'Copy files and directories to the host, or write given content to a file',
  params: CopyParams,
  examples: [
    "- copy:\n    src: motd\n    dest: /etc/motd\n    owner: root\n    mode: '0644'\n",
    '- copy:\n    content: "{{ settings | to_nice_json }}"\n    dest: /etc/tool.json\n    validate: jq . %s\n',
    "- copy:\n    src: site/\n    dest: /srv/www\n    directory_mode: '0755'\n",
  ],
  returns: {
    dest: 'Where the file or directory is.',
    src: 'The source.',
    checksum: 'SHA-1 of the content.',
    md5sum: 'MD5 of the content, when it was written.',
    owner: 'Owner.',
    group: 'Group.',
    uid: "Owner's id.",
    gid: "Group's id.",
    mode: 'Permissions, octal.',
    size: 'Bytes.',
    state: '`file` or `directory`.',
    backup_file: 'The old file, with `backup`.',
  },

  prepare: prepareCopy,
  observe: (way) => way.probes,
  observeWith: (_target, way, state, { checkMode }) =>
    way.answers?.(state, checkMode) ?? Promise.resolve(),
  plan: (way, state, { checkMode }) => way.plan(state, checkMode),
  apply: (changes, target, way) => way.apply(changes, target),
  result: (way, state, changes) => way.result(state, changes),
});

async function prepareCopy(params: CopyParams, controller: Controller): Promise<CopyWay> {
  const { src, content, remote_src: isRemote, decrypt, local_follow: follow } = params;
  const { diffMode } = controller;
  if (src === undefined) {
    const payload = verified(payloadOf(contentText(content)), params);
    return copyFileWay({ params, source: undefined, payload, diffMode });
  }
  if (isRemote) return copyRemoteWay(params, src);
  const source = await controller.findFile('files', src);
  if (statSync(source).isDirectory()) {
    const items = await localTree(source, { follow, decrypt, controller });
    return copyTreeWay(params, src, items);
  }
  const payload = verified(await localPayload(source, decrypt, controller), params);
  return copyFileWay({ params, source, payload, diffMode });
}

/** Text as it is; lists and dicts as JSON with Python's blanks and escapes. */
function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (typeof content === 'boolean') return content ? 'True' : 'False';
  return typeof content === 'object' ? jsonText(content) : String(content);
}

/** What files hold that were made of the same dict by other tools that are made in Python. */
function jsonText(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(jsonText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return asciiJson(value);
  const members = Object.entries(value).map(
    ([key, member]) => `${asciiJson(key)}: ${jsonText(member)}`,
  );
  return `{${members.join(', ')}}`;
}

function asciiJson(value: unknown): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return (JSON.stringify(value) ?? 'null').replace(/[\u007f-\uffff]/g, escaped);
}

function verified(payload: Payload, { checksum }: CopyParams): Payload {
  const sha1 = payload.digest('sha1');
  if (checksum === undefined || checksum === sha1) return payload;
  throw new ModuleError('Copied file does not match the expected checksum. Transfer failed.', {
    data: { checksum: sha1, expected_checksum: checksum },
  });
}
