/** `/v1-catalog`: templates from a directory laid out like a catalog's git repository (rancher.md B10). */
import type { RawRequest } from '../api/request.ts';
import type { ApiResponse } from '../api/response.ts';

export interface Catalog {
  answer(raw: RawRequest): Promise<ApiResponse>;
}

/** `directory` holds one folder for each catalog; without one there are no catalogs. */
export function openCatalog(_directory: string | undefined): Catalog {
  return {
    answer: async () => ({
      status: 404,
      body: { type: 'error', status: '404', message: 'Not Found' },
    }),
  };
}
