import type { FlowWhy, WhySide } from '@bartizan/api';
import { plural } from '../../format/number.ts';
import type { Tone } from '../../ui/Icon.tsx';
import type { IconName } from '../../ui/icon-shapes.tsx';

type Rule = WhySide['rules'][number];
export type Direction = 'egress' | 'ingress';

export interface Heading {
  readonly icon: IconName;
  readonly tone: Tone;
  readonly verdict: string;
  readonly because: string;
}

const verdicts = {
  allowed: { icon: 'ok', tone: 'fine', verdict: 'allowed' },
  denied: { icon: 'danger', tone: 'danger', verdict: 'denied' },
  none: { icon: 'dashed', tone: 'quiet', verdict: 'not judged' },
  error: { icon: 'info', tone: 'notice', verdict: 'not known' },
} as const;

/** What one end's policies say, as a heading: `allowed`, and why in a sentence. */
export function sideHeading(side: WhySide, direction: Direction): Heading {
  return { ...verdicts[side.verdict], because: becauseWords(side, direction) };
}

function becauseWords({ reason, policies, rules, more }: WhySide, direction: Direction): string {
  const way = direction === 'egress' ? 'outbound' : 'inbound';
  const isolating = `${plural(policies.length, 'policy isolates', 'policies isolate')} it ${way}`;
  const allowing = rules.filter(({ effect, says }) => effect === 'allow' && says !== 'isolates').length + more;
  switch (reason) {
    case 'not-enforced':
      return 'No policy is enforced at this end.';
    case 'no-policy':
      return `No policy selects it ${way}, so everything passes.`;
    case 'no-default-deny':
      return `${plural(policies.length, 'policy selects', 'policies select')} it ${way}, none denies by default, and none of them denies this.`;
    case 'local-host':
      return 'A node may always reach its own pods.';
    case 'allow':
      return `${isolating}, and a rule allows this.`;
    case 'deny':
      return `A deny rule matches it, and a deny rule wins over every other.`;
    case 'default-deny':
      return allowing === 0
        ? `${isolating}, and none has a rule that allows anything.`
        : `${isolating}, and ${allowing === 1 ? 'its rule does not allow' : `none of ${allowing} rules allows`} this.`;
    case 'l7':
      return 'The connection passes to the proxy, which refuses this request.';
    case 'undecidable':
      return 'Cilium itself would decide this by chance.';
    default:
      return '';
  }
}

/** What a rule wants instead of what the connection has, in short; empty where it holds. */
export function wantedWords(differs: Rule['peerDiffers']): string {
  return differs.map(({ what, expected, message }) => expected ?? shortNames[what] ?? message).join(', ');
}

const shortNames: Readonly<Record<string, string>> = {
  'kind-of-peer': 'pods',
  'no-peer': 'nobody',
  'no-port': 'no port',
};

/** `Kind/namespace/name` → its name, and the whole for hover. */
export function policyOf(ref: string): { readonly kind: string; readonly namespace: string; readonly name: string } {
  const [kind = '', second = '', third] = ref.split('/');
  return third === undefined ? { kind, namespace: '', name: second } : { kind, namespace: second, name: third };
}

/** What Hubble reported, in a sentence that ends before what it means for us. */
export function reportedWords({ reported }: FlowWhy): string {
  const { verdict, direction, dropReason, allowedBy, deniedBy } = reported;
  const way = direction === 'unknown' ? '' : direction === 'ingress' ? ', inbound' : ', outbound';
  const names = [...deniedBy, ...allowedBy].map((ref) => policyOf(ref).name);
  const named = names.length === 0 ? 'names no policy' : `names ${[...new Set(names)].join(', ')}`;
  return `Hubble reported ${dropReason?.name ?? verdict}${way}, and ${named}.`;
}

/** How that goes with our own answer; null where there is nothing to compare. */
export function agreementWords({ agrees, attribution, reported, verdict }: FlowWhy): string | null {
  if (agrees === null) return null;
  if (!agrees)
    return `Our walk does not agree: by the policies that are known here it is ${verdict === 'allowed' ? 'allowed' : 'denied'}.`;
  const audit =
    reported.verdict === 'AUDIT'
      ? ' In audit mode it was let through all the same; enforced, it would be dropped.'
      : '';
  const policies = {
    same: ' It names the policies that we find.',
    contained: ' It names some of the policies that we find: Cilium often names one of several.',
    different: ' But it names other policies than we find.',
    none: reported.verdict === 'DROPPED' ? ' Cilium names none for what no rule allows.' : '',
  }[attribution];
  return `Our walk agrees with the verdict.${policies}${audit}`;
}

/** What stands in the head of the drawer. */
export function flowTitle({ flow, reported }: Pick<FlowWhy, 'flow' | 'reported'>): string {
  const way =
    reported.direction === 'ingress' ? ' on the way in' : reported.direction === 'egress' ? ' on the way out' : '';
  const verdict =
    flow.verdict === 'AUDIT' ? 'Would be dropped' : flow.verdict.charAt(0) + flow.verdict.slice(1).toLowerCase();
  return `${verdict}${way}`;
}
