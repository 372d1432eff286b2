/** A client of the Rancher 1.6 API (v2-beta), from the network of the target. */
import * as z from 'zod';
import { DroverError, ModuleError } from '../../core/errors.ts';
import type { Target } from '../../target/target.ts';
import { jsonIfAny } from '../hostJson.ts';
import { bodyOf, type HttpResponse, httpExchange } from '../net/http.ts';
import { basicAuthorization } from '../net/proxy.ts';
import type { ApiParams } from './apiParams.ts';

/** Nobody answers, or a proxy says that nobody does behind it. */
export const UNREACHABLE = 'DROVER_RANCHER_UNREACHABLE';
export const API_VERSION = 'v2-beta';

const GATEWAY_STATUSES = [502, 503, 504];

/** What every resource has; the rest depends on its type. */
export const Resource = z.looseObject({
  id: z.string(),
  type: z.string(),
  name: z.string().nullish(),
  state: z.string().nullish(),
  transitioning: z.string().nullish(),
  transitioningMessage: z.string().nullish(),
  actions: z.record(z.string(), z.string()).nullish(),
});
export type Resource = z.output<typeof Resource>;

const Collection = z.looseObject({ data: z.array(Resource) });
const ApiErrorBody = z.looseObject({
  code: z.string().nullish(),
  message: z.string().nullish(),
  detail: z.string().nullish(),
  fieldName: z.string().nullish(),
});

/** The server's refusal: status, its code (`NotUnique`, `Method not allowed`, …) and the field it is about. */
export class ApiRefusal extends ModuleError {
  readonly status: number;

  constructor(doing: string, status: number, body: z.output<typeof ApiErrorBody>) {
    const said = [body.code, body.fieldName, body.message ?? body.detail]
      .filter(Boolean)
      .join(': ');
    super(`cannot ${doing}: Rancher answered ${status} ${said}`, {
      code: 'DROVER_RANCHER_REFUSED',
      hint: status === 401 ? 'access control is on: give access_key and secret_key' : undefined,
      data: { status, rancher_code: body.code ?? '' },
    });
    this.status = status;
  }
}

export type ApiHost = Pick<Target, 'connect' | 'connectUnix' | 'sh'>;

export interface RawAnswer {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  readonly text: string;
}

export class RancherApi {
  readonly #target: ApiHost;
  readonly #params: ApiParams;
  readonly #signal: AbortSignal;
  /** Without a trailing slash and without the version of the API. */
  readonly base: string;

  constructor(target: ApiHost, params: ApiParams, signal: AbortSignal) {
    this.#target = target;
    this.#params = params;
    this.#signal = signal;
    this.base = params.url.replace(/\/+$/, '').replace(/\/(v1|v2-beta)(\/.*)?$/, '');
  }

  /** @param path below the version, e.g. `/projects/1a5/hosts?limit=100`. @throws ApiRefusal */
  async get(path: string, doing: string): Promise<Resource> {
    return Resource.parse(await this.#json('GET', path, doing));
  }

  /** All that a collection holds; what was removed is not in it. */
  async list(path: string, doing: string): Promise<readonly Resource[]> {
    const separator = path.includes('?') ? '&' : '?';
    return Collection.parse(await this.#json('GET', `${path}${separator}limit=1000`, doing)).data;
  }

  async post(path: string, body: object, doing: string): Promise<Resource> {
    return Resource.parse(await this.#json('POST', path, doing, body));
  }

  async put(path: string, body: object, doing: string): Promise<Resource> {
    return Resource.parse(await this.#json('PUT', path, doing, body));
  }

  async delete(path: string, doing: string): Promise<Resource> {
    return Resource.parse(await this.#json('DELETE', path, doing));
  }

  async #json(method: string, path: string, doing: string, body?: object): Promise<unknown> {
    const { status, text } = await this.ask(method, `/${API_VERSION}${path}`, body);
    if (GATEWAY_STATUSES.includes(status)) throw unanswered(this.base, `HTTP ${status}`);
    const json = jsonIfAny(text);
    if (status < 400 && json !== undefined) return json;
    const error = ApiErrorBody.safeParse(json);
    throw new ApiRefusal(
      doing,
      status,
      error.success ? error.data : { message: text.slice(0, 200) },
    );
  }

  /** The answer as it is, whatever its status; `path` from the root. @throws ModuleError UNREACHABLE */
  async ask(method: string, path: string, body?: object): Promise<RawAnswer> {
    try {
      const response = await httpExchange(this.#target, this.#request(method, path, body));
      const text = (await bodyOf(response)).toString('utf8');
      return { status: response.status, headers: response.headers, text };
    } catch (error) {
      if (error instanceof DroverError && !(error instanceof ModuleError)) throw error;
      throw unanswered(this.base, error instanceof Error ? error.message : String(error), error);
    }
  }

  #request(method: string, path: string, body: object | undefined) {
    const { access_key: user, secret_key: password = '', timeout, validate_certs } = this.#params;
    const headers = {
      Accept: 'application/json',
      ...(body && { 'Content-Type': 'application/json' }),
      ...(user !== undefined && { Authorization: basicAuthorization(user, password) }),
    };
    return {
      url: `${this.base}${path}`,
      method,
      headers,
      body: body && Buffer.from(JSON.stringify(body)),
      timeoutMs: timeout,
      redirects: 'safe' as const,
      decompress: true,
      signal: this.#signal,
      proxies: {},
      tls: { validateCerts: validate_certs },
    };
  }
}

function unanswered(base: string, why: string, cause?: unknown): ModuleError {
  return new ModuleError(`no Rancher server answers at ${base}: ${why}`, {
    code: UNREACHABLE,
    hint: 'wait for it with rancher_server_info, or check "url" from the host',
    cause,
  });
}

export function isUnreachable(error: unknown): boolean {
  return error instanceof ModuleError && error.code === UNREACHABLE;
}

/**
 * Questions that check mode answers with `whenAbsent` while no server is there: an earlier task of this very run would
 * have started it.
 */
export async function askOrPredict<T>(
  isCheckMode: boolean,
  work: () => Promise<T>,
  whenAbsent: T,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isCheckMode && isUnreachable(error)) return whenAbsent;
    throw error;
  }
}
