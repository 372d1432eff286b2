/** One file from the web, through the network of the host, into a temporary file of the controller. */
import { ModuleError } from '../../core/errors.ts';
import type { Target } from '../../target/target.ts';
import type { Controller } from '../controller.ts';
import { type FetchedFile, fetchInto } from './fetchedFile.ts';
import { httpExchange } from './http.ts';
import {
  PROXY_SHELL,
  proxiesOf,
  requestProblem,
  splitCredentials,
  tabbedValues,
} from './httpParams.ts';
import { authorization } from './login.ts';

const TIMEOUT_MS = 30_000;

export interface FetchOptions {
  readonly validateCerts: boolean;
  readonly controller: Controller;
  readonly signal: AbortSignal;
}

/** The caller discards the file. User and password may be in the URL. @throws ModuleError that says why it could not be had. */
export async function fetchUrl(
  target: Target,
  address: string,
  { validateCerts, controller, signal }: FetchOptions,
): Promise<FetchedFile> {
  const { url, credentials } = splitCredentials(address, undefined, undefined, controller);
  const { stdout } = await target.sh(PROXY_SHELL);
  try {
    const response = await httpExchange(target, {
      url,
      method: 'GET',
      headers: { 'User-Agent': 'ansible-httpget', ...authorization(credentials) },
      timeoutMs: TIMEOUT_MS,
      redirects: 'safe',
      unredirectedHeaders: ['Authorization'],
      decompress: false,
      proxies: proxiesOf(tabbedValues(stdout.toString())),
      tls: { validateCerts },
      signal,
    });
    if (response.status === 200) return await fetchInto(response.body, undefined);
    response.body.resume();
    throw new Error(`HTTP Error ${response.status}: ${response.reason}`);
  } catch (error) {
    const { message, hint } = requestProblem(error);
    throw new ModuleError(`Failure downloading ${url}, ${message}`, { hint, cause: error });
  }
}
