import type { JsonValue } from '../src/source/json.ts';
import type { Random } from './random.ts';
import { junk, keys, valuesFor } from './values.ts';

type Plain = Record<string, JsonValue>;

/** A place in an object: its holder and the key or index there. */
interface Spot {
  readonly holder: Plain | JsonValue[];
  readonly key: string | number;
  /** The nearest key above, which says what belongs here. */
  readonly field: string;
}

/** Changes one place of an object. */
export function mutate(object: Plain, random: Random): void {
  const spots = spotsOf(object, '');
  if (spots.length === 0) return;
  const spot = random.pick(spots);
  const { holder, key, field } = spot;
  const value = read(spot);
  switch (random.below(9)) {
    case 0:
      remove(spot);
      break;
    case 1:
      write(spot, random.pick(junk));
      break;
    case 2:
    case 3:
    case 4:
      write(spot, fitted(random.pick(valuesFor(field)), value));
      break;
    case 5:
      write(spot, null);
      break;
    case 6:
      if (Array.isArray(holder)) holder.push(structuredClone(value));
      else rename(holder, String(key), random);
      break;
    case 7:
      if (!Array.isArray(holder)) holder[random.pick(neighbours)] = structuredClone(value);
      break;
    default:
      write(spot, Array.isArray(value) ? (value[0] ?? {}) : [value]);
  }
}

/** Fields of one place that people write in another. */
const neighbours = [
  'fromEndpoints',
  'toEndpoints',
  'toPorts',
  'ports',
  'podSelector',
  'endpointSelector',
  'nodeSelector',
  'ingress',
  'egressDeny',
  'rules',
  'icmps',
  'spec',
  'x',
  ...keys.slice(0, 3),
];

function fitted(value: JsonValue, before: JsonValue): JsonValue {
  return Array.isArray(before) && !Array.isArray(value) ? [value] : value;
}

function rename(holder: Plain, key: string, random: Random): void {
  const value = holder[key] ?? null;
  delete holder[key];
  const cut = random.below(key.length + 1);
  holder[random.once(2) ? key.slice(0, cut) + key.slice(cut + 1) : `${key}s`] = value;
}

function spotsOf(value: JsonValue | Plain, field: string): Spot[] {
  if (Array.isArray(value)) {
    const holder = value as JsonValue[];
    return holder.flatMap((item, key) => [{ holder, key, field }, ...spotsOf(item, field)]);
  }
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Plain;
  return Object.keys(holder)
    .filter((key) => key !== 'apiVersion' && key !== 'kind')
    .flatMap((key) => [{ holder, key, field: key }, ...spotsOf(holder[key] ?? null, key)]);
}

function read({ holder, key }: Spot): JsonValue {
  return (Array.isArray(holder) ? holder[Number(key)] : holder[String(key)]) ?? null;
}

function write({ holder, key }: Spot, value: JsonValue): void {
  const copy = structuredClone(value);
  if (Array.isArray(holder)) holder[Number(key)] = copy;
  else holder[String(key)] = copy;
}

function remove({ holder, key }: Spot): void {
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[String(key)];
}
