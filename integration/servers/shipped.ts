import type { StoredTransaction } from '@bartizan/backends';
import type { Loaded } from './search-engine.ts';

/** How a shipper lays documents out; `index` begins the names of the indices. */
export type Layout = (transaction: StoredTransaction, index: string) => readonly Loaded[];

interface Lines {
  readonly timestamp: string;
  readonly audit: string | null;
  readonly access: string | null;
}

function linesOf({ summary, access, audit }: StoredTransaction): Lines {
  return {
    timestamp: new Date(summary.timeMs).toISOString(),
    audit: audit && Buffer.from(audit.bytes).toString('utf8'),
    access: access && Buffer.from(access.bytes).toString('utf8'),
  };
}

type Parts = { readonly audit: (record: string, lines: Lines) => object; readonly access: (line: string) => object };

function layout({ audit, access }: Parts, nameOf: (index: string, side: string) => string = (index) => index): Layout {
  return (transaction, index) => {
    const lines = linesOf(transaction);
    const document = (side: string, fields: object): Loaded => ({
      index: nameOf(index, side),
      source: { '@timestamp': lines.timestamp, ...fields },
    });
    return [
      ...(lines.audit === null ? [] : [document('audit', audit(lines.audit, lines))]),
      ...(lines.access === null ? [] : [document('access', access(lines.access))]),
    ];
  };
}

const file = (path: string) => ({ log: { file: { path }, offset: 0 } });

function container(name: string): object {
  return { stream: 'stdout', kubernetes: { namespace: 'gitlab-managed-apps', container: { name } } };
}

/** An access line as Elastic's nginx module takes it apart. */
function nginxModule(line: string): object {
  const [, client, method, uri, status, upstream] =
    /^(\S+) .*?"(\S+) (\S+) [^"]*" (\d+) .* \[([^\]]*)\] \[/.exec(line) ?? [];
  return {
    event: { dataset: 'nginx.access' },
    source: { address: client },
    http: { request: { method }, response: { status_code: Number(status) } },
    url: { original: uri },
    nginx: { ingress_controller: { upstream: { name: upstream } } },
  };
}

/** An audit record as Elastic's ModSecurity integration takes it apart, without the original. */
function modSecurityIntegration(record: string): object {
  const { client_ip: ip, request, response, messages } = JSON.parse(record).transaction;
  return {
    event: { dataset: 'modsecurity.auditlog', kind: 'event' },
    source: { ip, port: 50726 },
    http: { request: { method: request.method }, response: { status_code: response.http_code }, version: '1.1' },
    url: { domain: request.headers.Host, original: `https://${request.headers.Host}:443${request.uri}`, port: 443 },
    modsec: {
      audit: {
        server: 'nginx/1.22.1',
        messages: messages.map(({ message }: { message: string }) => message),
        details: messages.map(({ details }: { details: object }) => ({ details })),
      },
    },
  };
}

const message = (line: string): object => ({ message: line });

export const layouts = {
  'plain Filebeat': layout({
    audit: (record) => ({ ...file('/var/log/modsec_audit.log'), ...JSON.parse(record) }),
    access: (line) => ({ ...file('/var/log/nginx/access.log'), message: line }),
  }),
  "GitLab's Filebeat": layout({
    audit: (record) => ({ ...container('modsecurity-log'), ...JSON.parse(record) }),
    access: (line) => ({ ...container('nginx-ingress-controller'), message: line }),
  }),
  'Filebeat that decodes in place': layout(
    {
      audit: (record) => ({ ...container('modsecurity-log'), message: JSON.parse(record) }),
      access: (line) => ({ ...container('nginx-ingress-controller'), message: line }),
    },
    (index, side) => `${index}-${side}`,
  ),
  "a site's own prefix": layout({
    audit: (record) => ({ waf_json: JSON.parse(record) }),
    access: (line) => ({ event: { dataset: 'nginx.ingress_controller' }, message: line }),
  }),
  'text that nobody decoded': layout({ audit: message, access: message }),
  "Elastic's integrations": layout({ audit: modSecurityIntegration, access: nginxModule }),
} as const satisfies Readonly<Record<string, Layout>>;
