export const clusterName = 'prod-eu1';

export interface NodeSpec {
  readonly name: string;
  readonly address: string;
  readonly podRange: string;
}

export const nodes: readonly NodeSpec[] = [1, 2, 3, 4].map((number) => ({
  name: `${clusterName}-w0${number}`,
  address: `10.0.1.1${number}`,
  podRange: `10.4.${number}`,
}));

export interface NamespaceSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export const namespaces: readonly NamespaceSpec[] = [
  { name: 'kube-system', labels: {} },
  { name: 'payments', labels: { team: 'payments', tier: 'restricted' } },
  { name: 'platform', labels: { team: 'platform' } },
  { name: 'shop-prod', labels: { team: 'shop', stage: 'production' } },
];

/** Hosts that the ingress serves, and where it sends their requests. */
export const hosts = [
  { host: 'shop.alpenshop.example', namespace: 'shop-prod', upstream: 'shop-prod-web-80', workload: 'web', port: 8080 },
  {
    host: 'pay.alpenshop.example',
    namespace: 'payments',
    upstream: 'payments-payment-gateway-8443',
    workload: 'payment-gateway',
    port: 8443,
  },
] as const;
