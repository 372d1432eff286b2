/** Parameters and preparations that the HTTP modules share. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import type { Controller } from '../controller.ts';
import { fileBytes } from '../files/fileState.ts';
import { nothing } from '../files/nothing.ts';
import { boolean, dict, list, path, text } from '../params.ts';
import type { TlsOptions } from './httpConnection.ts';
import type { Credentials } from './login.ts';
import type { ProxyEnvironment } from './proxy.ts';

export const httpParams = {
  url: text().describe('http or https URL.'),
  headers: dict(text()).optional().describe('Further headers.'),
  http_agent: text().default('ansible-httpget').describe('User-Agent header.'),
  use_proxy: boolean()
    .default(true)
    .describe('Whether the http_proxy, https_proxy and no_proxy of the host and the task count.'),
  validate_certs: boolean().default(true).describe("Whether the server's certificate is checked."),
  ca_path: path().optional().describe('File on the host with certificates (PEM) to trust.'),
  client_cert: path().optional().describe('File on the host with a client certificate (PEM).'),
  client_key: path().optional().describe('File on the host with its key, if not in the same file.'),
  ciphers: list(text()).optional().describe("Ciphers by OpenSSL's names."),
  force_basic_auth: boolean()
    .default(false)
    .describe('Send user and password at once, not only after a 401.'),
  unredirected_headers: list(text()).default([]).describe('Headers that do not follow a redirect.'),
  decompress: boolean().default(true).describe('Decompress gzip answers.'),
  use_gssapi: boolean().default(false).describe('Kerberos authentication: not supported.'),
  use_netrc: boolean()
    .default(true)
    .describe(
      'Log in as the .netrc of the host (or the file that NETRC names) says, where no user is given.',
    ),
  force: boolean()
    .default(false)
    .describe('Bypass caches; for get_url: fetch even if the file is there.'),
} satisfies z.ZodRawShape;

const shape = z.object(httpParams);
export type HttpParams = z.output<typeof shape>;

/** Prints the proxy variables as the host and the task's `environment` have them. */
export const PROXY_SHELL = `
printf 'http_proxy\\t%s\\nhttps_proxy\\t%s\\nno_proxy\\t%s\\n' \
  "\${http_proxy:-$HTTP_PROXY}" "\${https_proxy:-$HTTPS_PROXY}" "\${no_proxy:-$NO_PROXY}"
`;

export function proxiesOf(values: ReadonlyMap<string, string>): ProxyEnvironment {
  return {
    http: values.get('http_proxy'),
    https: values.get('https_proxy'),
    none: values.get('no_proxy'),
  };
}

/** `key<TAB>value` lines. */
export function tabbedValues(output: string): ReadonlyMap<string, string> {
  const pairs = output.split('\n').map((line) => line.split('\t'));
  return new Map(pairs.map(([key = '', ...value]) => [key, value.join('\t')]));
}

/** Reads the certificates that are named. */
export async function tlsOptions(params: HttpParams, target: Target): Promise<TlsOptions> {
  if (params.use_gssapi) {
    throw new ModuleError('"use_gssapi" is not supported', { code: 'DROVER_UNSUPPORTED' });
  }
  const { ca, cert, key } = await certificateFiles(params, target);
  return {
    validateCerts: params.validate_certs,
    ca: ca === undefined ? undefined : [ca.toString()],
    cert,
    key,
    ciphers: params.ciphers?.join(':'),
  };
}

/** What the files hold that are named, in one round trip. @throws ModuleError for one that is not there. */
async function certificateFiles(
  { ca_path: ca, client_cert: cert, client_key: key }: HttpParams,
  target: Target,
): Promise<{ readonly [name in 'ca' | 'cert' | 'key']?: Buffer | undefined }> {
  const content = (file: string | undefined): Probe<Buffer | undefined> =>
    file === undefined ? nothing() : fileBytes(file);
  const files = { ca, cert, key };
  if (Object.values(files).every((file) => file === undefined)) return {};
  const found = await target.observe({ ca: content(ca), cert: content(cert), key: content(key) });
  for (const name of ['ca', 'cert', 'key'] as const) {
    if (files[name] === undefined || found[name] !== undefined) continue;
    throw new ModuleError(`there is no file "${files[name]}" on the host`);
  }
  return found;
}

/** The URL without user and password, which are taken for authentication and kept out of every output. */
export function splitCredentials(
  address: string,
  user: string | undefined,
  password: string | undefined,
  controller: Controller,
): { readonly url: string; readonly credentials: Credentials | undefined } {
  const url = parseUrl(address);
  const name = user ?? decodeURIComponent(url.username);
  const secret = password ?? decodeURIComponent(url.password);
  if (secret !== '') controller.addSecret(secret);
  url.username = '';
  url.password = '';
  return { url: url.href, credentials: name === '' ? undefined : { user: name, password: secret } };
}

function parseUrl(address: string): URL {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new ModuleError(`"${address}" is not an http or https URL`);
  }
  return new URL(address);
}

/** Why no answer came, with what to do about it. */
export function requestProblem(error: unknown): {
  readonly message: string;
  readonly hint?: string;
} {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/CERT|SIGNATURE|SELF_SIGNED|ALTNAME/.test(code)) {
    const isOtherName = code === 'ERR_TLS_CERT_ALTNAME_INVALID';
    return {
      message: `${isOtherName ? 'Hostname mismatch' : 'certificate verify failed'}: ${message}`,
      hint: 'name the certificates to trust with "ca_path", or set "validate_certs: false" where that is safe',
    };
  }
  return { message };
}
