import type { Rule } from './model.ts';

/** The four lists of a policy; a NetworkPolicy has the first and the third. */
export const sections = [
  { key: 'ingress', direction: 'ingress', action: 'allow' },
  { key: 'ingressDeny', direction: 'ingress', action: 'deny' },
  { key: 'egress', direction: 'egress', action: 'allow' },
  { key: 'egressDeny', direction: 'egress', action: 'deny' },
] as const;

export type Section = (typeof sections)[number];

export function sectionOf(rule: Pick<Rule, 'direction' | 'action'>): Section['key'] {
  if (rule.direction === 'ingress') return rule.action === 'allow' ? 'ingress' : 'ingressDeny';
  return rule.action === 'allow' ? 'egress' : 'egressDeny';
}

/** The rules with those of each section together, sections in the order of their first rule. */
export function groupBySection(rules: readonly Rule[]): readonly Rule[] {
  const keys = [...new Set(rules.map(sectionOf))];
  return keys.flatMap((key) => rules.filter((rule) => sectionOf(rule) === key));
}
