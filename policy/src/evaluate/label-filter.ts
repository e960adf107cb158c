const included = [
  /^reserved:.*/,
  /^io\.kubernetes\.pod\.namespace/,
  /^io\.cilium\.k8s\.namespace\.labels/,
  /^app\.kubernetes\.io/,
  /^io\.cilium\.k8s\.policy\.cluster/,
  /^io\.cilium\.k8s\.policy\.serviceaccount/,
];

const ignored = [
  /^io\.kubernetes/,
  /^kubernetes\.io/,
  /^statefulset\.kubernetes\.io\/pod-name/,
  /^apps\.kubernetes\.io\/pod-index/,
  /^batch\.kubernetes\.io\/job-completion-index/,
  /^batch\.kubernetes\.io\/controller-uid/,
  /^.*beta\.kubernetes\.io/,
  /^k8s\.io/,
  /^pod-template-generation/,
  /^pod-template-hash/,
  /^controller-revision-hash/,
  /^controller-uid/,
  /^annotation.*/,
  /^etcd_node/,
  /^topology\.kubernetes\.io/,
];

/**
 * The labels that the agents keep by default: a key is dropped when an ignoring expression matches and none of the
 * including ones matches more of it. https://docs.cilium.io/en/stable/operations/performance/scalability/identity-relevant-labels/
 */
export function filterLabels(labels: readonly [string, string][]): [string, string][] {
  return labels.filter(([key]) => {
    const longest = Math.max(0, ...matchLengths(included, key));
    const shortest = Math.min(Infinity, ...matchLengths(ignored, key));
    return shortest === Infinity || longest > shortest;
  });
}

function matchLengths(expressions: readonly RegExp[], key: string): number[] {
  return expressions.flatMap((expression) => expression.exec(key)?.[0].length ?? []);
}
