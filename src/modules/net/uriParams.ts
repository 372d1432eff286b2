/** The parameters of `uri`. */
import * as z from 'zod';
import {
  anyValue,
  boolean,
  fileAttributes,
  integer,
  list,
  path,
  seconds,
  text,
} from '../params.ts';
import type { RedirectMode } from './http.ts';
import { httpParams } from './httpParams.ts';

const redirects = z
  .preprocess(
    (value) => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : value),
    z.enum(['all', 'yes', 'none', 'no', 'safe', 'urllib2']),
  )
  .transform((value): RedirectMode => {
    if (value === 'yes') return 'all';
    return value === 'no' ? 'none' : value;
  });

export const uriParams = z.strictObject({
  ...httpParams,
  method: text()
    .transform((value) => value.toUpperCase())
    .default('GET')
    .describe('HTTP method.'),
  body: anyValue().optional().describe('Body: text, or data that `body_format` writes out.'),
  body_format: z
    .enum(['raw', 'json', 'form-urlencoded', 'form-multipart'])
    .default('raw')
    .describe('How `body` is written; sets Content-Type unless `headers` does.'),
  src: path().optional().describe('File whose content is the body, instead of `body`.'),
  remote_src: boolean().default(false).describe('Whether `src` is on the host.'),
  status_code: list(integer()).default([200]).describe('Status codes that count as success.'),
  return_content: boolean()
    .default(false)
    .describe('Return the answer as `content` on success too.'),
  dest: path().optional().describe('File or folder on the host to store the answer in.'),
  creates: path().optional().describe('Do nothing if this path is there.'),
  removes: path().optional().describe('Do nothing unless this path is there.'),
  url_username: text()
    .optional()
    .describe('User name.')
    .meta({ aliases: ['user'] }),
  url_password: text()
    .optional()
    .describe('Password.')
    .meta({ aliases: ['password'], secret: true }),
  follow_redirects: redirects
    .default('safe')
    .describe('Redirects to follow: `all`, `none`, or `safe` (only of GET and HEAD).'),
  timeout: seconds().default(30_000).describe('Seconds of silence after which the request fails.'),
  unix_socket: path().optional().describe('Unix socket on the host to connect to.'),
  ...fileAttributes,
});
export type UriParams = z.output<typeof uriParams>;
