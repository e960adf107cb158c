/** Labels that say what a workload is, by convention; the recommended ones of Kubernetes first. */
const identifying = [
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/component',
  'app',
  'k8s-app',
  'component',
  'name',
];

/** Labels that a controller sets, or that change with a roll-out: a rule that names them stops to hold. */
const passing = [
  /^pod-template-hash$/,
  /^controller-revision-hash$/,
  /^pod-template-generation$/,
  /^controller-uid$/,
  /^job-name$/,
  /^(batch|apps|statefulset)\.kubernetes\.io\//,
  /^app\.kubernetes\.io\/(version|managed-by)$/,
  /^(helm\.sh\/chart|chart|version|heritage|release-revision)$/,
];

/** The labels to know the pods of a workload by, also after the next roll-out; empty where it has none of its own. */
export function steadyLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const lasting = Object.entries(labels).filter(([key]) => !passing.some((pattern) => pattern.test(key)));
  const telling = lasting.filter(([key]) => identifying.includes(key));
  return Object.fromEntries(telling.length > 0 ? telling : lasting);
}
