import type { Engine } from '../evaluate/engine.ts';
import type { Explanation, SideExplanation } from '../model/explanation.ts';
import type { Fix, FixResult } from '../model/fix.ts';
import type { Direction, PolicyRef } from '../model/policy.ts';
import { parseProtocol } from '../model/protocol.ts';
import type { Flow } from '../model/world.ts';
import type { Manifest } from '../source/manifest.ts';
import { learnsNames } from '../validate/learns-names.ts';
import { candidatesOf, proxyCandidates, ruleFor } from './candidates.ts';
import type { Denial } from './candidates.ts';
import type { Draft } from './draft.ts';
import { reachOf } from './reach.ts';

export interface FixInput {
  /** Its world has both ends by id, and all others that a change could open something for. */
  readonly engine: Engine;
  readonly flow: Flow & { readonly from: string; readonly to: string };
  /** The policies as they stand, each the only object of its text. */
  readonly manifests: ReadonlyMap<PolicyRef, Manifest>;
}

/**
 * The change that lets a denied connection through and opens the fewest other pairs; of equal ones the easiest to read.
 * Every step was tried on the engine: it opens its side, and denies nothing that was not denied before.
 */
export function smallestFix({ engine, flow, manifests }: FixInput): FixResult {
  let stage = { engine, manifests };
  const steps: Fix[] = [];
  for (const direction of ['egress', 'ingress'] as const) {
    const explanation = stage.engine.explain(flow);
    if (explanation.sides[direction].verdict !== 'denied') continue;
    const denial = denialOf(explanation, direction, { ...stage, flow });
    if (typeof denial === 'string') return { ok: false, reason: denial };
    const best = smallest(denial, stage.engine);
    if (typeof best === 'string') return { ok: false, reason: best };
    const { draft, opens } = best;
    steps.push(fixOf(draft, opens));
    stage = {
      engine: stage.engine.update({ policies: { put: [draft.policy] } }),
      manifests: new Map([...stage.manifests, [draft.policy.ref, draft.manifest]]),
    };
  }
  return steps.length > 0 ? { ok: true, steps } : { ok: false, reason: 'It is not denied.' };
}

function fixOf({ direction, policy, isNew, path, manifest, words, adds }: Draft, opens: number): Fix {
  return { direction, policy: policy.ref, isNew, path, text: manifest.text, words, adds, opens };
}

function denialOf(
  explanation: Explanation,
  direction: Direction,
  { engine, flow, manifests }: FixInput,
): Denial | string {
  const side = explanation.sides[direction];
  if (side.reason === 'deny') return denyWords(side);
  const ends = [flow.from, flow.to].map((id) => engine.state.slots.get(id)?.endpoint);
  const [subject, peer] = direction === 'egress' ? ends : ends.toReversed();
  const protocol = parseProtocol(flow.protocol ?? 'TCP');
  if (!subject || !peer || !protocol || typeof flow.port !== 'number') return 'Its ends or its port are not known.';
  if (subject.namespace === undefined)
    return 'It is a node that denies it: a policy of the host firewall is written by hand.';
  return {
    side,
    nearest: explanation.nearest,
    subject,
    peer,
    protocol,
    port: flow.port,
    flow,
    cluster: engine.state.cluster,
    manifests,
    learnsNames: side.policies.some((ref) => {
      const manifest = manifests.get(ref);
      return manifest !== undefined && learnsNames(manifest);
    }),
  };
}

function denyWords({ decidedBy }: SideExplanation): string {
  const rules = decidedBy.filter(({ effect }) => effect === 'deny').map(({ policy, rule }) => `${rule} of ${policy}`);
  return `A deny rule forbids it, and no rule that allows can overrule one: ${rules.slice(0, 3).join(', ')} would have to change or go.`;
}

function smallest(denial: Denial, engine: Engine): { readonly draft: Draft; readonly opens: number } | string {
  const isProxy = denial.side.reason === 'l7';
  const drafts = isProxy ? proxyCandidates(denial) : candidatesOf(denial);
  let best: { readonly draft: Draft; readonly opens: number } | undefined;
  for (const draft of drafts) {
    if (!opensSide(draft, denial, engine)) continue;
    const { opens, isolates } = reachOf(draft, engine, { port: denial.port, protocol: denial.protocol });
    if (!isolates && (best === undefined || opens < best.opens)) best = { draft, opens };
    // No other opens fewer, and those that come later are harder to read.
    if (best !== undefined && best.opens <= 1) break;
  }
  return best ?? impossible(denial, isProxy);
}

function opensSide({ policy }: Draft, { flow, side }: Denial, engine: Engine): boolean {
  return engine.update({ policies: { put: [policy] } }).verdict(flow)[side.direction] === 'allowed';
}

function impossible(denial: Denial, isProxy: boolean): string {
  if (isProxy)
    return 'The proxy refuses this request, and its rules cannot be extended by it alone: change them by hand.';
  const rule = ruleFor({ ...denial, kind: 'CiliumNetworkPolicy', namespace: denial.subject.namespace ?? '' });
  return typeof rule === 'string' ? rule : 'No single change of these policies lets just this through.';
}
