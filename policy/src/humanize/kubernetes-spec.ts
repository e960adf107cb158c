import { isDisabledSelector, withoutDisabledLabel } from '../edit/disabled-label.ts';
import { isArray } from '../source/json.ts';
import type { JsonObject, JsonValue } from '../source/json.ts';
import { inNamespace } from './cilium-pods.ts';
import { directions } from './direction.ts';
import type { Direction } from './direction.ts';
import { isolation } from './isolation.ts';
import { kubernetesItem } from './kubernetes-item.ts';
import { nounWith, requirementsOf } from './selector.ts';
import { part, say } from './words.ts';
import type { Phrase, Sentence, SpecWords } from './words.ts';

/** Whose semantics a NetworkPolicy gets: they differ for address blocks and for `policyTypes` (cilium.md C.14, H.3). */
export type Semantics = 'cilium' | 'kubernetes';

export interface KubernetesContext {
  readonly path: string;
  readonly namespace: string;
  readonly as: Semantics;
}

const knownInSpec = new Set(['podSelector', 'policyTypes', 'ingress', 'egress']);

export function kubernetesSpec(spec: JsonObject, context: KubernetesContext): SpecWords {
  const { path, namespace } = context;
  const types = policyTypes(spec['policyTypes']);
  const said = directions.map((direction) => ({
    direction,
    sentences: itemsOf(spec[direction]).map((item, index) =>
      kubernetesItem(item, { ...context, direction, path: `${path}.${direction}[${index}]` }),
    ),
  }));
  const isUsed = (direction: Direction): boolean =>
    context.as === 'cilium' || types.length === 0 || types.includes(direction);
  const subject = subjectOf(spec, namespace);
  return {
    path,
    subject,
    isEnabled: !isDisabledSelector(spec['podSelector']),
    summary: [
      { role: 'status', path, parts: say`Applies to ${subject}.` },
      ...said.map(({ direction, sentences }) => isolationOf({ spec, direction, sentences, types, context })),
    ],
    rules: said.flatMap(({ direction, sentences }) => (isUsed(direction) ? sentences : [])),
    notes: [...unknownParts(spec, path), ...ignoredParts({ said, types, context })],
  };
}

function itemsOf(section: JsonValue | undefined): readonly JsonValue[] {
  return isArray(section) ? section : [];
}

function policyTypes(types: JsonValue | undefined): readonly Direction[] {
  const names = itemsOf(types).map((type) => (typeof type === 'string' ? type.toLowerCase() : ''));
  return directions.filter((direction) => names.includes(direction));
}

function subjectOf(spec: JsonObject, namespace: string): Phrase {
  const requirements = requirementsOf(withoutDisabledLabel(spec['podSelector']));
  if (requirements === undefined)
    return say`what cannot be said, because ${part('field', 'podSelector')} cannot be read`;
  return say`${nounWith({ one: 'pod', many: 'pods' }, requirements)} ${inNamespace(namespace)}`;
}

function isolationOf(asked: {
  readonly spec: JsonObject;
  readonly direction: Direction;
  readonly sentences: readonly Sentence[];
  readonly types: readonly Direction[];
  readonly context: KubernetesContext;
}): Sentence {
  const { spec, direction, sentences, context } = asked;
  const section = spec[direction];
  const unreadable = section !== undefined && section !== null && !isArray(section);
  return isolation({
    direction,
    path: `${context.path}.${direction}`,
    state: unreadable ? 'not-understood' : isIsolated(asked) ? 'isolated' : 'open',
    allowsSomething: sentences.length > 0,
    hasDeny: false,
    ownNode: direction === 'ingress',
    remark: say``,
  });
}

/** Without `policyTypes` ingress always counts, egress where there is a rule. Cilium also counts rules that `policyTypes` leaves out. */
function isIsolated(asked: {
  readonly direction: Direction;
  readonly sentences: readonly Sentence[];
  readonly types: readonly Direction[];
  readonly context: KubernetesContext;
}): boolean {
  const { direction, sentences, types, context } = asked;
  if (types.includes(direction)) return true;
  const hasRules = sentences.length > 0;
  if (types.length === 0) return direction === 'ingress' || hasRules;
  return context.as === 'cilium' && hasRules;
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

function ignoredParts(asked: {
  readonly said: readonly { readonly direction: Direction; readonly sentences: readonly Sentence[] }[];
  readonly types: readonly Direction[];
  readonly context: KubernetesContext;
}): readonly Sentence[] {
  const { said, types, context } = asked;
  if (types.length === 0) return [];
  return said
    .filter(({ direction, sentences }) => sentences.length > 0 && !types.includes(direction))
    .map(({ direction }) => ({
      role: 'note',
      path: `${context.path}.${direction}`,
      parts:
        context.as === 'cilium'
          ? say`${part('field', 'policyTypes')} leaves ${direction} out: by the Kubernetes specification its rules are ignored, but Cilium enforces them.`
          : say`The ${direction} rules are ignored, because ${part('field', 'policyTypes')} leaves ${direction} out (Cilium would enforce them).`,
    }));
}
