import { helmValues } from './helm-values.ts';

/** The exact lines that make a missing source there. */
export const fixes = {
  waf: (cluster: string): string =>
    `# bartizan.yaml
firewalls:
  - name: edge
    cluster: ${cluster}
    auditLogs: [/var/log/modsec_audit.log*]
    accessLogs: [/var/log/nginx/access.log*]
    # or, where a shipper puts both into Elasticsearch or OpenSearch, instead of the two:
    # elasticsearch: { url: "https://search.example:9200", apiKeyFile: elasticsearch.key }

# modsecurity.conf, so that the audit log can be read
SecAuditEngine RelevantOnly
SecAuditLogParts ABIJDEFHZ
SecAuditLogType Serial
SecAuditLogFormat JSON
SecAuditLog /var/log/modsec_audit.log
`,
  flows: (cluster: string): string =>
    `# bartizan.yaml
clusters:
  - name: ${cluster}
    relay: { address: hubble-relay.kube-system.svc:80 }
    # or, where Hubble's exporters write files that can be read here, instead of it:
    # flowLogs: [/var/run/cilium/hubble/events*.log*]
    # and, for figures that reach back as far as Prometheus keeps them:
    # prometheus: { url: "http://prometheus.monitoring.svc:9090" }

${helmValues(null)}`,
  /** Relay answers, and no Prometheus keeps its figures for longer than the history here. */
  metrics: (cluster: string, version: string | null): string =>
    `# bartizan.yaml
clusters:
  - name: ${cluster}
    prometheus: { url: "http://prometheus.monitoring.svc:9090" }

${helmValues(version)}`,
  flowLogs: (cluster: string): string =>
    `# Cilium's Helm values: each node writes such a file
hubble:
  export:
    static:
      enabled: true
      filePath: /var/run/cilium/hubble/events.log

# bartizan.yaml: the files, as they are seen from here, with those that were rotated
clusters:
  - name: ${cluster}
    flowLogs: [/var/run/cilium/hubble/events*.log*]
`,
  relayUnreachable: (address: string): string =>
    `# Is Relay there, and is this its address?
kubectl -n kube-system get deployment,service hubble-relay
# From outside the cluster, forward it (${address} must then be 127.0.0.1:4245)
kubectl -n kube-system port-forward service/hubble-relay 4245:80
`,
  policies: (): string =>
    `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: bartizan
rules:
  - apiGroups: [""]
    resources: [namespaces, pods, services]
    verbs: [get, list, watch]
  - apiGroups: [networking.k8s.io]
    resources: [networkpolicies]
    verbs: [get, list, watch, create, update, delete]
  - apiGroups: [cilium.io]
    resources: [ciliumnetworkpolicies, ciliumclusterwidenetworkpolicies]
    verbs: [get, list, watch, create, update, delete]
  - apiGroups: [cilium.io]
    resources: [ciliumcidrgroups]
    verbs: [get, list, watch]
`,
} as const;
