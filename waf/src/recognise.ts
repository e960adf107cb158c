import type { AccessFormat } from './access/read-access.ts';
import { createAccessReader } from './access/read-access.ts';
import type { AuditDialect } from './audit/audit-record.ts';
import { readBoundary } from './audit/modsecurity-native.ts';
import { readAudit } from './audit/read-audit.ts';
import { isAuditIndex } from './other-lines.ts';
import { utc } from './time.ts';

export type LogFormat =
  | { readonly kind: 'audit'; readonly dialect: AuditDialect }
  | { readonly kind: 'access'; readonly format: AccessFormat };

/** Which log a record comes from; null where it fits none that is known. */
export function recognise(text: string): LogFormat | null {
  const line = text.startsWith('--') ? (text.split('\n', 1)[0] ?? '') : text;
  if (readBoundary(line)) return { kind: 'audit', dialect: 'modsecurity-native' };
  if (/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[/.test(line)) return { kind: 'audit', dialect: 'error-line' };
  if (isAuditIndex(line)) return null;
  const format = createAccessReader().formatOf(line);
  if (format) return { kind: 'access', format };
  const audit = readAudit(line, { zone: utc });
  return audit.ok === true ? { kind: 'audit', dialect: audit.value.dialect } : null;
}
