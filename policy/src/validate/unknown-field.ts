import type { JsonObject } from '../source/json.ts';
import { itemsOf } from './access.ts';
import { nearestWord } from './nearest-word.ts';
import type { ObjectSchema } from './schema.ts';

/** What an unknown field is, what was probably meant, and what becomes of the rest where the server just drops it. */
export function unknownField(schema: ObjectSchema, key: string, holder: JsonObject): string {
  if (schema.title === 'the spec' && ciliumOnly.has(key))
    return `\`${key}\` belongs to CiliumNetworkPolicy: change \`apiVersion\` and \`kind\`, or remove it. ${dropped}`;
  if (schema.title.startsWith('a Cilium') && key === 'description')
    return `\`description\` belongs to the spec: write it as \`spec.description\`. ${dropped}`;
  const meant = meantField(schema, key);
  const fix = meant === undefined ? '' : `: did you mean \`${meant}\`?`;
  return `\`${key}\` is not a field of ${schema.title}${fix || ': remove it'}${/[?.]$/.test(fix) ? '' : '.'} ${consequence(schema, key, holder)}`;
}

/** Fields of Cilium's rules that people put into the spec of a NetworkPolicy. */
const ciliumOnly: ReadonlySet<string> = new Set([
  'endpointSelector',
  'nodeSelector',
  'ingressDeny',
  'egressDeny',
  'enableDefaultDeny',
  'description',
  'log',
]);

const dropped = 'Without strict validation the API server drops it without a word';

function meantField(schema: ObjectSchema, key: string): string | undefined {
  const other = key.startsWith('to') ? `from${key.slice(2)}` : key.startsWith('from') ? `to${key.slice(4)}` : undefined;
  if (other !== undefined && Object.hasOwn(schema.fields, other)) return other;
  const known = wellMeant.get(key);
  if (known !== undefined && Object.hasOwn(schema.fields, known)) return known;
  return nearestWord(key, Object.keys(schema.fields));
}

/** Names of other dialects. */
const wellMeant: ReadonlyMap<string, string> = new Map([
  ['podSelector', 'endpointSelector'],
  ['ports', 'toPorts'],
  ['auth', 'authentication'],
  ['ingressRules', 'ingress'],
  ['egressRules', 'egress'],
]);

const ruleTitles: ReadonlyMap<string, 'in' | 'out'> = new Map([
  ['an ingress rule', 'in'],
  ['an egress rule', 'out'],
]);

/** A client without strict validation has the field dropped: the rest then means what it means without it. */
function consequence(schema: ObjectSchema, key: string, holder: JsonObject): string {
  const way = ruleTitles.get(schema.title);
  const isPeer = /^(from|to)[A-Z]?/.test(key) && key !== 'toPorts' && key !== 'ports';
  const isSet = (field: string): boolean => holder[field] !== undefined && holder[field] !== null;
  if (way === undefined || !isPeer) return dropped;
  const hasPeers = Object.keys(schema.fields).some(
    (field) => /^(from|to)/.test(field) && field !== 'toPorts' && isSet(field),
  );
  if (hasPeers) return dropped;
  const opens = ['toPorts', 'ports', 'icmps'].some((field) => itemsOf(holder, field).length > 0);
  if (opens && way === 'in')
    return 'Without strict validation the API server drops it, and the ports below are open to everyone, the internet included';
  if (opens)
    return 'Without strict validation the API server drops it, and these ports are reachable everywhere, on the internet too';
  return 'Without strict validation the API server drops it, and what is left is a rule without peers';
}
