export const metric = 'hubble_flows_processed_total';

/** Which labels say where an event came from and went. Their values are namespaces, or `namespace/pod`. */
export interface EndLabels {
  readonly source: string;
  readonly destination: string;
}

/** Series whose events lie inside a set of namespaces. */
export interface Selection {
  readonly labels: EndLabels;
  readonly namespaces: readonly string[];
}

/** The labels that a metric has, as Cilium's two ways of asking for namespaces make them; null where neither was used. */
export function endLabelsOf(names: readonly string[]): EndLabels | null {
  if (names.includes('source_namespace') && names.includes('destination_namespace'))
    return { source: 'source_namespace', destination: 'destination_namespace' };
  if (names.includes('source') && names.includes('destination'))
    return { source: 'source', destination: 'destination' };
  return null;
}

/** Events by verdict in the seconds before the moment asked: those that came in, went out, or either, each once. */
export function increases(
  selection: Selection,
  seconds: number,
): { readonly ingress: string; readonly egress: string; readonly total: string } {
  const { labels } = selection;
  const into = `increase(${select(labels.destination, selection)}[${seconds}s])`;
  const out = `increase(${select(labels.source, selection)}[${seconds}s])`;
  return {
    ingress: `sum by (verdict) (${into})`,
    egress: `sum by (verdict) (${out})`,
    total: `sum by (verdict) (${into} or ${out})`,
  };
}

/** Per second, by verdict: what came in or went out, each event once. */
export function rates(selection: Selection, seconds: number): string {
  const { labels } = selection;
  const into = `rate(${select(labels.destination, selection)}[${seconds}s])`;
  const out = `rate(${select(labels.source, selection)}[${seconds}s])`;
  return `sum by (verdict) (${into} or ${out})`;
}

/** Series with a sample in the seconds before the moment asked, whatever their namespaces. */
export function presence(seconds: number): string {
  return `count(present_over_time(${metric}[${seconds}s]))`;
}

/** The same of series whose labels can name a namespace at all: those of an address, an identity or a DNS name cannot. */
export function presenceOfNamespaces({ source, destination }: EndLabels, seconds: number): string {
  const shaped = (label: string): string =>
    `present_over_time(${metric}{${label}=~"[a-z0-9]([-a-z0-9]*[a-z0-9])?(/.*)?"}[${seconds}s])`;
  return `count(${shaped(source)} or ${shaped(destination)})`;
}

/** When the newest sample of the selection was taken, in seconds since 1970. */
export function newest(selection: Selection): string {
  const { labels } = selection;
  return `max(timestamp(${select(labels.destination, selection)}) or timestamp(${select(labels.source, selection)}))`;
}

function select(label: string, { namespaces }: Selection): string {
  const inside = namespaces.map(escapeRegex).join('|');
  return `${metric}{${label}=~${quote(`(${inside})(/.*)?`)}}`;
}

/** RE2's special characters; a namespace has none, a value of a hostile configuration might. */
function escapeRegex(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, (character) => `\\${character}`);
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** What to add to Cilium's Helm values. */
export const helmLines = `# Cilium's Helm values
hubble:
  enabled: true
  metrics:
    enabled:
      - "flow:labelsContext=source_namespace,destination_namespace,traffic_direction"
      - "drop:labelsContext=source_namespace,destination_namespace,traffic_direction"
# or, as it was written before Cilium 1.13:
#     - "flow:sourceContext=namespace;destinationContext=namespace"
`;
