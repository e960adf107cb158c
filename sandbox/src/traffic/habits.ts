/** Who connects to whom, and how often a minute at the busiest time of the day. */
export interface Habit {
  /** `namespace/workload`, `host` (the node's own kubelet), `world` (anyone) or `scanner`. */
  readonly from: string;
  /** `namespace/workload`, a name of `outside`, or an address. */
  readonly to: string;
  readonly port: number;
  readonly perMinute: number;
  readonly http?: readonly HttpAsk[];
  /** Share of the connections before which the name is looked up. */
  readonly looksUp?: number;
}

export interface HttpAsk {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

const read: readonly HttpAsk[] = [
  { method: 'GET', path: '/api/catalog/items/TS-0412', status: 200 },
  { method: 'GET', path: '/api/catalog/search?q=boots', status: 200 },
  { method: 'GET', path: '/api/catalog/featured', status: 200 },
  { method: 'GET', path: '/api/catalog/items/RP-9999', status: 404 },
];

export const habits: readonly Habit[] = [
  inside('world', 'platform/ingress-gateway', 443, 1.6),
  inside('platform/ingress-gateway', 'shop-prod/web', 8080, 1.5),
  inside('platform/ingress-gateway', 'payments/payment-gateway', 8443, 0.5),
  inside('platform/ingress-gateway', 'platform/grafana', 3000, 0.1),
  { ...inside('shop-prod/web', 'shop-prod/catalog', 8080, 1.4), http: read },
  inside('shop-prod/web', 'shop-prod/cart', 8080, 0.8),
  inside('shop-prod/web', 'shop-prod/checkout', 8080, 0.5),
  inside('shop-prod/web', 'shop-prod/search', 8080, 0.5),
  inside('shop-prod/web', 'shop-prod/recommender', 8080, 0.3),
  inside('shop-prod/web', 'shop-prod/media', 8080, 0.3),
  inside('shop-prod/catalog', 'shop-prod/catalog-db', 5432, 0.5),
  inside('shop-prod/catalog', 'platform/redis', 6379, 0.4),
  inside('shop-prod/catalog-db', 'shop-prod/catalog-db', 5432, 0.1),
  inside('shop-prod/cart', 'platform/redis', 6379, 0.4),
  inside('shop-prod/checkout', 'shop-prod/cart', 8080, 0.3),
  inside('shop-prod/checkout', 'payments/payment-gateway', 8443, 5),
  inside('shop-prod/checkout', 'platform/rabbitmq', 5672, 0.2),
  { ...inside('shop-prod/recommender', 'shop-prod/catalog', 8080, 0.2), http: read },
  { ...inside('shop-prod/recommender', 'models.example.net', 443, 0.2), looksUp: 0.5 },
  {
    ...inside('shop-prod/search-indexer', 'shop-prod/catalog', 8080, 0.1),
    http: [{ method: 'POST', path: '/internal/feed', status: 202 }],
  },
  inside('shop-prod/search-indexer', 'shop-prod/search', 8080, 0.1),
  inside('shop-prod/web', 'platform/otel-collector', 4317, 0.2),
  inside('shop-prod/checkout', 'platform/otel-collector', 4317, 0.2),
  inside('payments/payment-gateway', 'payments/ledger', 8080, 0.3),
  {
    ...inside('payments/payment-gateway', 'payments/fraud-check', 8080, 0.3),
    http: [{ method: 'POST', path: '/score', status: 200 }],
  },
  { ...inside('payments/payment-gateway', 'api.psp.example.net', 443, 0.5), looksUp: 0.4 },
  { ...inside('payments/fraud-check', 'risk.psp.example.net', 443, 0.2), looksUp: 0.4 },
  inside('payments/ledger', 'payments/postgres', 5432, 0.3),
  inside('payments/payout', 'payments/ledger', 8080, 0.1),
  inside('payments/payout', 'payments/postgres', 5432, 0.05),
  inside('payments/postgres', 'payments/postgres', 5432, 0.15),
  inside('platform/redis', 'platform/redis', 6379, 0.1),
  inside('platform/rabbitmq', 'platform/rabbitmq', 5672, 0.1),
  inside('platform/reporting', 'payments/postgres', 5432, 0.1),
  inside('platform/reporting', '192.0.2.140', 443, 0.1),
  inside('platform/prometheus', 'shop-prod/web', 9464, 0.2),
  inside('platform/prometheus', 'shop-prod/checkout', 9464, 0.2),
  inside('platform/prometheus', 'payments/payment-gateway', 9090, 0.2),
  inside('platform/prometheus', 'kube-system/coredns', 9153, 0.1),
  inside('platform/grafana', 'platform/prometheus', 9090, 0.1),
  inside('platform/grafana', 'platform/loki', 3100, 0.1),
  { ...inside('platform/otel-collector', 'otlp.example.org', 443, 0.2), looksUp: 0.2 },
  { ...inside('platform/gitlab-runner', 'git.alpenshop.example', 443, 0.1), looksUp: 0.3 },
  { ...inside('platform/argocd-server', 'git.alpenshop.example', 443, 0.1), looksUp: 0.3 },
  { ...inside('platform/cert-manager', 'acme.example.net', 443, 0.02), looksUp: 1 },
  inside('host', 'shop-prod/web', 8081, 0.3),
  inside('host', 'shop-prod/checkout', 8081, 0.3),
  inside('host', 'payments/payment-gateway', 8081, 0.3),
  inside('host', 'platform/otel-collector', 13_133, 0.1),
  ...unwelcome(),
];

/** What the policies of the quiet day stop. */
function unwelcome(): Habit[] {
  return [
    { ...inside('shop-prod/media', 'cdn.alpenshop.example', 443, 0.4), looksUp: 0.3 },
    inside('shop-prod/media', '169.254.169.254', 80, 0.05),
    inside('shop-prod/recommender', '203.0.113.222', 443, 0.12),
    inside('shop-prod/recommender', 'platform/redis', 6379, 0.05),
    inside('platform/otel-collector', 'payments/ledger', 9464, 0.1),
    inside('platform/reporting', '198.51.100.23', 443, 0.06),
    inside('world', 'platform/ingress-gateway', 22, 0.06),
    inside('world', 'platform/ingress-gateway', 8081, 0.05),
    inside('scanner', 'platform/ingress-gateway', 443, 0.05),
    {
      ...inside('shop-prod/web', 'shop-prod/catalog', 8080, 0.06),
      http: [{ method: 'DELETE', path: '/api/catalog/items/TS-0412', status: 204 }],
    },
    {
      ...inside('payments/payment-gateway', 'payments/fraud-check', 8080, 0.02),
      http: [{ method: 'GET', path: '/admin/rules', status: 200 }],
    },
  ];
}

function inside(from: string, to: string, port: number, perMinute: number): Habit {
  return { from, to, port, perMinute };
}
