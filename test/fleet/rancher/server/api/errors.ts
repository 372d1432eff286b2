/** The API's errors (rancher.md B2): a status, a code, and the field that is at fault. */
import { randomUUID } from 'node:crypto';
import type { Fields, Json } from '../model/json.ts';

export interface ErrorDetail {
  readonly message?: string;
  readonly fieldName?: string;
  readonly detail?: string;
}

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: ErrorDetail;

  constructor(status: number, code: string, detail: ErrorDetail = {}) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

/** Errors whose message repeats their code. */
function plain(status: number, code: string): ApiError {
  return new ApiError(status, code, { message: code });
}

export const unauthorized = () => plain(401, 'Unauthorized');
export const forbidden = () => plain(403, 'Forbidden');
export const notFound = () => plain(404, 'Not Found');
export const methodNotAllowed = () => plain(405, 'Method not allowed');

/** A 422 about one field; `message` stays null unless the check gives a text. */
export function invalid(code: string, fieldName: string, message?: string): ApiError {
  return new ApiError(422, code, message === undefined ? { fieldName } : { fieldName, message });
}

export function errorBody(error: ApiError): Fields {
  const { message, fieldName, detail } = error.detail;
  const field: Record<string, Json> = fieldName === undefined ? {} : { fieldName };
  return {
    id: randomUUID(),
    type: 'error',
    baseType: 'error',
    links: {},
    actions: {},
    status: error.status,
    code: error.code,
    message: message ?? null,
    detail: detail ?? null,
    ...field,
  };
}
