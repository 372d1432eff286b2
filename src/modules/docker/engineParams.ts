/** Parameters that say which Docker Engine a module talks to, the same for all of them. */
import type * as z from 'zod';
import { boolean, integer, path, text } from '../params.ts';

export const DEFAULT_SOCKET = '/var/run/docker.sock';

export const engineParams = {
  docker_host: text()
    .default(`unix://${DEFAULT_SOCKET}`)
    .describe('Engine to talk to, as seen from the host: unix:///path or tcp://name:port.')
    .meta({ aliases: ['docker_url'] }),
  api_version: text()
    .default('auto')
    .describe('Version of the Engine API, e.g. 1.41; `auto` takes the newest that both sides know.')
    .meta({ aliases: ['docker_api_version'] }),
  timeout: integer()
    .default(60)
    .describe(
      'Longest wait for an answer of the Engine, in seconds; pulling takes as long as it needs.',
    ),
  tls: boolean().default(false).describe('Speak TLS without checking the server.'),
  validate_certs: boolean()
    .default(false)
    .describe("Speak TLS and check the server's certificate.")
    .meta({ aliases: ['tls_verify'] }),
  tls_hostname: text().optional().describe("Name expected in the server's certificate."),
  ca_path: path()
    .optional()
    .describe('File on the host with the certificates to trust.')
    .meta({ aliases: ['ca_cert', 'tls_ca_cert', 'cacert_path'] }),
  client_cert: path()
    .optional()
    .describe("File on the host with the client's certificate.")
    .meta({ aliases: ['tls_client_cert', 'cert_path'] }),
  client_key: path()
    .optional()
    .describe("File on the host with the client's key.")
    .meta({ aliases: ['tls_client_key', 'key_path'] }),
  ssl_version: text().optional().describe('Has no effect: the newest TLS version is used.'),
  use_ssh_client: boolean()
    .default(false)
    .describe('Has no effect: the connection of the host is used.'),
  debug: boolean().default(false).describe('Has no effect.'),
} satisfies z.ZodRawShape;

export interface EngineParams {
  readonly docker_host: string;
  readonly api_version: string;
  readonly timeout: number;
  readonly tls: boolean;
  readonly validate_certs: boolean;
  readonly tls_hostname?: string | undefined;
  readonly ca_path?: string | undefined;
  readonly client_cert?: string | undefined;
  readonly client_key?: string | undefined;
}
