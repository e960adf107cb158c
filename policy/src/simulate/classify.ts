import type { Outcome } from './observed.ts';

/** What our engine says of a connection; `doubt`: denied, unless a DNS name that was not recorded lets it through. */
export type Judgement = 'allowed' | 'denied' | 'doubt' | 'unknown';

export const categories = ['newlyDenied', 'newlyAllowed', 'unchanged', 'unknown', 'audited', 'disagrees'] as const;
export type Category = (typeof categories)[number];

/**
 * What an edit means for connections that were recorded. Without `before` the reported verdict is what was.
 * A verdict AUDIT says: denied, but let through because enforcement is off.
 */
export function classify(reported: Outcome, after: Judgement, before?: Judgement): Category {
  if (after === 'unknown' || before === 'unknown') return 'unknown';
  if (before !== undefined) return classifyByPolicies(reported, after, before);
  switch (reported) {
    case 'forwarded':
      if (after === 'doubt') return 'unknown';
      return after === 'allowed' ? 'unchanged' : 'newlyDenied';
    case 'dropped':
      return after === 'allowed' ? 'newlyAllowed' : 'unchanged';
    case 'audit':
      return after === 'allowed' ? 'newlyAllowed' : 'audited';
    case 'unknown':
      return 'unknown';
  }
}

function classifyByPolicies(reported: Outcome, after: Judgement, before: Judgement): Category {
  const was = before === 'allowed';
  const is = after === 'allowed';
  if (reported === 'forwarded' && !was) return before === 'doubt' ? 'unknown' : 'disagrees';
  if ((reported === 'dropped' || reported === 'audit') && was) return 'disagrees';
  if (was && !is) return after === 'doubt' ? 'unknown' : 'newlyDenied';
  if (!was && is) return 'newlyAllowed';
  return reported === 'audit' ? 'audited' : 'unchanged';
}
