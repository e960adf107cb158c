import { describe, expect, test } from 'vitest';
import { readManifests } from '../source/read-manifests.ts';
import { validate } from './validate.ts';
import type { CiliumVersion } from './versions.ts';

/** Problems of a text, in short: `severity refusedBy code path line`. */
function check(text: string, cilium?: CiliumVersion): readonly string[] {
  const { manifests, problems } = readManifests(text);
  const found = [...problems, ...manifests.flatMap((each) => validate(each, cilium === undefined ? {} : { cilium }))];
  return found.map(
    ({ severity, refusedBy, code, path, line }) => `${severity} ${refusedBy ?? '-'} ${code} ${path} ${line}`,
  );
}

function messages(text: string): string {
  return readManifests(text)
    .manifests.flatMap((each) => validate(each))
    .map(({ message }) => message)
    .join('\n');
}

const cnp = (name: string, spec: string) =>
  `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: ${name}, namespace: shop}\n${spec}`;

describe('reports from the field', () => {
  test('a range typed into a port is refused by Cilium, and the message offers endPort', () => {
    const text = cnp(
      'ftp-passive',
      `spec:
  endpointSelector: {matchLabels: {app: fetch}}
  egress:
  - toCIDR: [198.51.100.0/24]
    toPorts:
    - ports: [{port: "30000-30009", protocol: TCP}]
`,
    );
    expect(check(text)).toEqual(['error cilium bad-port spec.egress[0].toPorts[0].ports[0].port 9']);
    expect(messages(text)).toContain('`port: "30000"` with `endPort: 30009`');
  });

  test('a bad entry of specs is named, the good one is not', () => {
    const text = cnp(
      'pair',
      `specs:
- endpointSelector: {matchLabels: {app: cart}}
  ingress:
  - fromEndpoints: [{matchLabels: {app: web}}]
    fromEntities: [host]
- endpointSelector: {matchLabels: {app: stock}}
  ingress:
  - fromEndpoints: [{matchLabels: {app: cart}}]
`,
    );
    expect(check(text)).toEqual(['error cilium mixed-peers specs[0].ingress[0].fromEntities 8']);
  });

  test('a list, several documents and an unknown entity: one error, at the line of the file', () => {
    const text = `# only a comment
---
---
${cnp('a', 'spec: {endpointSelector: {}, ingress: [{fromEntities: [host]}]}')}
--- # a comment behind the separator
apiVersion: v1
kind: List
items:
- apiVersion: networking.k8s.io/v1
  kind: NetworkPolicy
  metadata: {name: b, namespace: shop}
  spec: {podSelector: {}, policyTypes: [Egress]}
- apiVersion: cilium.io/v2
  kind: CiliumNetworkPolicy
  metadata: {name: c, namespace: shop}
  spec:
    endpointSelector: {}
    ingress:
    - fromEntities: [clusters]
...
---
apiVersion: v1
kind: ConfigMap
metadata: {name: not-a-policy, namespace: shop}
`;
    const expected = ['error api-server not-allowed spec.ingress[0].fromEntities[0] 22'];
    expect(check(text)).toEqual(expected);
    expect(check(text.replaceAll('\n', '\r\n'))).toEqual(expected);
    expect(messages(text)).toContain('did you mean `cluster`?');
  });

  test('toEndpoints under ingress: the field meant, and what is left where it is dropped', () => {
    const text = cnp(
      'agent',
      `spec:
  endpointSelector: {matchLabels: {app: agent}}
  ingress:
  - toEndpoints: [{matchLabels: {app: collector}}]
    toPorts:
    - ports: [{port: "5005", protocol: TCP}]
`,
    );
    expect(check(text)).toEqual(['error api-server unknown-field spec.ingress[0].toEndpoints 7']);
    expect(messages(text)).toContain('did you mean `fromEndpoints`?');
    expect(messages(text)).toContain('open to everyone, the internet included');
  });

  test('an exception wider than its block: refused since 1.20, a warning before', () => {
    const text = (except: string) =>
      cnp(
        'hole',
        `spec:\n  endpointSelector: {}\n  egress:\n  - toCIDRSet:\n    - cidr: 10.20.30.0/24\n      except: [${except}]\n`,
      );
    const path = 'spec.egress[0].toCIDRSet[0].except[0]';
    expect(check(text('10.20.0.0/16'))).toEqual([`error cilium except-outside ${path} 9`]);
    expect(check(text('10.20.0.0/16'), '1.19').filter((line) => line.startsWith('error'))).toEqual([]);
    expect(check(text('10.20.0.0/16'), '1.19')).toContain(`warning - except-wider ${path} 9`);
    expect(check(text('10.99.0.0/16'), '1.19')).toEqual([`error cilium except-outside ${path} 9`]);
    expect(check(text('10.20.30.0/24'))).toContain('warning - nothing-left spec.egress[0].toCIDRSet[0].cidr 8');
  });

  test('no item, an empty item, an empty list of peers and the empty item of Kubernetes are four things', () => {
    const one = cnp('one', 'spec: {endpointSelector: {}, enableDefaultDeny: {ingress: true}, ingress: []}\n');
    const two = cnp('two', 'spec: {endpointSelector: {}, ingress: [{}]}\n');
    const ports = 'toPorts: [{ports: [{port: "80", protocol: TCP}]}]';
    const three = (peers: string) =>
      cnp('three', `spec:\n  endpointSelector: {}\n  ingress:\n  - fromEntities:${peers}\n    ${ports}\n`);
    const four =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: four}\nspec: {podSelector: {}, ingress: [{}]}\n';
    expect(check(one)).toEqual(['error cilium no-rules spec.ingress 4']);
    expect(messages(one)).toContain('write `ingress: [{}]` to deny all inbound traffic');
    expect(check(two)).toEqual(['warning - empty-rule spec.ingress[0] 4']);
    expect(check(three(' []'))).toEqual([]);
    expect(check(three(''))).toEqual(['warning - null-field spec.ingress[0].fromEntities 7']);
    expect(messages(three(''))).toContain('open to everyone');
    expect(check(four)).toEqual([]);
  });

  test('deny rules alone deny the rest too, and a warning says so', () => {
    const text = (more: string) => `apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: {name: no-smtp}
spec:
  endpointSelector:
    matchExpressions: [{key: role, operator: NotIn, values: [relay]}]
  egressDeny:
  - toPorts: [{ports: [{port: "25", protocol: TCP}]}]
${more}`;
    expect(check(text(''))).toEqual(['warning - deny-only spec.egressDeny 7']);
    expect(messages(text(''))).toContain('everything else outgoing is denied too');
    expect(check(text('  enableDefaultDeny: {egress: false}\n'))).toEqual([]);
  });

  test('0.0.0.0/0 means the outside, and IPv4 only', () => {
    const text = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: internet, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]
`;
    expect(check(text)).toEqual(['warning - outside-only spec.egress[0].to[0].ipBlock.cidr 7']);
    expect(messages(text)).toMatch(/outside the cluster.*IPv4 only/);
  });

  test('names need a DNS rule, look-alikes are named, and ** reaches one label before 1.19', () => {
    const text = (pattern: string, dns: string) =>
      cnp(
        'cdn',
        `spec:
  endpointSelector: {}
  egress:
  - toFQDNs: [{matchPattern: "${pattern}"}]
    toPorts: [{ports: [{port: "443", protocol: TCP}]}]
${dns}`,
      );
    const dns = `  - toEndpoints: [{matchLabels: {"k8s:io.kubernetes.pod.namespace": kube-system, k8s-app: kube-dns}}]
    toPorts: [{ports: [{port: "53", protocol: ANY}], rules: {dns: [{matchPattern: "*"}]}}]
`;
    const at = 'spec.egress[0].toFQDNs';
    expect(check(text('*.example.net', dns))).toEqual([]);
    expect(check(text('*.example.net', ''))).toEqual([`warning - fqdn-without-dns ${at} 7`]);
    expect(check(text('*example.net', dns))).toEqual([`warning - look-alike-domain ${at}[0].matchPattern 7`]);
    expect(check(text('**.example.net', dns), '1.18')).toEqual([
      `warning - one-label-wildcard ${at}[0].matchPattern 7`,
    ]);
    expect(check(text('**.example.net', dns))).toEqual([]);
  });

  test('a refused value that a template should have filled in is named as such', () => {
    const text = (name: string) =>
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: "${name}"}\nspec: {podSelector: {}}\n`;
    expect(messages(text('{{ .Release.Name }}'))).toContain('check the output of `helm template`');
    expect(messages(text('${NAME}'))).toContain('placeholder');
    expect(messages(text('A'))).not.toMatch(/template|placeholder/);
  });

  test('what kubectl get prints is accepted as it is', () => {
    const text = `apiVersion: v1
kind: List
metadata: {resourceVersion: ""}
items:
- apiVersion: cilium.io/v2
  kind: CiliumNetworkPolicy
  metadata:
    annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}"}
    creationTimestamp: "2026-06-15T12:00:00Z"
    generation: 3
    managedFields:
    - {apiVersion: cilium.io/v2, fieldsType: FieldsV1, fieldsV1: {"f:spec": {}}, manager: kubectl, operation: Update, time: "2026-06-15T12:00:00Z"}
    name: a
    namespace: shop
    resourceVersion: "17"
    uid: 0b2c
  spec: {endpointSelector: {}, ingress: [{fromEntities: [host]}]}
  status: {conditions: [{type: Valid, status: "True", message: ok, lastTransitionTime: "2026-06-15T12:00:00Z"}]}
`;
    expect(check(text)).toEqual([]);
  });

  test('of very many problems a thousand are listed and the rest is counted', () => {
    const fields = Array.from({ length: 3000 }, (_, index) => `wrong${index}: 1`).join(', ');
    const text = cnp('many', `spec: {endpointSelector: {}, ingress: [{${fields}}, {fromNodes: [{}]}]}\n`);
    const problems = readManifests(text).manifests.flatMap((each) => validate(each));
    expect(problems.length).toBeLessThan(1010);
    expect(problems.map(({ refusedBy }) => refusedBy)).toContain('cilium');
    expect(problems.at(-1)?.message).toContain('more problems of this object are not listed');
  });
});
