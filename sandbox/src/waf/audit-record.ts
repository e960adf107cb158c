import type { Hit, Rule } from './attacks.ts';
import type { WebRequest } from './web-request.ts';

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const threshold = 5;

export interface AuditOrigin {
  readonly evaluation: Rule;
  readonly serverId: string;
  readonly hostAddress: string;
}

/** A record as ModSecurity 3.0.9 writes it with SecAuditLogFormat JSON and parts ABHZ, its numbers in strings and all. */
export function auditRecord(request: WebRequest, { evaluation, serverId, hostAddress }: AuditOrigin): string {
  const { attack } = request;
  const hits = attack?.hits ?? [];
  const score = attack?.score ?? 0;
  const judged = score >= threshold && attack?.blockedWith !== 400 ? [evaluated(evaluation, score)] : [];
  const record = {
    transaction: {
      client_ip: request.client,
      time_stamp: ctime(request.time),
      server_id: serverId,
      client_port: request.port,
      host_ip: hostAddress,
      host_port: 80,
      unique_id: request.uniqueId,
      request: { method: request.method, http_version: 1.1, uri: request.uri, headers: headersOf(request) },
      response: { ...(attack?.logsBody ? { body: bodyOf(request) } : {}), http_code: request.status },
      producer: {
        modsecurity: 'ModSecurity v3.0.9 (Linux)',
        connector: 'ModSecurity-nginx v1.0.3',
        secrules_engine: request.engine,
        components: ['OWASP_CRS/3.3.4"'],
      },
      messages: [...hits, ...judged].map(messageOf),
    },
  };
  return `${JSON.stringify(record)}\n`;
}

const pages = {
  refused:
    '<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n',
  served: '<!doctype html>\n<title>Alpenshop</title>\n<main id="app"></main>\n',
};

function bodyOf({ status }: WebRequest): string {
  return status === 403 ? pages.refused : pages.served;
}

function evaluated(rule: Rule, score: number): Hit {
  const match = `${rule.operator} against variable \`TX:ANOMALY_SCORE' (Value: \`${score}' )`;
  return { rule: { ...rule, message: rule.message.replace('%', `${score}`) }, match, reference: '', found: '' };
}

function messageOf({ rule, match, reference, found }: Hit): object {
  return {
    message: rule.message,
    details: {
      match,
      reference,
      ruleId: rule.id,
      file: rule.file,
      lineNumber: rule.line,
      data: found,
      severity: rule.severity,
      ver: rule.ver,
      rev: '',
      tags: rule.tags,
      maturity: '0',
      accuracy: '0',
    },
  };
}

function headersOf({ host, agent, attack, method, referer }: WebRequest): Readonly<Record<string, string>> {
  return {
    Host: host,
    ...(agent === undefined ? {} : { 'User-Agent': agent }),
    Accept: '*/*',
    ...(referer === undefined ? {} : { Referer: referer }),
    ...(attack?.contentType ? { 'Content-Type': attack.contentType } : {}),
    ...(method === 'GET' || attack?.body === undefined ? {} : { 'Content-Length': `${attack.body.length}` }),
  };
}

/** C's ctime(3): the day of the month is padded with a space, and there is no time zone. */
function ctime(time: number): string {
  const date = new Date(time);
  const day = `${date.getUTCDate()}`.padStart(2, ' ');
  const clock = date.toISOString().slice(11, 19);
  return `${days[date.getUTCDay()]} ${months[date.getUTCMonth()]} ${day} ${clock} ${date.getUTCFullYear()}`;
}
