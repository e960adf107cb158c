import { isArray, isObject } from '../source/json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';
import { ciliumPeerKeys, ciliumPeers } from './cilium-peers.ts';
import type { Peers } from './cilium-peers.ts';
import type { Scope } from './cilium-pods.ts';
import type { Direction } from './direction.ts';
import { hasOnly, icmpField, onPorts, sayAll } from './ports.ts';
import { portRule } from './requests.ts';
import type { PortRule } from './requests.ts';
import { list, part, say } from './words.ts';
import type { Phrase, Sentence } from './words.ts';

export interface ItemContext {
  readonly direction: Direction;
  readonly action: 'allow' | 'deny';
  readonly scope: Scope;
  readonly path: string;
}

export interface ItemWords {
  readonly sentence: Sentence;
  readonly notes: readonly Sentence[];
  readonly isLocalCluster: boolean;
  readonly hasNames: boolean;
}

/** One entry of `ingress`, `egress`, `ingressDeny` or `egressDeny`, by the truth table of cilium.md C.1. */
export function ciliumItem(item: JsonValue, context: ItemContext): ItemWords {
  if (!isObject(item)) return notUnderstood(context, say`it is not a mapping`);
  const unknown = Object.keys(item).find((key) => !knownKeys(context).includes(key));
  if (unknown !== undefined) return notUnderstood(context, say`${part('field', unknown)} is not known there`);
  const peers = ciliumPeers(item, context);
  if (peers.kind === 'not-understood') return notUnderstood(context, say`${part('field', peers.key)} cannot be read`);
  const layer4 = layer4Of(item, context);
  if (layer4 === undefined) return notUnderstood(context, say`its ports or ICMP types cannot be read`);
  const suffix = authentication(item['authentication']);
  if (suffix === undefined) return notUnderstood(context, say`${part('field', 'authentication')} cannot be read`);
  const nothing = whyNothing({ item, peers, layer4, context });
  return nothing ? noEffect(context, nothing) : rule({ item, peers, layer4, suffix, context });
}

function knownKeys({ direction, action }: ItemContext): readonly string[] {
  const peers = ciliumPeerKeys(direction).filter((key) => action === 'allow' || key !== 'toFQDNs');
  return [...peers, 'toPorts', 'icmps', ...(action === 'allow' ? ['authentication'] : [])];
}

type Layer4 =
  | { readonly kind: 'every-port' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'ports'; readonly phrase: Phrase }
  | { readonly kind: 'icmp'; readonly phrase: Phrase };

function layer4Of(item: JsonObject, { action }: ItemContext): Layer4 | undefined {
  const toPorts = item['toPorts'] ?? [];
  const icmps = item['icmps'] ?? [];
  if (!isArray(toPorts) || !isArray(icmps)) return undefined;
  if (toPorts.length > 0 && icmps.length > 0) return undefined;
  if (icmps.length > 0) return icmpOf(icmps);
  if (toPorts.length === 0) return { kind: 'every-port' };
  const entries = toPorts.map(portRule);
  const known = entries.filter((entry) => entry !== undefined);
  if (known.length < entries.length) return undefined;
  if (action === 'deny' && known.some(({ limits }) => limits.length > 0)) return undefined;
  return portsOf(known);
}

function icmpOf(icmps: readonly JsonValue[]): Layer4 | undefined {
  const phrases: Phrase[] = [];
  for (const entry of icmps) {
    const fields = isObject(entry) && hasOnly(entry, ['fields']) ? sayAll(entry['fields'], icmpField) : undefined;
    if (fields === undefined) return undefined;
    phrases.push(...fields);
  }
  return phrases.length === 0 ? { kind: 'nothing' } : { kind: 'icmp', phrase: list(phrases) };
}

function portsOf(entries: readonly PortRule[]): Layer4 {
  const used = entries.filter(({ ports }) => ports.length > 0);
  if (used.length === 0) return { kind: 'nothing' };
  const plain = used.filter(({ limits }) => limits.length === 0).flatMap(({ ports }) => ports);
  const phrases = [
    ...(plain.length > 0 ? [onPorts(plain)] : []),
    ...used.filter(({ limits }) => limits.length > 0).map(({ ports, limits }) => say`${onPorts(ports)}${limits}`),
  ];
  const phrase = phrases.reduce((all, next) => say`${all}; and ${next}`);
  return { kind: 'ports', phrase };
}

function authentication(value: JsonValue | undefined): Phrase | undefined {
  if (value === undefined || value === null) return say``;
  if (!isObject(value) || !hasOnly(value, ['mode'])) return undefined;
  switch (value['mode']) {
    case 'required':
      return say`, once both sides have authenticated each other`;
    case 'disabled':
      return say`, without asking for mutual authentication`;
    case 'test-always-fail':
      return say`, but mutual authentication always fails (a test mode)`;
    default:
      return undefined;
  }
}

