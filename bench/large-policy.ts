/** A policy of many rules, each as people write them: labels in a namespace, one port, one kind of request. */
export function largePolicy(rules: number, { name = 'large', namespace = 'shop' } = {}): string {
  const one = (index: number): string => `
  - fromEndpoints:
    - matchLabels:
        app: client-${index}
        k8s:io.kubernetes.pod.namespace: team-${index % 20}
    toPorts:
    - ports:
      - port: "${8000 + index}"
        protocol: TCP
      rules:
        http:
        - method: GET
          path: /api/v${index % 7}/.*`;
  const items = Array.from({ length: rules }, (_, index) => one(index)).join('');
  return `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\nspec:\n  endpointSelector: {}\n  ingress:${items}\n`;
}
