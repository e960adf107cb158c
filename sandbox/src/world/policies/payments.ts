import type { Deployed } from './deployed.ts';
import { anyDns, app, appIn, ciliumPolicy, ciliumPorts, networkPolicy, pods, podsIn, tcp } from './deployed.ts';

const namespace = 'payments';
const argo = { owner: 'argocd', namespace } as const;

export const paymentsPolicies: readonly Deployed[] = [
  ciliumPolicy({
    ...argo,
    name: 'default-deny',
    daysAgo: 94,
    spec: { endpointSelector: {}, ingress: [{}], egress: [{}] },
  }),
  ciliumPolicy({ ...argo, name: 'allow-dns', daysAgo: 94, spec: { endpointSelector: {}, egress: [anyDns()] } }),
  ciliumPolicy({
    ...argo,
    name: 'allow-checkout-to-gateway',
    daysAgo: 93,
    spec: {
      description: 'Checkout may start payments. Kubelet may probe. Prometheus may scrape.',
      endpointSelector: app('payment-gateway'),
      ingress: [
        { fromEndpoints: [appIn('shop-prod', 'checkout')], toPorts: ciliumPorts(8443) },
        { fromEntities: ['host'], toPorts: ciliumPorts(8081) },
        { fromEndpoints: [appIn('platform', 'prometheus')], toPorts: ciliumPorts(9090) },
      ],
    },
    edits: [
      {
        manager: 'argocd-application-controller',
        minutesAgo: 21 * 24 * 60,
        patch: { metadata: { annotations: { 'payments.alpenshop.example/reviewed': 'true' } } },
      },
    ],
  }),
  ciliumPolicy({
    ...argo,
    name: 'gateway-from-ingress',
    daysAgo: 93,
    spec: {
      endpointSelector: app('payment-gateway'),
      ingress: [{ fromEndpoints: [appIn('platform', 'ingress-gateway')], toPorts: ciliumPorts(8443) }],
    },
  }),
  ciliumPolicy({
    ...argo,
    name: 'gateway-to-psp',
    daysAgo: 21,
    spec: {
      endpointSelector: app('payment-gateway'),
      egress: [
        { toFQDNs: [{ matchName: 'api.psp.example.net' }], toPorts: ciliumPorts(443) },
        { toEndpoints: [app('ledger'), app('fraud-check')], toPorts: ciliumPorts(8080) },
      ],
    },
  }),
  ciliumPolicy({
    ...argo,
    name: 'fraud-check',
    daysAgo: 2,
    spec: {
      endpointSelector: app('fraud-check'),
      ingress: [
        {
          fromEndpoints: [app('payment-gateway')],
          toPorts: ciliumPorts(8080, { http: [{ method: 'POST', path: '/score' }] }),
        },
      ],
      egress: [{ toFQDNs: [{ matchPattern: 'risk.*.example.net' }], toPorts: ciliumPorts(443) }],
    },
  }),
  networkPolicy({
    ...argo,
    name: 'ledger-ingress',
    daysAgo: 94,
    spec: {
      podSelector: app('ledger'),
      policyTypes: ['Ingress'],
      ingress: [{ from: pods('payment-gateway', 'payout'), ports: [tcp(8080)] }],
    },
  }),
  networkPolicy({
    ...argo,
    name: 'ledger-to-postgres',
    daysAgo: 94,
    spec: {
      podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['ledger', 'payout'] }] },
      policyTypes: ['Egress'],
      egress: [
        { to: pods('postgres'), ports: [tcp(5432)] },
        { to: pods('ledger'), ports: [tcp(8080)] },
      ],
    },
  }),
  networkPolicy({
    ...argo,
    name: 'postgres-ingress',
    daysAgo: 94,
    spec: {
      podSelector: app('postgres'),
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: pods('ledger', 'payout', 'postgres'), ports: [tcp(5432)] },
        { from: [podsIn('platform', 'reporting')], ports: [tcp(5432)] },
      ],
      egress: [{ to: pods('postgres'), ports: [tcp(5432)] }],
    },
  }),
];
