import type { AuditDialect, BriefRecord } from './audit-record.ts';

/** Logs that have a line for each rule that matched, so that a transaction may have several. */
export function isLineDialect(dialect: AuditDialect): boolean {
  return dialect === 'error-line' || dialect === 'coraza-line';
}

/** One record of two lines of the same transaction. */
export function mergeRecords<R extends BriefRecord>(first: R, further: R): R {
  return {
    ...first,
    method: first.method || further.method,
    uri: first.uri || further.uri,
    host: first.host || further.host,
    status: further.status ?? first.status,
    engine: first.engine === 'unknown' ? further.engine : first.engine,
    stopped: first.stopped === true || further.stopped === true ? true : first.stopped,
    messages: [...first.messages, ...further.messages],
  };
}
