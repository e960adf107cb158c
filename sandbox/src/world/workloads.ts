export interface PortSpec {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  /** The port of the Service in front of it, where there is one. */
  readonly service?: number;
}

export interface WorkloadSpec {
  readonly namespace: string;
  readonly name: string;
  readonly kind: 'Deployment' | 'StatefulSet';
  readonly replicas: number;
  readonly ports: readonly PortSpec[];
  readonly labels: Readonly<Record<string, string>>;
}

const http = tcp('http', 8080, 80);
const probe = tcp('health', 8081);
const metrics = tcp('metrics', 9464);

export const workloads: readonly WorkloadSpec[] = [
  deployment('shop-prod/web', 4, [http, probe, metrics], { chart: 'auto-deploy-app-2.6.0', release: 'production' }),
  deployment('shop-prod/checkout', 4, [http, probe, metrics], { track: 'stable' }),
  deployment('shop-prod/cart', 3, [http, probe, metrics]),
  deployment('shop-prod/catalog', 4, [http, probe, metrics]),
  deployment('shop-prod/search', 2, [http, probe]),
  deployment('shop-prod/search-indexer', 1, [probe]),
  deployment('shop-prod/recommender', 2, [http, probe]),
  deployment('shop-prod/media', 2, [http, probe]),
  statefulSet('shop-prod/catalog-db', 2, [tcp('postgres', 5432, 5432)]),
  deployment('payments/payment-gateway', 3, [tcp('https', 8443, 8443), probe, tcp('metrics', 9090)]),
  deployment('payments/ledger', 2, [http, probe, metrics]),
  deployment('payments/fraud-check', 2, [http, probe]),
  deployment('payments/payout', 1, [probe]),
  statefulSet('payments/postgres', 3, [tcp('postgres', 5432, 5432)]),
  deployment('platform/ingress-gateway', 3, [tcp('http', 80, 80), tcp('https', 443, 443), tcp('health', 10254)], {
    'app.kubernetes.io/name': 'ingress-nginx',
    'app.kubernetes.io/component': 'controller',
  }),
  deployment('platform/otel-collector', 3, [tcp('otlp', 4317, 4317), tcp('health', 13133)]),
  deployment('platform/grafana', 1, [tcp('http', 3000, 80)]),
  deployment('platform/reporting', 1, [probe]),
  deployment('platform/cert-manager', 1, [tcp('metrics', 9402)]),
  deployment('platform/argocd-server', 1, [tcp('http', 8080, 80)]),
  deployment('platform/gitlab-runner', 1, [metrics]),
  statefulSet('platform/redis', 3, [tcp('redis', 6379, 6379)]),
  statefulSet('platform/prometheus', 2, [tcp('http', 9090, 9090)]),
  statefulSet('platform/rabbitmq', 3, [tcp('amqp', 5672, 5672), tcp('management', 15672)]),
  statefulSet('platform/loki', 2, [tcp('http', 3100, 3100)]),
  {
    ...deployment('kube-system/coredns', 2, [
      { name: 'dns', port: 53, protocol: 'UDP', service: 53 },
      tcp('dns-tcp', 53, 53),
      tcp('metrics', 9153),
    ]),
    labels: { 'k8s-app': 'kube-dns' },
  },
  { ...deployment('kube-system/hubble-relay', 1, [tcp('grpc', 4245, 80)]), labels: { 'k8s-app': 'hubble-relay' } },
  {
    ...deployment('kube-system/metrics-server', 1, [tcp('https', 4443, 443)]),
    labels: { 'k8s-app': 'metrics-server' },
  },
];

function tcp(name: string, port: number, service?: number): PortSpec {
  return { name, port, protocol: 'TCP', ...(service === undefined ? {} : { service }) };
}

function deployment(
  place: string,
  replicas: number,
  ports: readonly PortSpec[],
  labels: Readonly<Record<string, string>> = {},
): WorkloadSpec {
  const [namespace = '', name = ''] = place.split('/');
  return { namespace, name, kind: 'Deployment', replicas, ports, labels: { app: name, ...labels } };
}

function statefulSet(place: string, replicas: number, ports: readonly PortSpec[]): WorkloadSpec {
  return { ...deployment(place, replicas, ports), kind: 'StatefulSet' };
}
