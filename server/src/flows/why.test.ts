import type { KubernetesObject } from '@bartizan/backends';
import { readExportLine } from '@bartizan/flow';
import type { FlowRecord } from '@bartizan/flow';
import { lowerPolicy } from '@bartizan/policy';
import { describe, expect, test } from 'vitest';
import { memoryCluster } from '../deps.fixture.ts';
import { whyOf } from './why.ts';

function record(flow: object): FlowRecord {
  const line = readExportLine(
    JSON.stringify({ flow: { time: '2026-06-15T12:00:00Z', Type: 'L3_L4', event_type: { type: 5 }, ...flow } }),
  );
  const [first] = Array.isArray(line) ? line : [line];
  if (first?.kind !== 'flow') throw new Error('no flow');
  return first.record;
}

const web = { namespace: 'shop', labels: ['k8s:app=web', 'k8s:io.kubernetes.pod.namespace=shop'], pod_name: 'web-0' };
const api = { namespace: 'shop', labels: ['k8s:app=api', 'k8s:io.kubernetes.pod.namespace=shop'], pod_name: 'api-0' };
const toPort = (port: number) => ({ TCP: { source_port: 41_000, destination_port: port, flags: { SYN: true } } });

function policy(name: string, spec: object): object {
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name, namespace: 'shop' }, spec };
}

const apiIn = policy('api-in', {
  endpointSelector: { matchLabels: { app: 'api' } },
  ingress: [
    { fromEndpoints: [{ matchLabels: { app: 'web' } }], toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }] }] },
  ],
});
const apiOut = policy('api-out', {
  endpointSelector: { matchLabels: { app: 'web' } },
  egress: [{ toFQDNs: [{ matchName: 'pay.example.org' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] }],
});

function why(flow: FlowRecord, ...policies: object[]) {
  const cluster = memoryCluster(policies as KubernetesObject[]);
  const lowered = policies.map((object) => lowerPolicy(object)).flatMap((result) => (result.ok ? [result.value] : []));
  return whyOf(flow, { cluster, then: { policies: lowered, asOf: 'then' } });
}

describe('why', () => {
  test('a drop by default deny names the policy, the nearest rule and the smallest change', () => {
    const flow = record({
      verdict: 'DROPPED',
      drop_reason_desc: 'POLICY_DENIED',
      l4: toPort(8443),
      source: web,
      destination: api,
      traffic_direction: 'INGRESS',
    });
    const answer = why(flow, apiIn);
    expect(answer).toMatchObject({
      verdict: 'denied',
      egress: 'allowed',
      ingress: 'denied',
      agrees: true,
      because: { ingress: 'default-deny' },
    });
    expect(answer.decidedBy).toContainEqual(
      expect.objectContaining({ policy: 'CiliumNetworkPolicy/shop/api-in', effect: 'default-deny' }),
    );
    expect(answer.nearest).toMatchObject({
      rule: 'ingress[0]',
      differs: [{ what: 'port', expected: '8080', actual: '8443/TCP' }],
    });
    expect(answer.fix).toMatchObject({
      policy: 'CiliumNetworkPolicy/shop/api-in',
      words: 'Add port 8443/TCP beside 8080.',
    });
  });

  test('a drop towards the node is denied on the way out, with no side at the host', () => {
    const flow = record({
      verdict: 'DROPPED',
      drop_reason_desc: 'POLICY_DENIED',
      IP: { source: '10.0.1.5', destination: '192.168.7.2' },
      l4: toPort(9100),
      source: web,
      destination: { identity: 1, labels: ['reserved:host'] },
      traffic_direction: 'EGRESS',
    });
    const answer = why(flow, apiOut);
    expect(answer).toMatchObject({ verdict: 'denied', egress: 'denied', ingress: 'none', agrees: true });
    expect(answer.decidedBy).toMatchObject([{ policy: 'CiliumNetworkPolicy/shop/api-out', effect: 'default-deny' }]);
  });

  test('a flow in audit mode that would be dropped is denied, and agrees', () => {
    const flow = record({
      verdict: 'AUDIT',
      l4: toPort(8443),
      source: web,
      destination: api,
      traffic_direction: 'INGRESS',
    });
    expect(why(flow, apiIn)).toMatchObject({ verdict: 'denied', agrees: true, reported: { verdict: 'AUDIT' } });
  });

  test('a drop that no policy causes says so', () => {
    const flow = record({
      verdict: 'DROPPED',
      drop_reason_desc: 'TTL_EXCEEDED',
      event_type: { type: 1 },
      l4: toPort(8080),
      source: web,
      destination: api,
    });
    expect(why(flow, apiIn)).toMatchObject({
      verdict: 'not-policy',
      reason: expect.stringContaining('TTL_EXCEEDED'),
      agrees: null,
    });
  });

  test('a reply is judged as the connection that it belongs to', () => {
    const flow = record({
      verdict: 'FORWARDED',
      event_type: { type: 4 },
      is_reply: true,
      l4: { TCP: { source_port: 8080, destination_port: 41_000 } },
      source: api,
      destination: web,
    });
    expect(why(flow, apiIn)).toMatchObject({ verdict: 'allowed', agrees: true });
  });

  test('an end that the event does not name is unknown, never guessed', () => {
    const flow = record({
      verdict: 'DROPPED',
      drop_reason_desc: 'POLICY_DENIED',
      l4: toPort(8080),
      source: web,
      destination: {},
    });
    expect(why(flow, apiIn)).toMatchObject({ verdict: 'unknown', agrees: null });
  });
});
