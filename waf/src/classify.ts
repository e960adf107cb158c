import type { AccessLine } from './access/access-line.ts';
import type { BriefRecord } from './audit/audit-record.ts';
import { denyingRules, evaluationRules } from './rules/catalogue.ts';
import { isCoreRule, isEvaluation } from './rules/rule-kind.ts';
import type { ClassReason, TransactionClass } from './transaction.ts';

export interface Judgement {
  readonly class: TransactionClass;
  readonly reason: ClassReason;
}

const clean: Judgement = { class: 'clean', reason: 'none' };

/** What became of a request, and how we know. `access` is the line that the record was joined with. */
export function classify(record: BriefRecord | null, access: AccessLine | null): Judgement {
  if (!record) return clean;
  if (record.stopped === true) return { class: 'blocked', reason: 'log' };
  const reason = attackEvidence(record);
  if (reason) return { class: wasStopped(record) ? 'blocked' : 'detected', reason };
  if (record.messages.length === 0) return clean;
  return isInferredDenial(record, access)
    ? { class: 'blocked', reason: 'inferred' }
    : { class: 'matched', reason: 'none' };
}

/** With the engine on, an attack is stopped, unless the log itself says that it was not. */
function wasStopped(record: BriefRecord): boolean {
  return record.engine === 'on' && record.stopped !== false;
}

function attackEvidence(record: BriefRecord): 'evaluation' | 'severity' | null {
  if (record.messages.some(({ id }) => evaluationRules.has(id) || denyingRules.has(id))) return 'evaluation';
  if (hasAnomalyScoring(record)) return null;
  return record.messages.some(({ severity }) => severity === 1 || severity === 2) ? 'severity' : null;
}

/** The Core Rule Set is in force: named by the engine, or by a rule of it that matched. */
function hasAnomalyScoring(record: BriefRecord): boolean {
  return record.components.some((component) => component.includes('OWASP_CRS')) || record.messages.some(namesCoreRules);
}

function namesCoreRules({ tags, version }: { tags: readonly string[]; version: string }): boolean {
  return version.startsWith('OWASP_CRS') || tags.some((tag) => tag.startsWith('OWASP_CRS'));
}

/** ModSecurity v3's JSON does not tell a site's own denying rule from one that only logs. */
function isInferredDenial(record: BriefRecord, access: AccessLine | null): boolean {
  if (record.dialect !== 'modsecurity-json' || record.engine !== 'on' || !access) return false;
  const refused = access.status !== null && access.status >= 400 && access.answeredBy === 'proxy';
  return refused && record.messages.some((message) => !isEvaluation(message.id) && !isCoreRule(message));
}
