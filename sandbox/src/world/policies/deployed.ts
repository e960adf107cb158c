import type { Json, JsonObject } from '../../json.ts';
import type { KubeObject } from '../../kubernetes/object.ts';

/** How a policy came to be: who made it, when, and who changed it since. */
export interface Deployed {
  readonly object: KubeObject;
  readonly manager: string;
  readonly daysAgo: number;
  readonly edits?: readonly Edit[];
}

export interface Edit {
  readonly manager: string;
  readonly minutesAgo: number;
  /** A JSON merge patch. */
  readonly patch: JsonObject;
}

export type Owner = 'argocd' | 'helm' | 'auto-devops' | 'flux' | 'hand';

interface Draft {
  readonly owner: Owner;
  readonly namespace: string;
  readonly name: string;
  readonly daysAgo: number;
  readonly spec: JsonObject;
  readonly edits?: readonly Edit[];
}

export function networkPolicy(draft: Draft): Deployed {
  return deployed('networking.k8s.io/v1', 'NetworkPolicy', draft);
}

export function ciliumPolicy(draft: Draft): Deployed {
  return deployed('cilium.io/v2', 'CiliumNetworkPolicy', draft);
}

export function clusterwidePolicy(draft: Omit<Draft, 'namespace'>): Deployed {
  return deployed('cilium.io/v2', 'CiliumClusterwideNetworkPolicy', { ...draft, namespace: '' });
}

export function cidrGroup(draft: Omit<Draft, 'namespace'>): Deployed {
  return deployed('cilium.io/v2', 'CiliumCIDRGroup', { ...draft, namespace: '' });
}

export function app(name: string): JsonObject {
  return { matchLabels: { app: name } };
}

/** Cilium's way to name pods of another namespace. */
export function appIn(namespace: string, name: string): JsonObject {
  return { matchLabels: { app: name, 'k8s:io.kubernetes.pod.namespace': namespace } };
}

/** Kubernetes' way to name pods of another namespace. */
export function podsIn(namespace: string, name: string): JsonObject {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } }, podSelector: app(name) };
}

export function pods(...names: readonly string[]): JsonObject[] {
  return names.map((name) => ({ podSelector: app(name) }));
}

export function tcp(port: number): JsonObject {
  return { port, protocol: 'TCP' };
}

export function ciliumPorts(port: number, rules?: JsonObject): Json {
  return [{ ports: [{ port: `${port}`, protocol: 'TCP' }], ...(rules ? { rules } : {}) }];
}

export function anyDns(): JsonObject {
  return {
    toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:k8s-app': 'kube-dns' } }],
    toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }],
  };
}

const managers: Readonly<Record<Owner, string>> = {
  argocd: 'argocd-application-controller',
  helm: 'helm',
  'auto-devops': 'helm',
  flux: 'kustomize-controller',
  hand: 'kubectl-create',
};

function deployed(apiVersion: string, kind: string, draft: Draft): Deployed {
  const { owner, namespace, name, spec, daysAgo, edits } = draft;
  const place = namespace === '' ? { name } : { name, namespace };
  const object = { apiVersion, kind, metadata: { ...place, ...ownerMarks(owner, namespace) }, spec };
  return { object, manager: managers[owner], daysAgo, ...(edits ? { edits } : {}) };
}

function ownerMarks(owner: Owner, namespace: string): JsonObject {
  switch (owner) {
    case 'argocd':
      return { labels: { 'argocd.argoproj.io/instance': `${namespace}-policies` } };
    case 'helm':
      return {
        labels: { 'app.kubernetes.io/managed-by': 'Helm' },
        annotations: { 'meta.helm.sh/release-name': namespace, 'meta.helm.sh/release-namespace': namespace },
      };
    case 'auto-devops':
      return {
        labels: { app: 'web', chart: 'auto-deploy-app-2.6.0', heritage: 'Helm', release: 'production' },
        annotations: { 'meta.helm.sh/release-name': 'production', 'meta.helm.sh/release-namespace': namespace },
      };
    case 'flux':
      return {
        labels: {
          'kustomize.toolkit.fluxcd.io/name': 'network-policies',
          'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
        },
      };
    case 'hand':
      return {};
    default:
      return owner satisfies never;
  }
}
