import { ruleFamilies, tagCategories, unknownCategory } from './catalogue.ts';
import type { RuleFamily } from './catalogue.ts';
import { coreRule, coreRuleVersion } from './crs-rule.ts';

/** The family of a rule by its id; null where its id lies in none. */
export function familyOf(id: string): RuleFamily | null {
  const number = id.length < 10 ? Number(id) : 0;
  return ruleFamilies.find(({ from, to }) => number >= from && number <= to) ?? null;
}

/** Evaluation (949, 959) and reporting (980) rules, and the counters behind them: part of the sum, never a top rule. */
export function isEvaluation(id: string): boolean {
  if (id.length !== 6 || !id.startsWith('9')) return false;
  const family = id.slice(0, 3);
  return family === '949' || family === '959' || family === '980' || isCounter(id.slice(3));
}

/** 011 to 018, which stand for paranoia levels. */
function isCounter(tail: string): boolean {
  return tail >= '011' && tail <= '018';
}

/** A rule of the Core Rule Set, by its id, a tag or its version. */
export function isCoreRule(rule: {
  readonly id: string;
  readonly tags: readonly string[];
  readonly version: string;
}): boolean {
  return (
    (rule.id.length === 6 && rule.id.startsWith('9')) ||
    rule.version.startsWith('OWASP_CRS') ||
    rule.tags.some((tag) => tag === 'OWASP_CRS' || tag.startsWith('OWASP_CRS/'))
  );
}

/** One category for each rule: its family's where a tag agrees or none is there, else that of its tag. */
export function categoryOf(rule: { readonly id: string; readonly tags: readonly string[] }): string {
  const family = familyOf(rule.id);
  const attacks = rule.tags.filter((tag) => tag.startsWith('attack-'));
  if (family && (attacks.length === 0 || attacks.some((tag) => family.tags.includes(tag)))) return family.category;
  const tagged = attacks.map((tag) => tagCategories[tag]).find((category) => category !== undefined);
  return tagged ?? family?.category ?? unknownCategory;
}

/** The paranoia level from the rule's tag, else from the catalogue: some rules are logged without tags. */
export function paranoiaOf(rule: {
  readonly id: string;
  readonly tags: readonly string[];
  readonly version: string;
}): number | null {
  const tag = rule.tags.find((text) => text.startsWith('paranoia-level/'));
  const level = Number(tag?.slice('paranoia-level/'.length));
  if (level >= 1 && level <= 4) return level;
  return isCoreRule(rule) ? (coreRule(rule.id, coreRuleVersion(rule.version))?.paranoia ?? null) : null;
}

/** What a rule looks for: its own sentence, else its family's; null where neither is known. */
export function aboutRule(id: string, version: string): string | null {
  return coreRule(id, coreRuleVersion(version))?.about ?? familyOf(id)?.about ?? null;
}
