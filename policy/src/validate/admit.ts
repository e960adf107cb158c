import { isArray, isObject } from '../source/json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';
import { emptyObject } from '../source/plain-value.ts';
import type { Findings, Path } from './findings.ts';
import { nearestWord } from './nearest-word.ts';
import { typeName, wantedName } from './schema.ts';
import type {
  EitherSchema,
  ListSchema,
  MapSchema,
  ObjectSchema,
  Schema,
  TextSchema,
  WholeNumberSchema,
} from './schema.ts';
import { unknownField } from './unknown-field.ts';

/**
 * How the server reads: `crd` drops a null field and refuses a null item (structural schemas); `built-in` decodes into
 * Go structs, where null is the zero value anywhere.
 */
export type Reader = 'crd' | 'built-in';

interface Admission {
  readonly reader: Reader;
  readonly findings: Findings;
}

/** Checks a value as the API server does, and gives what it would store: without unknown and null fields. */
export function admit(schema: Schema, value: JsonValue, path: Path, admission: Admission): JsonValue | undefined {
  switch (schema.type) {
    case 'text':
      return admitText(schema, value, path, admission);
    case 'whole-number':
      return admitNumber(schema, value, path, admission);
    case 'number-or-text':
      return admitEither(schema, value, path, admission);
    case 'boolean':
      return typeof value === 'boolean' ? value : refuseType(schema, value, path, admission);
    case 'list':
      return isArray(value) ? admitList(schema, value, path, admission) : refuseType(schema, value, path, admission);
    case 'map':
      return isObject(value) ? admitMap(schema, value, path, admission) : refuseType(schema, value, path, admission);
    case 'object':
      return isObject(value) ? admitObject(schema, value, path, admission) : refuseType(schema, value, path, admission);
    case 'any':
      return value;
    default:
      return schema satisfies never;
  }
}

function refuse({ findings }: Admission, code: string, path: Path, message: string): undefined {
  findings.refuse('api-server', code, path, message);
}

function nameOf(path: Path): string {
  const last = path.at(-1);
  return typeof last === 'number'
    ? `an item of \`${String(path.at(-2) ?? '')}\``
    : `\`${String(last ?? 'the object')}\``;
}

/** The nearest key of a path. */
function fieldOf(path: Path): string {
  return String(path.findLast((part) => typeof part === 'string') ?? '');
}

