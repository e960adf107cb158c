/** What Cilium's Helm values must say for flows and their metrics, in the words of the release that was found; null: of any. */
export function helmValues(version: string | null): string {
  const release = /(\d+)\.(\d+)(?:\.\d+)?/.exec(version ?? '');
  const minor = release?.[1] === '1' ? Number(release[2]) : null;
  const found = release ? ` of Cilium ${release[0]}` : '';
  if (minor !== null && minor < 9) return `# Helm values${found}\n${formerly}`;
  const modern = minor === null || minor >= 13;
  const others =
    minor === null
      ? `\n# Before Cilium 1.13, in place of the lines under metrics.enabled:\n${commented(contextMetrics)}# Before Cilium 1.9:\n${commented(formerly)}`
      : '';
  return `# Helm values${found}
hubble:
  enabled: true
  relay:
    enabled: true
  metrics:
    enabled:
${modern ? labelMetrics : contextMetrics}    serviceMonitor:
      enabled: true # with the Prometheus operator
${others}`;
}

/** Labels of their own since 1.13 (`labelsContext`); traffic_direction tells the two ends apart. */
const labelMetrics = `      - "flow:labelsContext=source_namespace,destination_namespace,traffic_direction"
      - "drop:labelsContext=source_namespace,destination_namespace,traffic_direction"
      - "policy:labelsContext=source_namespace,destination_namespace"
`;

const contextMetrics = `      - "flow:sourceContext=namespace;destinationContext=namespace"
      - "drop:sourceContext=namespace;destinationContext=namespace"
`;

const formerly = `global:
  hubble:
    enabled: true
    metrics:
      enabled:
        - 'flow:sourceContext=namespace;destinationContext=namespace'
`;

function commented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '# ');
}
