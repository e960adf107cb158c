/** Where the console has its policies. */
export const policies = '/api/v1/environments/shop/policies';

/** A NetworkPolicy whose label `count` tells its versions apart. */
export function policyText(name: string, count: number, { namespace = 'shop', labels = '' } = {}): string {
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}
  namespace: ${namespace}
  labels: {count: "${count}"${labels}}
spec:
  podSelector: {matchLabels: {app: ${name}}}
  policyTypes: [Ingress]
`;
}

/** Its address at the console. */
export function policyPath(name: string, namespace = 'shop'): string {
  return `${policies}/${namespace}/NetworkPolicy/${name}`;
}

/** Its address at the API server. */
export function objectPath(name: string, namespace = 'shop'): string {
  return `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/${name}`;
}
