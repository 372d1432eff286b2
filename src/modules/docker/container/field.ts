/**
 * One option of a container: what is asked, what the Engine shows, and how a new container gets it. All options are
 * rows of one table (`fields/`), so that comparing, creating and updating are loops over it.
 */
import type { ImageInspect } from '../image.ts';
import type { Kind, Mode } from './compare.ts';
import type { ContainerInspect } from './inspect.ts';
import type { Params } from './params.ts';

/** The parameters, and what only the host could say about them. */
export interface Wanted {
  readonly params: Params;
  /** Variables of `env_file`, empty without one. */
  readonly fileEnvironment: Readonly<Record<string, string>>;
  /** Home and working directory of the user on the host, for relative sources of volumes. */
  readonly home: string;
  readonly directory: string;
  /** Ids of the containers that modes such as `container:web` name, by name. */
  readonly peers: Readonly<Record<string, string>>;
}

/** A container to create, in the two halves of the Engine API. */
export interface Draft {
  readonly config: Record<string, unknown>;
  readonly hostConfig: Record<string, unknown>;
}

export interface Field {
  /** As the playbook spells it. */
  readonly option: string;
  readonly kind: Kind;
  /** How it is compared unless `comparisons` says otherwise; by kind without it. */
  readonly mode?: Mode;
  /** The Engine can change it without a new container. */
  readonly isUpdatable?: boolean;
  /** What is asked, as the Engine takes it; undefined when nothing is. */
  readonly value: (wanted: Wanted) => unknown;
  /** The same with what the image gives, for comparing. */
  readonly expected?: (value: unknown, image: ImageInspect | undefined) => unknown;
  readonly actual: (container: ContainerInspect, image: ImageInspect | undefined) => unknown;
  /** One spelling for what means the same; applied to both sides before they are compared. */
  readonly normalise?: (value: unknown, wanted: Wanted) => unknown;
  readonly write: (draft: Draft, value: unknown) => void;
}

type Row = Partial<Omit<Field, 'option' | 'kind' | 'value'>>;

/** An option that is one key of `Config`. */
export function configField(
  option: keyof Params & string,
  key: string,
  kind: Kind,
  value: Field['value'] = ({ params }) => params[option],
  row: Row = {},
): Field {
  return {
    option,
    kind,
    value,
    actual: ({ Config }) => Config[key],
    write: ({ config }, given) => {
      config[key] = given;
    },
    ...row,
  };
}

/** An option that is one key of `HostConfig`. */
export function hostField(
  option: keyof Params & string,
  key: string,
  kind: Kind,
  value: Field['value'] = ({ params }) => params[option],
  row: Row = {},
): Field {
  return {
    option,
    kind,
    value,
    actual: ({ HostConfig }) => HostConfig[key],
    write: ({ hostConfig }, given) => {
      hostConfig[key] = given;
    },
    ...row,
  };
}

/** `container:web` with the id of that container, as the Engine keeps it. */
export function peerMode(option: 'network_mode' | 'ipc_mode' | 'pid_mode'): Field['value'] {
  return ({ params, peers }) => {
    const mode = params[option];
    const peer = peerOf(mode);
    return peer === undefined ? mode : `container:${peers[peer] ?? peer}`;
  };
}

/** The container that a mode names; undefined for every other mode. */
export function peerOf(mode: string | undefined): string | undefined {
  return mode?.startsWith('container:') ? mode.slice('container:'.length) : undefined;
}
