/** Parameters that say which Rancher server a module talks to, and in which project. */
import type * as z from 'zod';
import { boolean, seconds, text } from '../params.ts';

export const apiParams = {
  url: text()
    .describe('Address of the Rancher server as the host reaches it, e.g. http://rancher:8080.')
    .meta({ aliases: ['rancher_url', 'server_url'] }),
  access_key: text().optional().describe('Access key, where access control is on.'),
  secret_key: text().optional().describe('Its secret key.').meta({ secret: true }),
  validate_certs: boolean().default(true).describe("Whether the server's certificate is checked."),
  timeout: seconds().default(30_000).describe('Longest wait for one answer, in seconds.'),
} satisfies z.ZodRawShape;

export interface ApiParams {
  readonly url: string;
  readonly access_key?: string | undefined;
  readonly secret_key?: string | undefined;
  readonly validate_certs: boolean;
  readonly timeout: number;
}

export const projectParam = {
  project: text()
    .default('Default')
    .describe('Project (the user interface says environment), by name or id.')
    .meta({ aliases: ['environment', 'project_id'] }),
} satisfies z.ZodRawShape;
