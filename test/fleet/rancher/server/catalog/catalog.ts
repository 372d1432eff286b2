/** `/v1-catalog`: templates from a directory (rancher.md B10). Errors have a text as status, unlike the rest of the API. */
import { baseUrl, type RawRequest } from '../api/request.ts';
import { type ApiResponse, ok, TextBody } from '../api/response.ts';
import { asText, type Fields, type Json } from '../model/json.ts';
import {
  type LoadedCatalog,
  loadCatalogs,
  questionsOf,
  type Template,
  type TemplateVersion,
} from './files.ts';

export interface Catalog {
  answer(raw: RawRequest): Promise<ApiResponse>;
}

/** `directory` holds one folder for each catalog; without one there are no catalogs. */
export function openCatalog(directory: string | undefined): Catalog {
  const load = async () => (directory === undefined ? [] : loadCatalogs(directory));
  let loaded: Promise<readonly LoadedCatalog[]> | undefined;
  return {
    async answer(raw) {
      const { pathname, searchParams } = new URL(raw.url, 'http://localhost');
      const isRefresh = raw.method === 'POST' && searchParams.get('action') === 'refresh';
      if (isRefresh || loaded === undefined) loaded = load();
      const catalogs = await loaded;
      if (isRefresh) return { status: 204, body: new TextBody('text/plain', '') };
      if (raw.method !== 'GET') return failure(405, 'Method not allowed');
      const [, collection = '', id, part] = pathname
        .split('/')
        .filter(Boolean)
        .map(decodeURIComponent);
      const view = { root: `${baseUrl(raw.headers)}/v1-catalog`, query: searchParams, catalogs };
      return answerCollection(view, collection, id, part);
    },
  };
}

interface View {
  readonly root: string;
  readonly query: URLSearchParams;
  readonly catalogs: readonly LoadedCatalog[];
}

function answerCollection(view: View, collection: string, id?: string, part?: string): ApiResponse {
  switch (collection) {
    case 'catalogs':
      return id === undefined ? listing(view, 'catalog', catalogsOf(view)) : oneCatalog(view, id);
    case 'templates':
      return id === undefined
        ? listing(view, 'template', wantedTemplates(view))
        : oneTemplate(view, id, part);
    case 'templateversions':
      return oneVersion(view, id ?? '');
    default:
      return failure(404, 'Not Found');
  }
}

function failure(status: number, message: string): ApiResponse {
  return { status, body: { type: 'error', status: String(status), message } };
}

function listing({ root }: View, type: string, data: readonly Fields[]): ApiResponse {
  return ok({
    type: 'collection',
    resourceType: type,
    links: { self: `${root}/${type}s` },
    actions: {},
    data,
  });
}

function catalogsOf({ root, catalogs }: View): Fields[] {
  return catalogs.map(({ name }) => ({
    id: name,
    type: 'catalog',
    links: { self: `${root}/catalogs/${name}`, templates: `${root}/templates?catalog=${name}` },
    name,
    state: 'active',
  }));
}

function oneCatalog(view: View, id: string): ApiResponse {
  const found = catalogsOf(view).find((one) => one['id'] === id);
  return found === undefined ? failure(404, 'Catalog not found') : ok(found);
}

function all(view: View): readonly Template[] {
  return view.catalogs.flatMap(({ templates }) => templates);
}

function wantedTemplates(view: View): Fields[] {
  const catalog = view.query.get('catalog');
  const category = view.query.get('category');
  return all(view)
    .filter((template) => catalog === null || template.catalog === catalog)
    .filter((template) => category === null || categories(template).includes(category))
    .map((template) => describeTemplate(view, template));
}

function templateId({ catalog, base, folder }: Template): string {
  return `${catalog}:${base === '' ? '' : `${base}*`}${folder}`;
}

/** `library:infra*nfs:3`. */
function versionId(template: Template, { revision }: TemplateVersion): string {
  return `${templateId(template)}:${revision}`;
}

function versionName({ catalog, revision }: TemplateVersion): string {
  return asText(catalog['version']) ?? String(revision);
}

function categories({ config }: Template): readonly Json[] {
  const { category, categories: several } = config;
  return Array.isArray(several) ? several : category === undefined ? [] : [category];
}

function describeTemplate({ root }: View, template: Template): Fields {
  const id = templateId(template);
  const { config, versions } = template;
  const wanted = asText(config['version']);
  const chosen = versions.find((one) => versionName(one) === wanted) ?? versions.at(-1);
  const links = versions.map((one) => [versionName(one), versionUrl(root, template, one)]);
  return {
    id,
    type: 'template',
    links: { self: `${root}/templates/${id}`, readme: `${root}/templates/${id}/readme` },
    actions: {},
    name: config['name'] ?? template.folder,
    description: config['description'] ?? null,
    catalogId: template.catalog,
    folderName: template.folder,
    templateBase: template.base,
    categories: categories(template),
    labels: config['labels'] ?? {},
    maintainer: config['maintainer'] ?? null,
    license: config['license'] ?? null,
    isSystem: config['isSystem'] ?? false,
    defaultVersion: chosen === undefined ? null : versionName(chosen),
    defaultTemplateVersionId: chosen === undefined ? null : versionId(template, chosen),
    versionLinks: Object.fromEntries(links),
  };
}

function versionUrl(root: string, template: Template, version: TemplateVersion): string {
  return `${root}/templateversions/${versionId(template, version)}`;
}

function oneTemplate(view: View, id: string, part: string | undefined): ApiResponse {
  const template = all(view).find((one) => templateId(one) === id);
  if (template === undefined)
    return isVersion(view, id) ? oneVersion(view, id) : failure(404, 'Template not found');
  if (part === 'readme') return ok(new TextBody('text/plain', template.readme ?? ''));
  return ok(describeTemplate(view, template));
}

function isVersion(view: View, id: string): boolean {
  return findVersion(view, id) !== undefined;
}

/** By revision or by version. */
function findVersion(view: View, id: string) {
  for (const template of all(view)) {
    const version = template.versions.find(
      (one) =>
        versionId(template, one) === id || `${templateId(template)}:${versionName(one)}` === id,
    );
    if (version !== undefined) return { template, version };
  }
  return undefined;
}

function oneVersion(view: View, id: string): ApiResponse {
  const found = findVersion(view, id);
  if (found === undefined) return failure(404, 'Version not found');
  const { template, version } = found;
  const later = template.versions.filter(({ revision }) => revision > version.revision);
  const upgrades = later.map((one) => [versionName(one), versionUrl(view.root, template, one)]);
  return ok({
    id: versionId(template, version),
    type: 'templateVersion',
    links: {
      self: versionUrl(view.root, template, version),
      template: `${view.root}/templates/${templateId(template)}`,
    },
    actions: {},
    templateId: templateId(template),
    version: versionName(version),
    revision: version.revision,
    files: version.files,
    questions: questionsOf(version),
    bindings: {},
    minimumRancherVersion: version.catalog['minimum_rancher_version'] ?? null,
    maximumRancherVersion: version.catalog['maximum_rancher_version'] ?? null,
    upgradeFrom: version.catalog['upgrade_from'] ?? null,
    upgradeVersionLinks: Object.fromEntries(upgrades),
  });
}