function refuseType(schema: Schema, value: JsonValue, path: Path, admission: Admission): undefined {
  const isBare = schema.type === 'text' && (typeof value === 'number' || typeof value === 'boolean');
  const fix = isBare
    ? `: quote it, "${String(value)}"`
    : schema.type === 'list' && isObject(value)
      ? ': begin each item with `- `'
      : '';
  const message = `${nameOf(path)} must be ${wantedName(schema)}, but this is ${typeName(value)}${fix}`;
  return refuse(admission, 'wrong-type', path, sentence(message));
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function admitText(schema: TextSchema, value: JsonValue, path: Path, admission: Admission): string | undefined {
  if (schema.letsListsPass === true && isArray(value)) return refuseByDecoder(path, admission);
  if (typeof value !== 'string') return refuseType(schema, value, path, admission);
  if (schema.words !== undefined && !schema.words.includes(value)) {
    const nearest = nearestWord(value, schema.words);
    const fix =
      nearest === undefined
        ? `write one of ${schema.words.join(', ')}`
        : `did you mean \`${nearest}\`? (${schema.words.join(', ')})`;
    return refuse(admission, 'not-allowed', path, `\`${value}\` is not a value of \`${fieldOf(path)}\`: ${fix}`);
  }
  const length = lengthOf(value);
  if (length > (schema.maxLength ?? Infinity)) {
    return refuse(
      admission,
      'too-long',
      path,
      sentence(`${nameOf(path)} may have ${schema.maxLength} characters, but this has ${length}: shorten it`),
    );
  }
  if (length < (schema.minLength ?? 0))
    return refuse(admission, 'empty', path, sentence(`${nameOf(path)} may not be empty: fill it in`));
  if (schema.format !== undefined && !schema.format.test(value)) {
    return refuse(
      admission,
      'bad-format',
      path,
      sentence(`${nameOf(path)} must be ${schema.format.says}, but this is ${JSON.stringify(value)}`),
    );
  }
  return value;
}

/** kube-openapi's type check passes a list where a schema has a format; the agent cannot decode it. */
function refuseByDecoder(path: Path, { findings }: Admission): undefined {
  findings.refuse(
    'cilium',
    'wrong-type',
    path,
    sentence(`${nameOf(path)} must be text, but this is a list: remove the brackets`),
  );
}

/** Counts characters, as the server does, not UTF-16 units. */
function lengthOf(value: string): number {
  return /[\ud800-\udbff]/.test(value) ? [...value].length : value.length;
}

function admitNumber(
  schema: WholeNumberSchema,
  value: JsonValue,
  path: Path,
  admission: Admission,
): number | undefined {
  if (typeof value !== 'number') return refuseType(schema, value, path, admission);
  if (!Number.isInteger(value))
    return refuse(
      admission,
      'wrong-type',
      path,
      sentence(`${nameOf(path)} must be a whole number, but this is ${value}`),
    );
  if (value < schema.min || value > schema.max) {
    return refuse(
      admission,
      'out-of-range',
      path,
      sentence(`${nameOf(path)} must lie between ${schema.min} and ${schema.max}, but this is ${value}`),
    );
  }
  return value;
}

function admitEither(
  schema: EitherSchema,
  value: JsonValue,
  path: Path,
  admission: Admission,
): number | string | undefined {
  if (typeof value === 'string')
    return admitText({ type: 'text', ...(schema.format ? { format: schema.format } : {}) }, value, path, admission);
  if (typeof value !== 'number' || !Number.isInteger(value)) return refuseType(schema, value, path, admission);
  const limit = schema.bits32 === true ? 2 ** 31 - 1 : Number.MAX_SAFE_INTEGER;
  return admitNumber({ type: 'whole-number', min: -limit - 1, max: limit }, value, path, admission);
}

function admitList(schema: ListSchema, value: readonly JsonValue[], path: Path, admission: Admission): JsonValue {
  if (schema.max === 0 && value.length > 0) {
    refuse(
      admission,
      'removed-field',
      path,
      `${nameOf(path)} was removed in Cilium 1.19 and must be empty: put the requirement into each selector of the peers`,
    );
    return [];
  }
  if (value.length > (schema.max ?? Infinity)) {
    refuse(
      admission,
      'too-many',
      path,
      sentence(
        `${nameOf(path)} may have ${schema.max} items, but this has ${value.length}: split it over several items`,
      ),
    );
  }
  if (value.length < (schema.min ?? 0))
    refuse(admission, 'too-few', path, sentence(`${nameOf(path)} may not be empty: add an item or remove the field`));
  if (schema.distinct === true) refuseRepeated(value, path, admission);
  return value.map((item, index) => admitItem(schema.items, item, [...path, index], admission));
}

function admitItem(schema: Schema, item: JsonValue, path: Path, admission: Admission): JsonValue {
  if (item === null && admission.reader === 'built-in') return zeroOf(schema);
  return admit(schema, item, path, admission) ?? null;
}

function zeroOf(schema: Schema): JsonValue {
  return schema.type === 'object' ? emptyObject() : schema.type === 'text' ? '' : null;
}

function refuseRepeated(value: readonly JsonValue[], path: Path, admission: Admission): void {
  const seen = new Set<JsonValue>();
  for (const [index, item] of value.entries()) {
    if (typeof item !== 'string') continue;
    if (seen.has(item))
      refuse(admission, 'repeated-item', [...path, index], `\`${item}\` stands in this list twice: remove one`);
    seen.add(item);
  }
}

function admitMap(schema: MapSchema, value: JsonObject, path: Path, admission: Admission): JsonValue {
  const admitted = emptyObject();
  for (const [key, entry] of Object.entries(value)) {
    if (entry === null && admission.reader === 'built-in') admitted[key] = zeroOf(schema.values);
    if (entry === null || entry === undefined) continue;
    admitted[key] = admit(schema.values, entry, [...path, key], admission) ?? null;
  }
  return admitted;
}

function admitObject(schema: ObjectSchema, value: JsonObject, path: Path, admission: Admission): JsonValue {
  const admitted = emptyObject();
  for (const [key, entry] of Object.entries(value)) {
    const field = Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined;
    if (field === undefined) {
      refuse(admission, 'unknown-field', [...path, key], unknownField(schema, key, value));
    } else if (entry === null || entry === undefined) {
      if (field.type === 'text' && field.preset !== undefined) admitted[key] = field.preset;
    } else {
      const stored = schema.isOverwritten === true ? entry : admit(field, entry, [...path, key], admission);
      if (stored !== undefined) admitted[key] = stored;
    }
  }
  if (schema.isOverwritten !== true) refuseMissing(schema, value, path, admission);
  return admitted;
}

function refuseMissing(schema: ObjectSchema, value: JsonObject, path: Path, admission: Admission): void {
  const isSet = (key: string): boolean => value[key] !== undefined && value[key] !== null;
  for (const key of schema.required ?? []) {
    if (!isSet(key)) refuse(admission, 'missing-field', path, `\`${key}\` is missing: ${schema.title} needs it`);
  }
  const { exactlyOne, atLeastOne } = schema;
  if (exactlyOne !== undefined) {
    const set = exactlyOne.filter(isSet);
    const choices = exactlyOne.map((key) => `\`${key}\``).join(', ');
    if (set.length === 0)
      refuse(admission, 'missing-choice', path, sentence(`${schema.title} needs one of ${choices}`));
    if (set.length > 1)
      refuse(
        admission,
        'too-many-choices',
        [...path, set[1] ?? ''],
        sentence(`${schema.title} may have only one of ${choices}: split it`),
      );
  }
  if (atLeastOne !== undefined && !atLeastOne.some(isSet)) {
    const choices = atLeastOne.map((key) => `\`${key}\``).join(', ');
    refuse(admission, 'missing-choice', path, sentence(`${schema.title} needs at least one of ${choices}`));
  }
}
