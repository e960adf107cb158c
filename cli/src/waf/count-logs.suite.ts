import { expect } from 'vitest';
import { runCommand, withFiles } from '../policy/run-command.suite.ts';
import type { WafReport } from './report-counts.ts';
import { report } from './report.ts';

interface CountedLogs {
  readonly audit?: string | Buffer | readonly (string | Buffer)[];
  readonly access?: string | Buffer;
  readonly args?: readonly string[];
}

/** What `waf report` says of logs, and with which code it ended. */
export async function runReport({ audit = '', access, args = [] }: CountedLogs) {
  const audits = Array.isArray(audit) ? audit : [audit as string | Buffer];
  const files = Object.fromEntries(audits.map((text, at) => [`audit-${at}.log`, text]));
  return withFiles({ ...files, 'access.log': access ?? '' }, (path) =>
    runCommand(report, [
      ...Object.keys(files).map(path),
      ...(access === undefined ? [] : ['--access', path('access.log')]),
      '-o',
      'json',
      ...args,
    ]),
  );
}

export async function countLogs(logs: CountedLogs): Promise<WafReport> {
  const result = await runReport(logs);
  expect(result).toMatchObject({ code: 0 });
  return JSON.parse(result.out);
}

export const once = (value: string) => [{ value, count: 1, anomalous: 1 }];

/** A message of ModSecurity 3 about a rule. */
export function message(ruleId: string, more: Record<string, unknown> = {}) {
  return {
    message: `about ${ruleId}`,
    details: { match: '', ruleId, data: '', severity: '2', ver: 'OWASP_CRS/4.3.0', tags: ['OWASP_CRS'], ...more },
  };
}

export const evaluation = message('949110', { severity: '0', tags: ['anomaly-evaluation', 'OWASP_CRS'] });

/** A record of ModSecurity 3 of a blocked request. */
export function record(more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    transaction: {
      client_ip: '203.0.113.7',
      time_stamp: 'Sat Jun 15 12:12:40 2024',
      unique_id: '171845356027.087146',
      request: { method: 'GET', http_version: 1.1, uri: '/a?id=1', headers: { Host: 'shop.example' } },
      response: { http_code: 403, headers: {} },
      producer: { secrules_engine: 'Enabled', components: ['OWASP_CRS/4.3.0"'] },
      messages: [message('942100'), evaluation],
      ...more,
    },
  });
}

/** A line of nginx's access log about the same request. */
export function accessLine(more: { request?: string; status?: string; time?: string; client?: string } = {}): string {
  const { request = 'GET /a?id=1 HTTP/1.1', status = '403', time = '15/Jun/2024:12:12:40 +0000' } = more;
  return `${more.client ?? '203.0.113.7'} - - [${time}] "${request}" ${status} 150 "-" "curl/8"`;
}

export const ingressTail = '211 0.052 [shop-web-8080] [] 10.0.0.6:8080 743 0.051 200 6d1f0b2c9e7a45d8b3c2a1908f7e6d5c';