interface Read {
  readonly item: JsonObject;
  readonly peers: Exclude<Peers, { kind: 'not-understood' }>;
  readonly layer4: Layer4;
  readonly context: ItemContext;
}

/** Why an item matches no connection at all, if so. */
function whyNothing({ item, peers, layer4, context }: Read): Phrase | undefined {
  if (peers.kind === 'nobody') return say`its list ${part('field', peers.key)} is empty, which selects nobody`;
  if (layer4.kind === 'nothing') return say`its list of ports is empty, which matches no port`;
  if (layer4.kind !== 'every-port') return undefined;
  if (peers.kind === 'widened') return say`its list ${part('field', peers.key)} is empty and it names no ports`;
  if (peers.kind === 'any') {
    const isEmpty = Object.keys(item).length === 0;
    return isEmpty
      ? say`it is empty, and in Cilium an empty rule does no more than switch on the default deny`
      : say`it names neither peers nor ports`;
  }
  return context.action === 'deny' && hasServices(item)
    ? say`Cilium does not resolve toServices in deny rules`
    : undefined;
}

function hasServices(item: JsonObject): boolean {
  return isArray(item['toServices']) && item['toServices'].length > 0;
}

function noEffect(context: ItemContext, reason: Phrase): ItemWords {
  const verb = context.action === 'allow' ? 'allows' : 'denies';
  const parts = say`${ruleName(context)} ${verb} nothing: ${reason}.`;
  return words({ role: 'no-effect', path: context.path, parts });
}

function notUnderstood(context: ItemContext, reason: Phrase): ItemWords {
  const parts = say`What ${ruleName(context)} does cannot be said: ${reason}.`;
  return words({ role: 'not-understood', path: context.path, parts });
}

function ruleName({ path, action }: ItemContext): Phrase {
  return say`${action === 'deny' ? 'the deny rule' : 'the rule'} ${part('field', path)}`;
}

function words(sentence: Sentence): ItemWords {
  return { sentence: capitalize(sentence), notes: [], isLocalCluster: false, hasNames: false };
}

function capitalize(sentence: Sentence): Sentence {
  const [first, ...rest] = sentence.parts;
  if (first?.kind !== 'text') return sentence;
  const text = `${first.text.charAt(0).toUpperCase()}${first.text.slice(1)}`;
  return { ...sentence, parts: [{ kind: 'text', text }, ...rest] };
}

const anything = 'anything inside or outside the cluster';

function rule({ item, peers, layer4, suffix, context }: Read & { readonly suffix: Phrase }): ItemWords {
  const { direction, action, path } = context;
  const isUnresolved = action === 'deny' && hasServices(item);
  const end = peers.kind === 'peers' && !isUnresolved ? peers.phrase : say`${anything}`;
  const towards = direction === 'ingress' ? say`from ${end}` : say`to ${end}`;
  const way = direction === 'ingress' ? 'incoming' : 'outgoing';
  const verb = action === 'allow' ? 'Allow' : 'Deny';
  const what =
    layer4.kind === 'icmp'
      ? say`${way} ${layer4.phrase} ${towards}`
      : say`${way} connections ${towards} ${layer4.kind === 'ports' ? layer4.phrase : say`on any port and protocol`}`;
  const stress = action === 'deny' ? ', whatever other rules allow' : '';
  const parts = say`${verb} ${what}${suffix}${stress}.`;
  return {
    sentence: { role: action, path, parts },
    notes: surprises({ item, peers, layer4, context }),
    isLocalCluster: peers.kind === 'peers' && peers.isLocalCluster,
    hasNames: peers.kind === 'peers' && peers.hasNames,
  };
}

function surprises({ item, peers, layer4, context }: Read): readonly Sentence[] {
  const note = (parts: Phrase): Sentence => ({ role: 'note', path: context.path, parts });
  const field = part('field', context.path);
  if (peers.kind === 'widened')
    return [
      note(
        say`In ${field} the list ${part('field', peers.key)} is empty; with ports beside it Cilium takes that for any peer.`,
      ),
    ];
  if (!hasServices(item)) return [];
  if (context.action === 'deny')
    return [
      note(say`Cilium does not resolve toServices in deny rules, so ${field} denies every destination on these ports.`),
    ];
  return layer4.kind === 'every-port'
    ? []
    : [note(say`If no such Service exists, Cilium takes ${field} for any destination on these ports.`)];
}
