import type { JsonObject } from '../../source/json.ts';
import { isSet, itemsOf, objectAt, objectsOf } from '../access.ts';
import type { Findings } from '../findings.ts';
import { warnIpBlocks } from './warn-cidrs.ts';
import { warnSelector } from './warn-selectors.ts';

/** What the API server accepts in a NetworkPolicy although it does what few expect. */
export function warnNetworkPolicy(stored: JsonObject, findings: Findings): void {
  const spec = objectAt(stored, 'spec') ?? {};
  if (!isSet(spec['podSelector'])) {
    const message =
      'Without `podSelector` the policy selects every pod of its namespace: write `podSelector: {}` if that is meant';
    findings.warn('selects-everything', ['spec'], message);
  }
  const types = itemsOf(spec, 'policyTypes');
  for (const [way, peers, type] of [
    ['ingress', 'from', 'Ingress'],
    ['egress', 'to', 'Egress'],
  ] as const) {
    const rules = objectsOf(spec, way);
    if (rules.length > 0 && types.length > 0 && !types.includes(type)) {
      const message = `\`policyTypes\` leaves ${type} out: Kubernetes ignores this section, but Cilium counts it. Add ${type}, or remove the section`;
      findings.warn('section-not-in-types', ['spec', way], message);
    }
    for (const [index, rule] of rules) {
      const path = ['spec', way, index];
      warnIpBlocks(itemsOf(rule, peers), [...path, peers], findings);
      for (const [at, peer] of objectsOf(rule, peers)) {
        for (const field of ['podSelector', 'namespaceSelector']) {
          const selector = objectAt(peer, field);
          if (selector !== undefined) warnSelector(selector, [...path, peers, at, field], findings);
        }
      }
    }
  }
  const subject = objectAt(spec, 'podSelector');
  if (subject !== undefined) warnSelector(subject, ['spec', 'podSelector'], findings);
}
