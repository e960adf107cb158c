import type { Deployed } from './deployed.ts';
import { cidrGroup, clusterwidePolicy } from './deployed.ts';

/** Deny rules alone: they switch no default deny on. */
const denyOnly = { enableDefaultDeny: { ingress: false, egress: false } };

export const clusterWidePolicies: readonly Deployed[] = [
  cidrGroup({
    owner: 'flux',
    name: 'partner-networks',
    daysAgo: 120,
    spec: { externalCIDRs: ['192.0.2.128/27', '2001:db8:40::/48'] },
  }),
  cidrGroup({
    owner: 'flux',
    name: 'known-bad',
    daysAgo: 120,
    spec: { externalCIDRs: ['198.51.100.192/28'] },
  }),
  clusterwidePolicy({
    owner: 'flux',
    name: 'block-metadata-service',
    daysAgo: 120,
    spec: { endpointSelector: {}, ...denyOnly, egressDeny: [{ toCIDR: ['169.254.169.254/32'] }] },
  }),
  clusterwidePolicy({
    owner: 'flux',
    name: 'block-known-bad',
    daysAgo: 120,
    spec: {
      endpointSelector: { matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' }] },
      ...denyOnly,
      ingressDeny: [{ fromCIDRSet: [{ cidrGroupRef: 'known-bad' }] }],
      egressDeny: [{ toCIDRSet: [{ cidrGroupRef: 'known-bad' }] }],
    },
  }),
];
