/** Links as the API writes them: all lower case, with the project only when the request named it in its path. */

import { namesOf } from '../model/ids.ts';
import type { ResourceType } from '../model/resourceType.ts';
import type { ApiRequest } from './request.ts';

/** The root the request's links stand on: `http://host/v1[/projects/1a5]`. */
export function apiRoot(request: ApiRequest): string {
  const project = request.pathProject === undefined ? '' : `/projects/${request.pathProject}`;
  return `${request.baseUrl}/${request.version}${project}`;
}

export function collectionUrl(request: ApiRequest, type: ResourceType): string {
  return `${apiRoot(request)}/${namesOf(type, request.version).plural}`.toLowerCase();
}

export function resourceUrl(request: ApiRequest, type: ResourceType, id: string): string {
  return `${collectionUrl(request, type)}/${id}`.toLowerCase();
}

/** The slash before `?` is what the real server writes. */
export function actionUrl(selfUrl: string, action: string): string {
  return `${selfUrl}/?action=${action}`.toLowerCase();
}
