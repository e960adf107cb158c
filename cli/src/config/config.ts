import { z } from 'zod';
import { parseDuration } from '@bartizan/api';

const name = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/,
    'is written in lower-case letters, digits, dots and dashes, 63 at most',
  )
  .describe('what the console and its addresses call it');
const file = z.string().min(1).describe('a path; relative to the folder of this file');
const duration = z.string().refine((text) => parseDuration(text) !== null, 'is written like 30m, 24h or 7d');
const size = z.string().regex(/^[1-9]\d{0,5}(MB|GB)$/, 'is written like 500MB or 5GB');
const share = z.number().min(0).max(1);
const headers = z.record(z.string(), z.string());

const Tls = z.strictObject({
  ca: file.optional().describe('certificate authority, PEM'),
  certificate: file.optional().describe('client certificate, PEM'),
  key: file.optional().describe("the client certificate's key, PEM"),
  serverName: z.string().optional().describe('name that the certificate must carry, where it is not the address'),
});

const Relay = z.strictObject({
  address: z.string().min(1).describe('host:port of Hubble Relay'),
  tls: Tls.optional().describe('absent: plaintext'),
});

const PrometheusSource = z.strictObject({
  url: z.url().describe('where Prometheus, Thanos, Mimir or VictoriaMetrics answers'),
  headers: headers.optional().describe('sent with every request, such as X-Scope-OrgID'),
  match: z
    .record(z.string().regex(/^[a-zA-Z_]\w*$/, 'is the name of a label'), z.string())
    .optional()
    .describe(
      'labels that the series of this cluster have, such as cluster: prod-eu1, where the server has several clusters',
    ),
  bearerTokenFile: file.optional(),
  basic: z.strictObject({ user: z.string().min(1), passwordFile: file }).optional(),
  ca: file.optional(),
});

const ClusterConfig = z.strictObject({
  name,
  kubeconfig: file
    .optional()
    .describe("absent: the pod's service account, or $KUBECONFIG or ~/.kube/config outside a cluster"),
  context: z.string().optional().describe('absent: the current one'),
  relay: Relay.optional(),
  flowLogs: z
    .array(file)
    .min(1)
    .optional()
    .describe(
      "files that Hubble's exporters write, or patterns such as /var/log/hubble/*/events*.log*: of several nodes, rotated, gzip'd; instead of relay",
    ),
  prometheus: PrometheusSource.optional(),
});

const where = z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]));

const ElasticsearchSource = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('where Elasticsearch or OpenSearch answers; it is only read'),
  indices: z
    .array(z.string().regex(/^[^\s,/?#]+$/, 'is the name or pattern of indices, a data stream or an alias'))
    .min(1)
    .optional()
    .describe('patterns of indices, data streams or aliases; absent: filebeat-* and logs-*'),
  apiKeyFile: file.optional().describe('an API key, as id:key or encoded'),
  bearerTokenFile: file.optional(),
  basic: z.strictObject({ user: z.string().min(1), passwordFile: file }).optional(),
  ca: file.optional().describe('certificate authority, PEM'),
  profile: z
    .strictObject({
      timeField: z.string().min(1).optional().describe('absent: @timestamp'),
      auditField: z
        .string()
        .min(1)
        .optional()
        .describe('where audit records are: transaction, waf_json.transaction, message, …; absent: found out'),
      accessField: z.string().min(1).optional().describe('where access lines are: message, …; absent: found out'),
      auditWhere: where.optional().describe('fields and values that audit records have'),
      accessWhere: where.optional().describe('fields and values that access lines have'),
      namespaceField: z.string().min(1).optional().describe('holds the namespace that served the request'),
    })
    .optional()
    .describe('how the documents are laid out, where that is not found out rightly'),
});

const FirewallConfig = z.strictObject({
  name,
  cluster: z.string().describe('the cluster that it stands in front of'),
  auditLogs: z.array(file).min(1).optional().describe('files or patterns such as /var/log/modsec_audit.log*'),
  accessLogs: z.array(file).optional().describe('without them there is no number of requests and no share'),
  timeZone: z.string().optional().describe('of times without one in the audit log; absent: UTC'),
  elasticsearch: ElasticsearchSource.optional().describe('instead of files: where a shipper puts both logs'),
});

const EnvironmentConfig = z.strictObject({
  id: name,
  name: z.string().min(1).optional().describe('as people read it; absent: the id'),
  cluster: z.string(),
  namespaces: z.array(z.string().min(1)).min(1),
  hosts: z.array(z.string().min(1)).optional().describe('hosts that belong to it whatever namespace serves them'),
  firewalls: z.array(z.string()).optional().describe('absent: every firewall of the cluster'),
});

/** The one configuration file. Its JSON schema is published in docs/schema. */
export const Config = z.strictObject({
  listen: z
    .string()
    .regex(/^(\[[0-9a-f:.]+\]|[^:[\]]+):\d{1,5}$/i, 'is written host:port, such as 127.0.0.1:7070')
    .default('127.0.0.1:7070'),
  publicUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('where people open it, when a proxy stands in front'),
  tls: z.strictObject({ certificate: file, key: file }).optional(),
  signIn: z
    .strictObject({ accessToken: z.literal(true).describe('generated at the first start and printed once') })
    .optional(),
  dataFolder: file.default('bartizan-data').describe('history and state are kept here'),
  clusters: z.array(ClusterConfig).default([]),
  firewalls: z.array(FirewallConfig).default([]),
  environments: z.array(EnvironmentConfig).default([]).describe('absent: one for each namespace that has pods'),
  thresholds: z
    .strictObject({ anomalousShare: share.default(0.05), droppedShare: share.default(0.05) })
    .default({ anomalousShare: 0.05, droppedShare: 0.05 })
    .describe('above these shares a figure asks to be looked into'),
  retention: z
    .strictObject({
      transactions: duration.default('90d').describe('requests that the firewall judged, from logs on disk'),
      transactionsSize: size.default('20GB').describe('what they may take on disk: the oldest go first'),
      flows: duration
        .default('30d')
        .describe('counts of flow events by the hour, and the connections that policies judged'),
      wholeFlows: duration.default('7d').describe('flow events whole, with every detail; the last hours always are'),
      flowsSize: size
        .default('5GB')
        .describe(
          'what the history of flows may take on disk: the oldest whole events go first, then the oldest counts',
        ),
    })
    .default({
      transactions: '90d',
      transactionsSize: '20GB',
      flows: '30d',
      wholeFlows: '7d',
      flowsSize: '5GB',
    }),
});
export type Config = z.infer<typeof Config>;
