import { isDisabledSelector, withoutDisabledLabel } from '../edit/disabled-label.ts';
import { isArray, isObject } from '../source/json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';
import { ciliumItem } from './cilium-item.ts';
import type { ItemWords } from './cilium-item.ts';
import { ciliumSubject, overriddenNamespace } from './cilium-pods.ts';
import type { Scope } from './cilium-pods.ts';
import { directions } from './direction.ts';
import type { Direction } from './direction.ts';
import { isolation } from './isolation.ts';
import { nounWith, requirementsOf } from './selector.ts';
import { part, say } from './words.ts';
import type { Phrase, Sentence, SpecWords } from './words.ts';

const knownInSpec = new Set([
  'endpointSelector',
  'nodeSelector',
  'ingress',
  'egress',
  'ingressDeny',
  'egressDeny',
  'enableDefaultDeny',
  'labels',
  'description',
  'log',
]);

const sections = [
  { key: 'ingress', direction: 'ingress', action: 'allow' },
  { key: 'ingressDeny', direction: 'ingress', action: 'deny' },
  { key: 'egress', direction: 'egress', action: 'allow' },
  { key: 'egressDeny', direction: 'egress', action: 'deny' },
] as const;

/** `spec` or one of `specs` of a Cilium policy. */
export function ciliumSpec(spec: JsonObject, { path, scope }: { path: string; scope: Scope }): SpecWords {
  const items = sections.map((section) => {
    const value = spec[section.key];
    const entries = isArray(value) ? value : [];
    const said = entries.map((item, index) =>
      ciliumItem(item, { ...section, scope, path: `${path}.${section.key}[${index}]` }),
    );
    return { ...section, value, said };
  });
  const said = items.flatMap((section) => section.said);
  const subject = subjectOf(spec, scope);
  return {
    path,
    subject: subject.phrase,
    isEnabled: !isDisabledSelector(spec['endpointSelector']) && !isDisabledSelector(spec['nodeSelector']),
    summary: [
      { role: 'status', path, parts: say`Applies to ${subject.phrase}.` },
      ...directions.map((direction) => isolationOf({ spec, direction, items, path, isNode: subject.isNode })),
    ],
    rules: said.map(({ sentence }) => sentence),
    notes: [...unknownParts(spec, path), ...notesOf({ spec, path, scope, said, isNode: subject.isNode })],
  };
}

function subjectOf(spec: JsonObject, scope: Scope): { phrase: Phrase; isNode: boolean } {
  const { endpointSelector, nodeSelector } = spec;
  if (isObject(nodeSelector) && !isObject(endpointSelector)) {
    const requirements = requirementsOf(withoutDisabledLabel(nodeSelector));
    const phrase = requirements && nounWith({ one: 'node', many: 'nodes' }, requirements);
    return { phrase: phrase ?? notReadable('nodeSelector'), isNode: true };
  }
  if (endpointSelector === undefined || endpointSelector === null)
    return {
      phrase: say`nothing, as it has neither endpointSelector nor nodeSelector (Cilium refuses that)`,
      isNode: false,
    };
  const phrase = ciliumSubject(withoutDisabledLabel(endpointSelector), scope);
  return { phrase: phrase ?? notReadable('endpointSelector'), isNode: false };
}

function notReadable(field: string): Phrase {
  return say`what cannot be said, because ${part('field', field)} cannot be read`;
}

type Section = (typeof sections)[number] & {
  readonly value: JsonValue | undefined;
  readonly said: readonly ItemWords[];
};

