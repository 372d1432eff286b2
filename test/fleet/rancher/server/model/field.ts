/** How a field of a schema is described: enough to validate an input and to publish the schema. */
import type { Json } from './json.ts';

export type FieldType = 'string' | 'int' | 'boolean' | 'date' | 'map' | 'array' | 'object' | 'json';

export interface Field {
  readonly type: FieldType;
  readonly create?: boolean;
  readonly update?: boolean;
  readonly required?: boolean;
  readonly nullable?: boolean;
  readonly default?: Json;
  /** Lowest number. */
  readonly min?: number;
  readonly max?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly options?: readonly string[];
  /** `dns`: letters, digits and inner dashes. */
  readonly chars?: 'dns';
  /** Unlike any living sibling: in the same project, or anywhere. */
  readonly unique?: 'project' | 'everywhere';
  /** The value is the id of a row of this type. */
  readonly reference?: string;
  /** `host:container/protocol` texts. */
  readonly ports?: boolean;
  /** What an `object` holds, or each item of an `array`. Unknown names pass through. */
  readonly fields?: FieldSet;
  /** The text of the 422 when it is missing. */
  readonly missingMessage?: string;
  /** Accepted from the client but never shown. */
  readonly isSecret?: boolean;
  /** What the /v1 API calls it. */
  readonly v1Name?: string;
}

export type FieldSet = Readonly<Record<string, Field>>;

type Extra = Omit<Field, 'type'>;

/** May be given on create and on update. */
export const writable = (type: FieldType, extra: Extra = {}): Field => ({
  type,
  create: true,
  update: true,
  nullable: true,
  ...extra,
});

/** May be given on create only. */
export const createOnly = (type: FieldType, extra: Extra = {}): Field => ({
  type,
  create: true,
  nullable: true,
  ...extra,
});

/** Set by the server. */
export const readOnly = (type: FieldType, extra: Extra = {}): Field => ({ type, ...extra });

/** Name of a stack, a service: DNS label, unique in its project. */
export const dnsName: Field = {
  type: 'string',
  create: true,
  update: true,
  required: true,
  minLength: 1,
  maxLength: 63,
  chars: 'dns',
};
