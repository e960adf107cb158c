import type { AuditDialect, BriefRecord } from './audit-record.ts';
import { isDenied } from './rule-text.ts';

/** Logs that have a line for each rule that matched, so that a transaction may have several. */
export function isLineDialect(dialect: AuditDialect): boolean {
  return dialect === 'error-line' || dialect === 'coraza-line';
}

/** One record of two lines of the same transaction, each of which may say of its own rule that it denied. */
export function mergeRecords<R extends BriefRecord>(first: R, further: R): R {
  const messages = [...first.messages, ...further.messages];
  const isOne =
    first.dialect === 'coraza-line' ? isDenied(messages) : first.stopped === true || further.stopped === true;
  const stopped = isOne ? true : null;
  return {
    ...first,
    method: first.method || further.method,
    uri: first.uri || further.uri,
    host: first.host || further.host,
    status: further.status ?? first.status,
    engine: first.engine === 'unknown' ? further.engine : first.engine,
    stopped,
    messages,
  };
}
