import type { FixStep, FlowWhy, WhySide } from '@bartizan/api';
import { dropReasonWords } from '@bartizan/flow';
import type { FlowRecord } from '@bartizan/flow';
import { smallestFix } from '@bartizan/policy';
import type { Difference, Engine, Explanation, L7Explanation, SideExplanation } from '@bartizan/policy';
import { policyKinds } from '../policies/catalogue.ts';
import { agreementOf, attributionOf } from './agreement.ts';
import { doubtsOf } from './doubts.ts';
import type { AskedConnection } from './ends-of.ts';
import type { PoliciesThen, PolicySet } from './policies-then.ts';
import type { WhyMemory } from './why-memory.ts';

interface Known {
  readonly asked: AskedConnection | string;
  readonly policies: PoliciesThen;
  readonly memory: Pick<WhyMemory, 'engine'>;
}

/** Why a flow was let through or dropped, by our own engine, beside what Hubble said of it. */
export function whyOf(flow: FlowRecord, { asked, policies, memory }: Known): FlowWhy {
  const base: Pick<
    FlowWhy,
    'flow' | 'reported' | 'attribution' | 'doubts' | 'policiesAsOf' | 'recordedSince' | 'changedSince'
  > = {
    flow,
    reported: reportedOf(flow),
    attribution: 'none',
    doubts: [],
    policiesAsOf: policies.withoutHistory.length > 0 ? 'now' : 'then',
    recordedSince: policies.recordedSince,
    changedSince: [...policies.changedSince],
  };
  const notPolicy = notPolicyReason(flow);
  const unjudged = (reason: string): FlowWhy => ({
    ...base,
    verdict: notPolicy === undefined ? 'unknown' : 'not-policy',
    reason: notPolicy ?? reason,
    egress: 'none',
    ingress: 'none',
    decidedBy: [],
    agrees: null,
  });
  if (typeof asked === 'string') return unjudged(asked);
  const [unread] = policies.unread;
  if (unread && policies.unread.length === policyKinds.length)
    return unjudged(`No policy could be read: ${unread.reason}`);
  const { inventory, cluster, from, to } = asked;
  const then = memory.engine({ policies: policies.then.policies, inventory, cluster });
  const explanation = then.with([from, to]).explain(asked.flow);
  if (explanation.verdict === 'error')
    return unjudged(explanation.error ?? 'What the proxy would do with it cannot be told from what was recorded.');
  const walked = {
    ...base,
    ...explained(explanation),
    attribution: attributionOf(flow, explanation.decidedBy),
  };
  if (notPolicy !== undefined) return { ...walked, verdict: 'not-policy', reason: notPolicy, agrees: null };
  const agrees = agreementOf(flow, explanation);
  const hidden = agrees === false ? hiddenName(explanation, asked) : undefined;
  const doubts = doubtsOf({ flow, asked, policies, agrees });
  if (hidden !== undefined) return { ...walked, verdict: 'unknown', reason: hidden, agrees: null, doubts };
  return {
    ...walked,
    verdict: explanation.verdict,
    agrees,
    doubts,
    ...(explanation.verdict === 'denied' ? remedy(asked, policies, memory) : {}),
  };
}

/** Why no policy is to blame for a drop; undefined where one may be. */
function notPolicyReason({ verdict, type, dropReason }: FlowRecord): string | undefined {
  if (verdict !== 'DROPPED' || type === 'L7' || dropReason === null) return undefined;
  const words = dropReasonWords(dropReason);
  if (words === undefined)
    return `Cilium gives ${dropReason} as the reason, which this console does not know: no rule of a policy is known to cause it.`;
  return words.by === 'policy' ? undefined : words.means;
}

function reportedOf({ verdict, direction, dropReason, allowedBy, deniedBy }: FlowRecord): FlowWhy['reported'] {
  const names = (all: FlowRecord['allowedBy']): string[] =>
    all.map(({ kind, namespace, name }) =>
      [kind, namespace, name].filter((part) => part !== null && part !== '').join('/'),
    );
  const words = dropReason === null ? undefined : dropReasonWords(dropReason);
  const { title = dropReason ?? '', means = '', look = '' } = words ?? {};
  return {
    verdict,
    direction,
    ...(dropReason === null ? {} : { dropReason: { name: dropReason, title, means, look } }),
    allowedBy: names(allowedBy),
    deniedBy: names(deniedBy),
  };
}

function explained({
  egress,
  ingress,
  sides,
  decidedBy,
  nearest,
}: Explanation): Pick<FlowWhy, 'egress' | 'ingress' | 'because' | 'decidedBy' | 'sides' | 'nearest'> {
  const [near] = nearest;
  return {
    egress,
    ingress,
    because: { egress: sides.egress.reason, ingress: sides.ingress.reason },
    decidedBy: decidedBy.map(({ policy, direction, rule, effect, path }) => ({
      policy,
      direction,
      rule,
      effect,
      path,
    })),
    sides: { egress: sideOf(sides.egress), ingress: sideOf(sides.ingress) },
    ...(near ? { nearest: { ...near, differs: differencesOf(near.differs) } } : {}),
  };
}

