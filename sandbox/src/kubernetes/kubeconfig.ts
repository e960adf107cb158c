/** A kubeconfig with one context; the API of the sandbox asks for no credentials. */
export function kubeconfigFor({ name, server }: { readonly name: string; readonly server: string }): string {
  return `apiVersion: v1
kind: Config
current-context: ${name}
clusters:
  - name: ${name}
    cluster:
      server: ${server}
contexts:
  - name: ${name}
    context:
      cluster: ${name}
      user: sandbox
      namespace: shop-prod
users:
  - name: sandbox
    user: {}
`;
}
