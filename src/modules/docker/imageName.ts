/** Names of images: `[registry/]repository[:tag][@digest]`, or the id of a local image. */

export interface ImageName {
  /** Without tag and digest, as written: `nginx`, `registry.example.org:5000/team/app`. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `sha256:…` */
  readonly digest: string | undefined;
}

export function parseImageName(name: string): ImageName {
  const [beforeDigest = '', digest] = name.split('@');
  const match = /^(.*?)(?::([^:/]+))?$/.exec(beforeDigest);
  return { repository: match?.[1] ?? beforeDigest, tag: match?.[2], digest };
}

/** Whether it names a local image by its id, so that no registry can be asked for it. */
export function isImageId(name: string): boolean {
  return /^sha256:[\da-f]{64}$/.test(name) || /^[\da-f]{64}$/.test(name);
}

/** What the Engine is asked for: the name with the tag `latest` where neither tag nor digest is given. */
export function reference(name: string): string {
  if (isImageId(name)) return name;
  const { tag, digest } = parseImageName(name);
  return tag === undefined && digest === undefined ? `${name}:latest` : name;
}

/** The registry that serves an image: `docker.io` where the name does not say. */
export function registryOf(name: string): string {
  const [first = '', ...rest] = parseImageName(name).repository.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? first : 'docker.io';
}

/** The one full spelling of names that mean the same: `nginx` and `docker.io/library/nginx:latest`. */
export function canonicalName(name: string): string {
  if (isImageId(name)) return name;
  const registry = registryOf(name);
  const full = reference(name).replace(/^(?:index\.)?docker\.io\//, '');
  if (registry !== 'docker.io' && registry !== 'index.docker.io') return full;
  return `docker.io/${full.includes('/') ? full : `library/${full}`}`;
}