const mostRules = 40;
const order = { denies: 0, allows: 1, nothing: 2, isolates: 4 } as const;

function sideOf({ direction, verdict, reason, policies, walk, l7, authentication }: SideExplanation): WhySide {
  const lacks = (rule: (typeof walk)[number]): number => rule.peerDiffers.length + rule.portDiffers.length;
  const rank = ({ says, effect }: (typeof walk)[number]): number =>
    says === 'nothing' && effect === 'deny' ? 3 : order[says];
  const rules = walk.toSorted((one, other) => rank(one) - rank(other) || lacks(one) - lacks(other));
  return {
    verdict,
    reason,
    policies: [...policies],
    rules: rules.slice(0, mostRules).map(({ peerDiffers, portDiffers, ...rule }) => ({
      ...rule,
      direction,
      peerDiffers: differencesOf(peerDiffers),
      portDiffers: differencesOf(portDiffers),
    })),
    more: Math.max(0, rules.length - mostRules),
    ...(l7 ? { proxy: { scope: l7.scope, allows: proxyWords(l7) } } : {}),
    authentication: [...authentication],
  };
}

function proxyWords({ rules }: L7Explanation): string[] {
  const words = rules.flatMap(({ http, dns, serverNames, listener }) => [
    ...http.map(({ method = '', path = '', host = '', headers }) =>
      [method || 'any method', path || 'any path', host && `host ${host}`, ...headers].filter(Boolean).join(' '),
    ),
    ...dns.map(({ matchName, matchPattern }) => `names like ${matchName ?? matchPattern ?? ''}`),
    ...serverNames.map((name) => `TLS for ${name}`),
    ...(listener === undefined ? [] : [`what the listener ${listener} lets pass`]),
  ]);
  return [...new Set(words)].slice(0, mostRules);
}

function differencesOf(all: readonly Difference[]): WhySide['rules'][number]['peerDiffers'] {
  return all.map(({ what, path, message, expected, actual }) => ({
    what,
    path,
    message,
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
  }));
}

/** A rule for a DNS name that may have matched: Cilium let it through, and no name of the address was recorded. */
function hiddenName({ sides }: Explanation, { to }: AskedConnection): string | undefined {
  if (to.cidr === undefined || (to.names ?? []).length > 0 || sides.egress.reason !== 'default-deny') return undefined;
  const rule = sides.egress.walk.find(
    ({ peerDiffers, portDiffers }) => portDiffers.length === 0 && peerDiffers.some(({ what }) => what === 'name'),
  );
  if (!rule) return undefined;
  const names = rule.peerDiffers.flatMap(({ expected }) => expected ?? []).join(', ');
  return `Hubble recorded no DNS name for ${to.cidr}. Cilium let it through, so it will have been known by a name that ${rule.rule} of ${rule.policy} allows (${names}); that cannot be told from here.`;
}

/** What to change, judged by the policies as they are now. */
function remedy(
  { inventory, cluster, from, to, flow }: AskedConnection,
  { now }: PoliciesThen,
  memory: Pick<WhyMemory, 'engine'>,
): Remedy {
  const kept = memory.engine({ policies: now.policies, inventory, cluster });
  return kept.once(JSON.stringify([from, to, flow]), () => remedyOf(kept.with([from, to]), flow, now));
}

type Remedy = Pick<FlowWhy, 'now' | 'fix' | 'noFix'>;

function remedyOf(engine: Engine, flow: AskedConnection['flow'], now: PolicySet): Remedy {
  const { verdict } = engine.verdict(flow);
  if (verdict === 'error') return { now: 'unknown' };
  if (verdict === 'allowed') return { now: 'allowed', noFix: 'The policies as they are now let it through.' };
  const fix = smallestFix({ engine, flow, manifests: now.manifests });
  if (!fix.ok) return { now: 'denied', noFix: fix.reason };
  const steps = fix.steps.map(({ direction, policy, isNew, path, words, opens, text }) => ({
    direction,
    policy,
    isNew,
    path,
    words,
    opens,
    before: now.manifests.get(policy)?.text ?? null,
    manifest: text,
  }));
  return { now: 'denied', fix: { words: steps.map(({ words }) => words).join(' '), steps: onePerPolicy(steps) } };
}

/** Two steps that change one policy are one draft of it: the later one has both. */
function onePerPolicy([first, second, ...rest]: readonly FixStep[]): FixStep[] {
  if (!first || !second || first.policy !== second.policy) return [first ?? [], second ?? [], rest].flat();
  return [{ ...second, words: `${first.words} ${second.words}`, opens: first.opens + second.opens }];
}
