import type { Deployed } from './deployed.ts';
import { anyDns, app, appIn, ciliumPolicy, ciliumPorts, networkPolicy, pods, podsIn, tcp } from './deployed.ts';

const namespace = 'shop-prod';
const argo = { owner: 'argocd', namespace } as const;

export const shopPolicies: readonly Deployed[] = [
  networkPolicy({
    ...argo,
    name: 'default-deny',
    daysAgo: 94,
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  }),
  ciliumPolicy({ ...argo, name: 'allow-dns', daysAgo: 94, spec: { endpointSelector: {}, egress: [anyDns()] } }),
  networkPolicy({
    ...argo,
    name: 'metrics-scrape',
    daysAgo: 80,
    spec: {
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [{ from: [podsIn('platform', 'prometheus')], ports: [tcp(9464)] }],
    },
  }),
  networkPolicy({
    ...argo,
    name: 'telemetry',
    daysAgo: 80,
    spec: {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{ to: [podsIn('platform', 'otel-collector')], ports: [tcp(4317)] }],
    },
  }),
  ciliumPolicy({
    owner: 'auto-devops',
    namespace,
    name: 'web-from-ingress',
    daysAgo: 33,
    spec: {
      endpointSelector: app('web'),
      ingress: [{ fromEndpoints: [appIn('platform', 'ingress-gateway')], toPorts: ciliumPorts(8080) }],
    },
  }),
  networkPolicy({
    ...argo,
    name: 'web-egress',
    daysAgo: 33,
    spec: {
      podSelector: app('web'),
      policyTypes: ['Egress'],
      egress: [{ to: pods('catalog', 'cart', 'checkout', 'search', 'recommender', 'media'), ports: [tcp(8080)] }],
    },
  }),
  ciliumPolicy({
    ...argo,
    name: 'catalog-api',
    daysAgo: 33,
    spec: {
      description: 'The shop reads the catalogue; only the indexer may ask for the feed.',
      endpointSelector: app('catalog'),
      ingress: [
        {
          fromEndpoints: [app('web'), app('recommender')],
          toPorts: ciliumPorts(8080, { http: [{ method: 'GET', path: '/api/catalog/.*' }] }),
        },
        {
          fromEndpoints: [app('search-indexer')],
          toPorts: ciliumPorts(8080, { http: [{ method: 'POST', path: '/internal/feed' }] }),
        },
      ],
    },
  }),
  ciliumPolicy({
    ...argo,
    name: 'catalog-egress',
    daysAgo: 33,
    spec: {
      endpointSelector: app('catalog'),
      egress: [
        { toEndpoints: [app('catalog-db')], toPorts: ciliumPorts(5432) },
        { toEndpoints: [appIn('platform', 'redis')], toPorts: ciliumPorts(6379) },
      ],
    },
  }),
  networkPolicy({
    ...argo,
    name: 'catalog-db',
    daysAgo: 94,
    spec: {
      podSelector: app('catalog-db'),
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: pods('catalog', 'catalog-db'), ports: [tcp(5432)] }],
      egress: [{ to: pods('catalog-db'), ports: [tcp(5432)] }],
    },
  }),
  networkPolicy({
    ...argo,
    name: 'cart-from-web',
    daysAgo: 33,
    spec: {
      podSelector: app('cart'),
      policyTypes: ['Ingress'],
      ingress: [{ from: pods('web', 'checkout'), ports: [tcp(8080)] }],
    },
  }),
  ciliumPolicy({
    ...argo,
    name: 'cart-to-redis',
    daysAgo: 33,
    spec: {
      endpointSelector: app('cart'),
      egress: [{ toEndpoints: [appIn('platform', 'redis')], toPorts: ciliumPorts(6379) }],
    },
  }),
  networkPolicy({
    ...argo,
    name: 'checkout-from-web',
    daysAgo: 33,
    spec: {
      podSelector: app('checkout'),
      policyTypes: ['Ingress'],
      ingress: [{ from: pods('web'), ports: [tcp(8080)] }],
    },
  }),
  ciliumPolicy({
    ...argo,
    name: 'checkout-egress',
    daysAgo: 33,
    spec: {
      endpointSelector: app('checkout'),
      egress: [
        { toEndpoints: [app('cart')], toPorts: ciliumPorts(8080) },
        { toEndpoints: [appIn('payments', 'payment-gateway')], toPorts: ciliumPorts(8443) },
        { toEndpoints: [appIn('platform', 'rabbitmq')], toPorts: ciliumPorts(5672) },
      ],
    },
  }),
  networkPolicy({
    ...argo,
    name: 'search-ingress',
    daysAgo: 33,
    spec: {
      podSelector: app('search'),
      policyTypes: ['Ingress'],
      ingress: [{ from: pods('web', 'search-indexer'), ports: [tcp(8080)] }],
    },
  }),
  networkPolicy({
    ...argo,
    name: 'search-indexer',
    daysAgo: 33,
    spec: {
      podSelector: app('search-indexer'),
      policyTypes: ['Ingress', 'Egress'],
      egress: [{ to: pods('catalog', 'search'), ports: [tcp(8080)] }],
    },
  }),
  ciliumPolicy({
    ...argo,
    name: 'recommender',
    daysAgo: 6,
    spec: {
      endpointSelector: app('recommender'),
      ingress: [{ fromEndpoints: [app('web')], toPorts: ciliumPorts(8080) }],
      egress: [
        { toEndpoints: [app('catalog')], toPorts: ciliumPorts(8080) },
        { toFQDNs: [{ matchName: 'models.example.net' }], toPorts: ciliumPorts(443) },
      ],
    },
  }),
  networkPolicy({
    ...argo,
    name: 'media-from-web',
    daysAgo: 33,
    spec: {
      podSelector: app('media'),
      policyTypes: ['Ingress'],
      ingress: [{ from: pods('web'), ports: [tcp(8080)] }],
    },
  }),
  ciliumPolicy({
    owner: 'hand',
    namespace,
    name: 'media-cdn',
    daysAgo: 31,
    spec: {
      description: 'Media fetches originals from the content network.',
      endpointSelector: app('media'),
      egress: [{ toFQDNs: [{ matchName: 'cdn.alpenshop.example' }], toPorts: ciliumPorts(443) }],
    },
    edits: [
      {
        manager: 'kubectl-edit',
        minutesAgo: 12 * 24 * 60,
        patch: {
          spec: { endpointSelector: { matchLabels: { 'network-policy.gitlab.com/disabled_by': 'gitlab' } } },
        },
      },
    ],
  }),
  networkPolicy({
    owner: 'helm',
    namespace,
    name: 'legacy-web-allow',
    daysAgo: 410,
    spec: {
      podSelector: app('web-v1'),
      policyTypes: ['Ingress'],
      ingress: [{ from: [podsIn('platform', 'ingress-gateway')], ports: [tcp(8080)] }],
    },
  }),
];
