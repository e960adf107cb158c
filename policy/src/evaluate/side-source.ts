import { namespaceKey } from '../model/selector.ts';
import { hasBit, membersOf } from './bitset.ts';
import type { CompiledRule } from './compiled-policy.ts';
import { findConflict } from './conflicts.ts';
import type { Direction, EngineState, Offsets } from './engine-state.ts';
import type { Identity } from './labels.ts';
import { createSide } from './side.ts';
import type { Side, SideInput } from './side.ts';
import type { Universe } from './universe.ts';

/** One direction of a subject, made when first asked for and again when the universe has grown past it. */
export interface SideSource {
  /** Where the tables have it; a sentence where Cilium would decide by chance. */
  offsetOf(subject: Identity, direction: Direction, peer: number): number | string;
  /** With all its matches, for those who ask why. */
  sideOf(subject: Identity, direction: Direction): Side | string;
}

export function sideSource(state: EngineState): SideSource {
  const { universe, options, tables, offsets } = state;
  const all = [...state.policies.values()].flatMap(({ rules }) => rules);
  const rules = {
    ingress: rulesBySubject(
      all.filter(({ direction }) => direction === 'ingress'),
      universe,
    ),
    egress: rulesBySubject(
      all.filter(({ direction }) => direction === 'egress'),
      universe,
    ),
  };
  const hasSpecialRules = all.some(({ isSpecial }) => isSpecial);
  const undecidable = [...state.policies.values()].filter(({ policy }) => policy.undecidable !== undefined);
  const hosts = universe.conditionOf({
    type: 'labels',
    requirements: [{ source: 'reserved', key: 'host', operator: 'In', values: [''] }],
  });

  const rulesFor = (subject: Identity, direction: Direction): readonly CompiledRule[] => {
    if (options.enablePolicy === 'never') return [];
    const isHost = isLocalHost(subject);
    return rules[direction].of(subject.place).filter(({ rule }) => (rule.subjectIs === 'node') === isHost);
  };

  const findError = (subject: Identity, selecting: readonly CompiledRule[], other: Direction): string | undefined => {
    const namespace = subject.labels.get(namespaceKey)?.value;
    const chance = undecidable.find(({ policy }) => policy.namespace === '' || policy.namespace === namespace);
    if (chance) return `${chance.policy.ref}: ${chance.policy.undecidable}`;
    // Cilium resolves both directions together: what one cannot merge leaves the other without an answer too.
    return hasSpecialRules ? (findConflict(selecting) ?? findConflict(rulesFor(subject, other))) : undefined;
  };

  const inputOf = (subject: Identity, direction: Direction): SideInput | string => {
    const selecting = rulesFor(subject, direction);
    const error = findError(subject, selecting, direction === 'ingress' ? 'egress' : 'ingress');
    if (error !== undefined) return error;
    const isAlways = options.enablePolicy === 'always' || subject.labels.has('init');
    const isOff = options.enablePolicy === 'never';
    const isDefaultDeny = !isOff && (isAlways || selecting.some(({ rule }) => rule.defaultDeny));
    const exempt = isHostExempt(subject, direction, selecting) ? universe.matching(hosts) : undefined;
    return { universe, subject, rules: selecting, isDefaultDeny, exempt };
  };

  /** Cilium lets the node reach its pods; Kubernetes' documentation lets pods reach their node as well. */
  const isHostExempt = (subject: Identity, direction: Direction, selecting: readonly CompiledRule[]): boolean => {
    if (selecting.length === 0 || isLocalHost(subject)) return false;
    const isKubernetes =
      options.as === 'kubernetes' && selecting.every(({ policy }) => policy.kind === 'NetworkPolicy');
    return isKubernetes || (direction === 'ingress' && !options.noAllowLocalhost);
  };

  const offsetOf = (subject: Identity, direction: Direction, peer: number): number | string => {
    if (offsets.generation !== tables.generation) startAnew(offsets, tables.generation);
    const held = direction === 'egress' ? offsets.egress : offsets.ingress;
    const known = held[subject.place] ?? 0;
    if (known !== 0 && tables.knows(known, peer)) return known;
    const input = inputOf(subject, direction);
    if (typeof input === 'string') return input;
    const key = keyOf(input);
    const offset = tables.find(key) ?? tables.add(createSide(input), key);
    if (offsets.generation !== tables.generation) startAnew(offsets, tables.generation);
    if (subject.place >= offsets[direction].length) {
      const larger = new Int32Array(2 * subject.place + 64);
      larger.set(offsets[direction]);
      offsets[direction] = larger;
    }
    offsets[direction][subject.place] = offset;
    return offset;
  };

  return {
    offsetOf,
    sideOf(subject, direction) {
      const input = inputOf(subject, direction);
      return typeof input === 'string' ? input : createSide(input);
    },
  };
}

/** Subjects that the same rules select decide alike, except where a rule names ports of the subject. */
function keyOf({ universe, subject, rules, isDefaultDeny, exempt }: SideInput): string {
  const ports = rules.some(({ hasSubjectPorts }) => hasSubjectPorts) ? JSON.stringify([...subject.ports]) : '';
  const ids = rules.map(({ id }) => id).join();
  return `${universe.identities.length} ${isDefaultDeny} ${exempt !== undefined} ${ids} ${ports}`;
}

function startAnew(offsets: Offsets, generation: number): void {
  offsets.ingress.fill(0);
  offsets.egress.fill(0);
  offsets.generation = generation;
}

function isLocalHost({ labels }: Identity): boolean {
  return labels.get('host')?.source === 'reserved';
}

/** Rules by whom they select. A few askings are answered one by one; then it pays to turn the table round. */
function rulesBySubject(
  rules: readonly CompiledRule[],
  universe: Universe,
): { of(place: number): readonly CompiledRule[] } {
  const few = 16;
  let asked = 0;
  let count = 0;
  let bySubject: CompiledRule[][] = [];
  return {
    of(place) {
      asked += 1;
      if (asked <= few) return rules.filter(({ subject }) => hasBit(universe.matchingExactly(subject), place));
      if (place >= count) {
        count = universe.identities.length;
        bySubject = Array.from({ length: count }, () => []);
        for (const rule of rules) {
          for (const selected of membersOf(universe.matchingExactly(rule.subject))) bySubject[selected]?.push(rule);
        }
      }
      return bySubject[place] ?? [];
    },
  };
}
