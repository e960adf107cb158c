export type { AccessLine } from './access/access-line.ts';
export { compileAccessPattern } from './access/access-pattern.ts';
export type { AccessPattern, PatternResult } from './access/access-pattern.ts';
export { createAccessReader } from './access/read-access.ts';
export type { AccessFormat, AccessReader } from './access/read-access.ts';
export type { AuditDialect, AuditRecord, BriefRecord, HttpPart, RuleMessage } from './audit/audit-record.ts';
export { createIntake } from './audit/intake.ts';
export type { Intake } from './audit/intake.ts';
export { readBoundary } from './audit/modsecurity-native.ts';
export { readAudit } from './audit/read-audit.ts';
export type { AuditReading } from './audit/read-audit.ts';
export { pathOf } from './bytes.ts';
export { classify } from './classify.ts';
export type { Judgement } from './classify.ts';
export { detailOf } from './detail.ts';
export type { Reading, ReadingContext } from './reading.ts';
export { recognise } from './recognise.ts';
export type { LogFormat } from './recognise.ts';
export { coreRule, coreRuleVersion } from './rules/crs-rule.ts';
export type { CoreRule, CoreRuleVersion } from './rules/crs-rule.ts';
export { ruleFamilies } from './rules/catalogue.ts';
export type { RuleFamily } from './rules/catalogue.ts';
export { categoryOf, familyOf, isEvaluation } from './rules/rule-kind.ts';
export { summarise } from './summarise.ts';
export type { TransactionSummary } from './summarise.ts';
export { createObservedZone } from './observed-zone.ts';
export type { ObservedZone } from './observed-zone.ts';
export { fixedOffset, readTimeZone, utc } from './time.ts';
export type { TimeZone } from './time.ts';
export {
  ClassReason,
  EngineMode,
  RuleMatch,
  TransactionClass,
  TransactionDetail,
  TransactionRow,
} from './transaction.ts';
export { fitOf, joinKey } from './join/match.ts';
export { createJoiner } from './join/joiner.ts';
export type { Joined, Joiner, Progress } from './join/joiner.ts';
export { redact } from './redact/redact.ts';
export { createRecordSplitter } from './record-splitter.ts';
export type { RecordSplitter, SplitRecord } from './record-splitter.ts';
export { sharedSpan } from './overlap.ts';
export type { Span } from './overlap.ts';
export { judgedOf } from './tuning/judged.ts';
export type { JudgedTransaction } from './tuning/judged.ts';
export type { ClientTotals } from './tuning/evidence.ts';
export { tune } from './tuning/tune.ts';
export { ExclusionSet, MatchGroup, Replay, Tuning } from './tuning/tuning.ts';
