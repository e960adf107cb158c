import type { Deployed } from './deployed.ts';
import { anyDns, app, appIn, ciliumPolicy, ciliumPorts, networkPolicy, podsIn, tcp } from './deployed.ts';

const namespace = 'platform';

export const platformPolicies: readonly Deployed[] = [
  ciliumPolicy({
    owner: 'helm',
    namespace,
    name: 'ingress-from-world',
    daysAgo: 58,
    spec: {
      endpointSelector: app('ingress-gateway'),
      ingress: [
        {
          fromEntities: ['world'],
          toPorts: [
            {
              ports: [
                { port: '80', protocol: 'TCP' },
                { port: '443', protocol: 'TCP' },
              ],
            },
          ],
        },
      ],
    },
  }),
  networkPolicy({
    owner: 'helm',
    namespace,
    name: 'redis-ingress',
    daysAgo: 58,
    spec: {
      podSelector: app('redis'),
      policyTypes: ['Ingress'],
      ingress: [
        { from: [podsIn('shop-prod', 'cart'), podsIn('shop-prod', 'catalog')], ports: [tcp(6379)] },
        { from: [{ podSelector: app('redis') }], ports: [tcp(6379)] },
      ],
    },
  }),
  networkPolicy({
    owner: 'argocd',
    namespace,
    name: 'grafana-ingress',
    daysAgo: 40,
    spec: {
      podSelector: app('grafana'),
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: app('ingress-gateway') }], ports: [{ port: 'http', protocol: 'TCP' }] }],
    },
  }),
  networkPolicy({
    owner: 'helm',
    namespace,
    name: 'otel-ingress',
    daysAgo: 58,
    spec: {
      podSelector: app('otel-collector'),
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ namespaceSelector: {} }], ports: [tcp(4317)] }],
    },
  }),
  networkPolicy({
    owner: 'helm',
    namespace,
    name: 'rabbitmq-ingress',
    daysAgo: 58,
    spec: {
      podSelector: app('rabbitmq'),
      policyTypes: ['Ingress'],
      ingress: [{ from: [podsIn('shop-prod', 'checkout'), { podSelector: app('rabbitmq') }], ports: [tcp(5672)] }],
    },
  }),
  ciliumPolicy({
    owner: 'hand',
    namespace,
    name: 'prometheus-egress',
    daysAgo: 60,
    spec: {
      endpointSelector: app('prometheus'),
      egress: [anyDns(), { toEntities: ['cluster'] }],
    },
    edits: [
      {
        manager: 'bartizan',
        minutesAgo: 23 * 24 * 60,
        patch: {
          spec: { endpointSelector: { matchLabels: { 'network-policy.gitlab.com/disabled_by': 'gitlab' } } },
        },
      },
    ],
  }),
  ciliumPolicy({
    owner: 'flux',
    namespace,
    name: 'reporting-egress',
    daysAgo: 9,
    spec: {
      description: 'Reports are read from the ledger and sent to partners.',
      endpointSelector: app('reporting'),
      egress: [
        anyDns(),
        { toEndpoints: [appIn('payments', 'postgres')], toPorts: ciliumPorts(5432) },
        { toCIDRSet: [{ cidrGroupRef: 'partner-networks' }], toPorts: ciliumPorts(443) },
      ],
    },
  }),
];
