import type { ElasticsearchCheck } from '@bartizan/backends/elasticsearch';

type Missing = NonNullable<ElasticsearchCheck['problem']> | 'forbidden';

const auditLog = `# modsecurity.conf: one record a line, with the messages (H)
SecAuditEngine RelevantOnly
SecAuditLogParts ABIJDEFHZ
SecAuditLogType Serial
SecAuditLogFormat JSON
SecAuditLog /var/log/modsec_audit.log

# filebeat.yml
filebeat.inputs:
  - type: filestream
    id: modsec-audit
    paths: [/var/log/modsec_audit.log]
    parsers:
      - ndjson: { target: "", add_error_key: true }
    processors:
      - drop_fields: { fields: [transaction.response.body], ignore_missing: true }
`;

const accessLog = `# filebeat.yml
filebeat.inputs:
  - type: filestream
    id: nginx-access
    paths: [/var/log/nginx/access.log]

# or, of an ingress in Kubernetes, from its standard output
  - type: container
    paths: [/var/log/containers/*ingress-nginx-controller*.log]
    stream: stdout
    processors:
      - add_kubernetes_metadata:
          host: \${NODE_NAME}
          matchers:
            - logs_path: { logs_path: /var/log/containers/ }
`;

const mappingOfHeaders = `# Headers make a field for every name: Elasticsearch then rejects documents, unsaid. Keep them out of the mapping:
PUT _component_template/modsecurity-mappings
{ "template": { "mappings": { "properties": { "transaction": { "properties": {
  "request":  { "properties": { "headers": { "type": "object", "enabled": false } } },
  "response": { "properties": { "headers": { "type": "object", "enabled": false } } } } } } } } }
`;

const originalEvent = `# The ModSecurity integration's policy in Kibana: keep the original, from which everything is read
Preserve original event: on
# (the same as the tag preserve_original_event)
`;

const readOnlyKey = `POST /_security/api_key
{ "name": "bartizan", "role_descriptors": { "reader": {
  "cluster": ["monitor"],
  "indices": [{ "names": ["filebeat-*", "logs-*"], "privileges": ["read", "view_index_metadata"] }] } } }

# bartizan.yaml: id:key of the answer in a file
firewalls:
  - name: edge
    elasticsearch:
      apiKeyFile: elasticsearch.key
`;

/** The exact lines that make documents there what they lack. */
export function elasticsearchFix(missing: Missing): string {
  switch (missing) {
    case 'no-audit':
      return `${auditLog}\n${mappingOfHeaders}`;
    case 'no-access':
      return accessLog;
    case 'no-engine-mode':
      return originalEvent;
    case 'forbidden':
      return readOnlyKey;
    default:
      return missing satisfies never;
  }
}
