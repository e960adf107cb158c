import type { PolicyRule } from '@bartizan/policy';
import { expect, test } from 'vitest';
import { ruleSentence } from './rule-sentence.ts';

const base: PolicyRule = { direction: 'ingress', action: 'allow', peers: [], ports: [] };
const inTeam = { matchLabels: { app: 'web', 'k8s:io.kubernetes.pod.namespace': 'team' } };

test.each<[string, PolicyRule]>([
  [
    'Allow traffic inbound to the selected pods from pods with app=web in namespace team on 80/TCP, only GET /a',
    {
      ...base,
      peers: [{ type: 'pods', pods: inTeam }],
      ports: [{ port: '80', protocol: 'TCP' }],
      http: [{ method: 'GET', path: '/a' }],
    },
  ],
  ['Allow traffic inbound to the selected pods from nobody on any port', base],
  [
    'Deny traffic outbound from the selected pods to 10.0.0.0/8 except 10.1.0.0/16 or every pod in this namespace on any port',
    {
      ...base,
      direction: 'egress',
      action: 'deny',
      peers: [
        { type: 'cidr', cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] },
        { type: 'pods', pods: {} },
      ],
    },
  ],
  [
    'Allow traffic outbound from the selected pods to entity world on ICMP types 8/IPv4',
    { ...base, direction: 'egress', peers: [{ type: 'entity', entity: 'world' }], icmp: [{ family: 'IPv4', type: 8 }] },
  ],
  [
    'Allow traffic outbound from the selected pods to *.example.net on 53/ANY, only DNS *',
    {
      ...base,
      direction: 'egress',
      peers: [{ type: 'dns', pattern: '*.example.net' }],
      ports: [{ port: '53', protocol: 'ANY' }],
      dns: [{ pattern: '*' }],
    },
  ],
])('%s', (sentence, rule) => expect(ruleSentence(rule, 'CiliumNetworkPolicy')).toBe(sentence));