function isolationOf(asked: {
  readonly spec: JsonObject;
  readonly direction: Direction;
  readonly items: readonly Section[];
  readonly path: string;
  readonly isNode: boolean;
}): Sentence {
  const { spec, direction, items, path } = asked;
  const ours = items.filter((section) => section.direction === direction);
  const count = (action: 'allow' | 'deny'): number =>
    ours.find((section) => section.action === action)?.said.length ?? 0;
  const rules = count('allow') + count('deny');
  const asksFor = isObject(spec['enableDefaultDeny']) ? spec['enableDefaultDeny'][direction] : undefined;
  const roles = ours.flatMap((section) => section.said.map(({ sentence }) => sentence.role));
  const unreadable = ours.some(({ value }) => value !== undefined && value !== null && !isArray(value));
  return isolation({
    direction,
    path: `${path}.${direction}`,
    state: unreadable ? 'not-understood' : rules === 0 ? 'open' : asksFor === false ? 'default-deny-off' : 'isolated',
    allowsSomething: roles.includes('allow') || roles.includes('not-understood'),
    hasDeny: roles.includes('deny'),
    ownNode: direction === 'ingress' && !asked.isNode,
    remark: emptyRemark({ asksFor, rules, direction, spec }),
  });
}

/** What stands there without doing anything. */
function emptyRemark(asked: {
  readonly asksFor: JsonValue | undefined;
  readonly rules: number;
  readonly direction: Direction;
  readonly spec: JsonObject;
}): Phrase {
  if (asked.rules > 0) return say``;
  if (asked.asksFor === true)
    return say` (${part('field', `enableDefaultDeny.${asked.direction}`)} is true, but without a rule in that direction it does nothing)`;
  return isArray(asked.spec[asked.direction])
    ? say` (the list ${part('field', asked.direction)} is empty, which in Cilium does nothing)`
    : say``;
}

function unknownParts(spec: JsonObject, path: string): readonly Sentence[] {
  return Object.keys(spec)
    .filter((key) => !knownInSpec.has(key))
    .map((key) => ({
      role: 'not-understood',
      path: `${path}.${key}`,
      parts: say`${part('field', `${path}.${key}`)} is not understood; what it does is not said here.`,
    }));
}

function notesOf(asked: {
  readonly spec: JsonObject;
  readonly path: string;
  readonly scope: Scope;
  readonly said: readonly ItemWords[];
  readonly isNode: boolean;
}): readonly Sentence[] {
  const { spec, path, scope, said } = asked;
  const note = (parts: Phrase): Sentence => ({ role: 'note', path, parts });
  const foreign = overriddenNamespace(spec['endpointSelector'], scope);
  const log = isObject(spec['log']) ? spec['log']['value'] : undefined;
  return [
    ...said.flatMap(({ notes }) => notes),
    ...(foreign === undefined
      ? []
      : [
          note(
            say`Its selector asks for namespace ${part('namespace', foreign)}; Cilium puts the policy's own namespace in its place.`,
          ),
        ]),
    ...(said.some(({ hasNames }) => hasNames) && !hasDnsRule(spec)
      ? [
          note(
            say`It has no DNS rule: unless another policy lets Cilium see the lookups of these pods, the names above match nothing.`,
          ),
        ]
      : []),
    ...(said.some(({ isLocalCluster }) => isLocalCluster)
      ? [note(say`Pods means pods of this cluster, not those of other clusters in a mesh.`)]
      : []),
    ...(scope.namespace === undefined && !asked.isNode && selectsByAbsence(spec['endpointSelector'])
      ? [note(say`Such a selector also means Cilium's own endpoints (health checks, ingress).`)]
      : []),
    ...(asked.isNode ? [note(say`It takes effect only where Cilium's host firewall is switched on.`)] : []),
    ...(typeof log === 'string' ? [note(say`Hubble shows the text ${part('field', log)} with its verdicts.`)] : []),
  ];
}

/** No label is asked for, so what has no Kubernetes labels at all is selected too. */
function selectsByAbsence(selector: JsonValue | undefined): boolean {
  if (selector === undefined || selector === null) return false;
  const requirements = requirementsOf(withoutDisabledLabel(selector));
  return requirements?.every(({ operator }) => operator === 'NotIn' || operator === 'DoesNotExist') ?? false;
}

function hasDnsRule(spec: JsonObject): boolean {
  const egress = isArray(spec['egress']) ? spec['egress'] : [];
  return egress.some((item) => {
    const ports = isObject(item) && isArray(item['toPorts']) ? item['toPorts'] : [];
    return ports.some((entry) => isObject(entry) && isObject(entry['rules']) && isArray(entry['rules']['dns']));
  });
}
