import type { Difference, NearMiss } from '../model/explanation.ts';
import type { Direction } from '../model/policy.ts';
import type { Decider } from '../model/verdict.ts';
import { namespaceKey } from '../model/selector.ts';
import type { CompiledRule } from './compiled-policy.ts';
import { labelDifferences, peerDifferences, portDifferences, weightOf } from './differences.ts';
import type { EngineState } from './engine-state.ts';
import type { Identity } from './labels.ts';

export interface Denied {
  readonly state: EngineState;
  readonly direction: Direction;
  readonly subject: Identity;
  readonly peer: Identity;
  readonly key: number;
  /** The rules that deny it, where any does: they stand in the way of every other. */
  readonly deniers: readonly Decider[];
}

const most = 3;

/** The allowing rules that come nearest to letting a denied connection through, each with what differs. */
export function nearestOf(denied: Denied): readonly NearMiss[] {
  const blocked = denied.deniers.filter(({ effect }) => effect === 'deny').map(blocking);
  const candidates = [...denied.state.policies.values()]
    .flatMap(({ rules }) => rules)
    .filter((rule) => rule.direction === denied.direction && !rule.isDeny)
    .flatMap((rule) => {
      const differs = differencesOf(rule, denied);
      return differs ? [{ rule, differs, weight: weightOf(differs) }] : [];
    });
  return candidates
    .toSorted((one, other) => one.weight - other.weight)
    .slice(0, most)
    .map(({ rule, differs }) => nearMiss(rule, [...blocked, ...differs]));
}

function nearMiss({ policy, rule, direction }: CompiledRule, differs: readonly Difference[]): NearMiss {
  return { policy: policy.ref, direction, rule: rule.name, path: rule.path, differs };
}

function blocking({ policy, rule, path }: Decider): Difference {
  return { what: 'denied', path, message: `${rule} of ${policy} denies it`, expected: policy };
}

/** Undefined for rules that can have nothing to do with the subject. */
function differencesOf(rule: CompiledRule, { state, subject, peer, key, direction }: Denied): Difference[] | undefined {
  const { universe } = state;
  const isHost = subject.labels.get('host')?.source === 'reserved';
  if ((rule.rule.subjectIs === 'node') !== isHost) return undefined;
  const namespace = subject.labels.get(namespaceKey)?.value ?? '';
  if (rule.policy.namespace !== '' && rule.policy.namespace !== namespace) return undefined;
  const path = rule.rule.path.replace(/\.(ingress|egress).*$/, '.endpointSelector');
  const ofSubject = labelDifferences(universe.conditionAt(rule.subject), subject, path).map((each): Difference =>
    each.what === 'disabled' ? each : { ...each, what: 'subject-label', message: `of the subject, ${each.message}` },
  );
  if (ofSubject.length > 2) return undefined;
  const holder = direction === 'ingress' ? subject : peer;
  return [...ofSubject, ...peerDifferences(rule, peer, universe), ...portDifferences(rule, key, holder)];
}
