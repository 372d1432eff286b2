/** Fetches the signing key of a repository from the web. */
import { ModuleError } from '../../core/errors.ts';
import type { Target } from '../../target/target.ts';
import { bodyOf, httpExchange } from '../net/http.ts';
import { requestProblem } from '../net/httpParams.ts';
import type { ProxyEnvironment } from '../net/proxy.ts';

const TIMEOUT_MS = 30_000;

export interface KeyDownload {
  readonly validateCerts: boolean;
  readonly proxies: ProxyEnvironment;
  readonly signal: AbortSignal;
}

/** The key as the server sends it. @throws ModuleError that says why it could not be had. */
export async function downloadKey(
  target: Target,
  url: string,
  { validateCerts, proxies, signal }: KeyDownload,
): Promise<Buffer> {
  try {
    const response = await httpExchange(target, {
      url,
      method: 'GET',
      headers: {},
      timeoutMs: TIMEOUT_MS,
      redirects: 'safe',
      decompress: true,
      proxies,
      tls: { validateCerts },
      signal,
    });
    if (response.status === 200) return await bodyOf(response);
    response.body.resume();
    throw new Error(`HTTP Error ${response.status}: ${response.reason}`);
  } catch (error) {
    const { message, hint } = requestProblem(error);
    throw new ModuleError(`the key ${url} could not be fetched: ${message}`, {
      hint,
      cause: error,
    });
  }
}
