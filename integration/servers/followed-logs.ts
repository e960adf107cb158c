import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of the last days: what is older than a console keeps goes again. */
const startMs = Math.floor(Date.now() / 1000) * 1000 - 4 * 86_400_000;
const window = [startMs, startMs + 5 * 86_400_000].map((ms) => new Date(ms).toISOString());

/** What a console says of all that is written with `accessLineOf` and `auditRecordOf`. */
export const statisticsPath = `/api/v1/environments/-/waf/statistics?from=${window[0]}&to=${window[1]}`;

/** A configuration that follows `audit.log*` and `access.log*` in the folder; its cluster is not there. */
export function writeFirewallConfig(folder: string): string {
  const config = join(folder, 'bartizan.yaml');
  writeFileSync(
    config,
    `dataFolder: data
clusters: [{name: gone, kubeconfig: ./kubeconfig}]
firewalls: [{name: edge, cluster: gone, auditLogs: ['./audit.log*'], accessLogs: ['./access.log*']}]
environments: [{id: shop, cluster: gone, namespaces: [shop]}]
`,
  );
  writeFileSync(
    join(folder, 'kubeconfig'),
    `apiVersion: v1
kind: Config
clusters: [{name: a, cluster: {server: "http://127.0.0.1:9"}}]
contexts: [{name: a, context: {cluster: a, user: a}}]
users: [{name: a, user: {}}]
current-context: a
`,
  );
  return config;
}

/** `Mon`, `15`, `Jun`, `2026` and `12:00:00` of the n-th request. */
function timeOf(n: number): readonly string[] {
  const [weekday = '', ...rest] = new Date(startMs + n * 250).toUTCString().split(' ');
  return [weekday.slice(0, 3), ...rest];
}

export function accessLineOf(n: number): string {
  const [, day, month, year, clock] = timeOf(n);
  return `203.0.113.7 - - [${day}/${month}/${year}:${clock} +0000] "GET /page/${n} HTTP/1.1" 403 153 "-" "curl/8"\n`;
}

/** Of a blocked request. */
export function auditRecordOf(n: number): string {
  const [weekday, day, month, year, clock] = timeOf(n);
  return `${JSON.stringify({
    transaction: {
      client_ip: '203.0.113.7',
      time_stamp: `${weekday} ${month} ${day} ${clock} ${year}`,
      unique_id: `id.${n}`,
      request: { method: 'GET', http_version: 1.1, uri: `/page/${n}`, headers: {} },
      response: { http_code: 403 },
      producer: { secrules_engine: 'Enabled', components: ['OWASP_CRS/3.3.4"'] },
      messages: [{ message: 'SQLi', details: { ruleId: '942100', severity: '2' } }, { details: { ruleId: '949110' } }],
    },
  })}\n`;
}
