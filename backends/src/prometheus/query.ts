export const metric = 'hubble_flows_processed_total';

/** Which labels say where an event came from and went. Their values are namespaces, or `namespace/pod`. */
export interface EndLabels {
  readonly source: string;
  readonly destination: string;
}

/** Series whose events lie inside a set of namespaces. */
export interface Selection {
  /** More than one where the metric was configured anew, or otherwise on some nodes: each series has one of them. */
  readonly shapes: readonly EndLabels[];
  readonly namespaces: readonly string[];
}

export const labelsShape: EndLabels = { source: 'source_namespace', destination: 'destination_namespace' };
export const contextShape: EndLabels = { source: 'source', destination: 'destination' };

/** Of the labels that a metric has, those that Cilium's two ways of asking for namespaces make. */
export function shapesOf(names: readonly string[]): readonly EndLabels[] {
  return [labelsShape, contextShape].filter(
    ({ source, destination }) => names.includes(source) && names.includes(destination),
  );
}

/** Whether values of `source` and `destination` can be namespaces or begin with one: not those of addresses, identities or pods alone. */
export function holdNamespaces(values: readonly string[]): boolean {
  const named = values.filter((value) => value !== '' && !reserved.test(value));
  return named.length === 0 || named.some((value) => namespaced.test(value) && !podName.test(value));
}

const reserved =
  /^(reserved:.*|host|world|world-ipv[46]|remote-node|kube-apiserver|ingress|health|unmanaged|init|unknown)$/;
const namespaced = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\/.*)?$/;
/** The end of a name that a ReplicaSet gave, in the letters that Kubernetes makes names of. */
const podName = /^[^/]*-[bcdfghjklmnpqrstvwxz2456789]{5}$/;

/** Events by verdict in the seconds before the moment asked: those that came in, went out, or either, each once. */
export function increases(
  selection: Selection,
  seconds: number,
): { readonly ingress: string; readonly egress: string; readonly total: string } {
  const into = each(selection, 'destination', (series) => `increase(${series}[${seconds}s])`);
  const out = each(selection, 'source', (series) => `increase(${series}[${seconds}s])`);
  return {
    ingress: `sum by (verdict) (${into})`,
    egress: `sum by (verdict) (${out})`,
    total: `sum by (verdict) (${into} or ${out})`,
  };
}

/** Per second, by verdict: what came in or went out, each event once. */
export function rates(selection: Selection, seconds: number): string {
  const rate = (series: string): string => `rate(${series}[${seconds}s])`;
  return `sum by (verdict) (${each(selection, 'destination', rate)} or ${each(selection, 'source', rate)})`;
}

/** Series with a sample in the seconds before the moment asked, whatever their namespaces. */
export function presence(seconds: number): string {
  return `count(present_over_time(${metric}[${seconds}s]))`;
}

/** When the newest sample of the selection was taken, in seconds since 1970. */
export function newest(selection: Selection): string {
  const at = (series: string): string => `timestamp(${series})`;
  return `max(${each(selection, 'destination', at)} or ${each(selection, 'source', at)})`;
}

/** Once for each shape; what is the same series in both comes once. */
function each({ shapes, namespaces }: Selection, end: keyof EndLabels, wrap: (series: string) => string): string {
  const inside = quote(`(${namespaces.map(escapeRegex).join('|')})(/.*)?`);
  return shapes
    .map((shape) => {
      const isSecond = shape !== shapes[0];
      const others = isSecond ? Object.values(shapes[0] ?? {}).map((label) => `,${label}=""`) : [];
      return wrap(`${metric}{${shape[end]}=~${inside}${others.join('')}}`);
    })
    .join(' or ');
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
