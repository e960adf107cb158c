import { isObject } from '../src/source/json.ts';
import type { JsonValue } from '../src/source/json.ts';
import { cidrGroupSchema, policySchema } from '../src/validate/cilium-schema.ts';
import { networkPolicySchema } from '../src/validate/network-policy-schema.ts';
import type { Schema } from '../src/validate/schema.ts';
import { mutate } from './mutate.ts';
import { seeded } from './random.ts';
import type { Random } from './random.ts';
import { keys, labelValues, valuesFor } from './values.ts';

type Plain = Record<string, JsonValue>;

const kinds = [
  'NetworkPolicy',
  'CiliumNetworkPolicy',
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
  'CiliumCIDRGroup',
] as const;

/** A policy that is nearly right: drawn from the schema, then changed in up to three places. The same for the same seed. */
export function generateObject(seed: number): Plain {
  const random = seeded(seed);
  const kind = random.pick(kinds);
  const isBuiltIn = kind === 'NetworkPolicy';
  const schema = isBuiltIn
    ? networkPolicySchema()
    : kind === 'CiliumCIDRGroup'
      ? cidrGroupSchema()
      : policySchema(kind, '1.20');
  const drawn = draw(schema, { random, field: '', depth: 0 });
  const object: Plain = {
    ...(isObject(drawn) ? (structuredClone(drawn) as Plain) : {}),
    apiVersion: isBuiltIn ? 'networking.k8s.io/v1' : 'cilium.io/v2',
    kind,
    metadata: drawMetadata(random, kind),
  };
  delete object['status'];
  if (object['spec'] !== undefined && !random.once(4)) delete object['specs'];
  const changes = Math.max(0, random.below(5) - 1);
  for (let change = 0; change < changes; change++) mutate(object, random);
  settleNamespace(object);
  return object;
}

const namespaces = ['ns-0', 'shop'];

/** A namespace that does not exist would be refused for that alone. */
function settleNamespace({ metadata }: Plain): void {
  if (!isObject(metadata)) return;
  const { namespace } = metadata;
  if (typeof namespace === 'string' && namespace !== '' && !namespaces.includes(namespace)) {
    (metadata as Plain)['namespace'] = 'shop';
  }
}

function drawMetadata(random: Random, kind: string): Plain {
  const metadata: Plain = { name: 'p' };
  if (kind.endsWith('y') && !kind.includes('Clusterwide')) metadata['namespace'] = random.pick(namespaces);
  if (random.once(6))
    metadata['labels'] = { [drawKey(random)]: random.pick(labelValues.slice(0, random.once(8) ? undefined : 3)) };
  if (random.once(12)) metadata['annotations'] = { [drawKey(random)]: 'any text' };
  if (random.once(20)) metadata['finalizers'] = [random.pick(valuesFor('finalizers'))];
  if (random.once(60)) metadata['name'] = random.pick(valuesFor('name'));
  return metadata;
}

interface Draw {
  readonly random: Random;
  readonly field: string;
  readonly depth: number;
}

function draw(schema: Schema, at: Draw): JsonValue {
  const { random, field } = at;
  switch (schema.type) {
    case 'text':
      return drawText(schema, at);
    case 'whole-number':
      return random.once(8)
        ? random.pick(valuesFor(field))
        : schema.min + random.below(Math.min(schema.max - schema.min, 90) + 1);
    case 'number-or-text':
      return random.once(20)
        ? random.pick(valuesFor(field))
        : random.pick(field === 'type' ? [8, '8', 'EchoRequest'] : [80, 'http']);
    case 'boolean':
      return random.once(2);
    case 'list':
      return Array.from({ length: listLength(schema, at) }, () => draw(schema.items, { ...at, depth: at.depth + 1 }));
    case 'map':
      return Object.fromEntries(
        Array.from({ length: random.below(3) }, () => [
          drawKey(random),
          draw(schema.values, { ...at, field: 'labelsValue' }),
        ]),
      );
    case 'object':
      return drawObject(schema, at);
    case 'any':
      return random.pick(valuesFor(field));
    default:
      return schema satisfies never;
  }
}

function drawText(schema: Schema & { type: 'text' }, { random, field }: Draw): JsonValue {
  if (schema.words !== undefined && !random.once(25)) return random.pick(schema.words);
  const values = valuesFor(field).filter((value) => typeof value === 'string');
  const good = values.filter((value) => schema.format?.test(value) ?? true);
  return random.once(60) || good.length === 0
    ? random.pick(valuesFor(field))
    : random.pick(good.slice(0, random.once(3) ? good.length : 4));
}

function drawKey(random: Random): string {
  return random.once(40) ? random.pick(keys) : random.pick(keys.slice(0, 7));
}

function listLength(schema: Schema & { type: 'list' }, { random, depth }: Draw): number {
  if (schema.max === 0) return random.once(30) ? 1 : 0;
  if (random.once(600)) return 41;
  return random.once(8) ? 0 : 1 + random.below(depth > 3 ? 1 : 2);
}

/** Fields that exclude each other come together seldom, as they do in policies that people write. */
function drawObject(schema: Schema & { type: 'object' }, at: Draw): JsonValue {
  const { random } = at;
  const object: Plain = {};
  const names = Object.keys(schema.fields);
  const chosen =
    schema.exactlyOne === undefined
      ? undefined
      : random.pick(schema.exactlyOne.slice(0, random.once(3) ? undefined : 1));
  const peers = names.filter((name) => /^(from|to)[A-Z]/.test(name) && name !== 'toPorts');
  const peer = random.once(40) ? undefined : random.pick([...peers, '']);
  for (const name of names) {
    const isRequired = schema.required?.includes(name) === true;
    const isExcluded = schema.exactlyOne?.includes(name) === true && name !== chosen;
    if (isExcluded && !random.once(150)) continue;
    if (peers.length > 1 && peers.includes(name) && peer !== undefined && name !== peer) continue;
    if (!isRequired && name !== chosen && name !== peer && !random.once(fieldOdds(name))) continue;
    if (isRequired && random.once(150)) continue;
    const field = schema.fields[name];
    if (field !== undefined) object[name] = draw(field, { random, field: name, depth: at.depth + 1 });
  }
  return object;
}

function fieldOdds(name: string): number {
  if (name === 'port' || name === 'spec' || name === 'ports') return 1;
  if (name === 'ingress' || name === 'egress' || name === 'toPorts') return 2;
  return [
    'fromRequires',
    'toRequires',
    'authentication',
    'listener',
    'terminatingTLS',
    'originatingTLS',
    'status',
  ].includes(name)
    ? 12
    : 4;
}
