import type { JsonValue } from '../source/json.ts';

/** What a field may hold: the part of an API's structural schema that a policy needs, as data. */
export type Schema =
  | TextSchema
  | WholeNumberSchema
  | BooleanSchema
  | EitherSchema
  | ListSchema
  | MapSchema
  | ObjectSchema
  | AnySchema;

/** `says` completes "must be …". */
export interface Format {
  readonly says: string;
  readonly test: (text: string) => boolean;
}

export interface TextSchema {
  readonly type: 'text';
  readonly words?: readonly string[];
  readonly format?: Format;
  /** The format is one of the server's own, which lets a list pass in place of the text: its decoder then fails. */
  readonly letsListsPass?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Stands in for null. */
  readonly preset?: string;
}

export interface WholeNumberSchema {
  readonly type: 'whole-number';
  readonly min: number;
  readonly max: number;
}

export interface BooleanSchema {
  readonly type: 'boolean';
}

/** A whole number, or a text of some format. */
export interface EitherSchema {
  readonly type: 'number-or-text';
  readonly format?: Format;
  /** Numbers beyond 32 bits are refused. */
  readonly bits32?: boolean;
}

export interface ListSchema {
  readonly type: 'list';
  readonly items: Schema;
  readonly min?: number;
  readonly max?: number;
  readonly distinct?: boolean;
}

export interface MapSchema {
  readonly type: 'map';
  readonly values: Schema;
}

export interface ObjectSchema {
  readonly type: 'object';
  /** As the message calls it: `an ingress rule`. */
  readonly title: string;
  readonly fields: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** Exactly one of these must be there. */
  readonly exactlyOne?: readonly string[];
  /** At least one of these must be there. */
  readonly atLeastOne?: readonly string[];
  /** Only unknown fields are looked for: the server overwrites the rest. */
  readonly isOverwritten?: boolean;
}

/** Not looked into. */
export interface AnySchema {
  readonly type: 'any';
}

export const text = (rest: Omit<TextSchema, 'type'> = {}): TextSchema => ({ type: 'text', ...rest });
export const wholeNumber = (min: number, max: number): WholeNumberSchema => ({ type: 'whole-number', min, max });
export const list = (items: Schema, rest: Omit<ListSchema, 'type' | 'items'> = {}): ListSchema => ({
  type: 'list',
  items,
  ...rest,
});
export const map = (values: Schema): MapSchema => ({ type: 'map', values });
export const object = (
  title: string,
  fields: Readonly<Record<string, Schema>>,
  rest: Omit<ObjectSchema, 'type' | 'title' | 'fields'> = {},
): ObjectSchema => ({ type: 'object', title, fields, ...rest });

/** What a value is, in words. */
export function typeName(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'a number';
  return typeof value === 'boolean' ? 'a boolean' : 'a map';
}

/** What a schema wants, in words. */
export function wantedName(schema: Schema): string {
  switch (schema.type) {
    case 'text':
      return 'text';
    case 'whole-number':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    case 'number-or-text':
      return 'a number or text';
    case 'list':
      return 'a list';
    case 'map':
    case 'object':
      return 'a map';
    case 'any':
      return 'anything';
    default:
      return schema satisfies never;
  }
}
