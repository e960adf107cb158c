export const metric = 'hubble_flows_processed_total';

/** Which labels say where an event came from and went. Their values are namespaces, or `namespace/pod`. */
export interface EndLabels {
  readonly source: string;
  readonly destination: string;
}

/** Which series are looked at at all. */
export interface SeriesOf {
  /** Labels that every series must have, as the configuration names them: `cluster` where one server has several. */
  readonly match: Readonly<Record<string, string>>;
  /** Labels that tell apart servers which scrape the same targets: an event is in the series of each. */
  readonly replicas: readonly string[];
}

/** Series whose events lie inside a set of namespaces. */
export interface Selection extends SeriesOf {
  /** More than one where the metric was configured anew, or otherwise on some nodes: each series has one of them. */
  readonly shapes: readonly EndLabels[];
  readonly namespaces: readonly string[];
}

export const labelsShape: EndLabels = { source: 'source_namespace', destination: 'destination_namespace' };
export const contextShape: EndLabels = { source: 'source', destination: 'destination' };

const replicaNames = ['prometheus_replica', '__replica__', 'replica', 'receive_replica'];
const clusterNames = ['cluster', 'cluster_name', 'k8s_cluster_name', 'k8s_cluster'];

export function replicasOf(names: readonly string[]): readonly string[] {
  return replicaNames.filter((name) => names.includes(name));
}

/** Labels that may tell clusters apart, where the configuration does not say which is meant. */
export function clusterLabels(names: readonly string[], match: SeriesOf['match']): readonly string[] {
  return clusterNames.filter((name) => names.includes(name) && match[name] === undefined);
}

/** Of the labels that a metric has, those that Cilium's two ways of asking for namespaces make. */
export function shapesOf(names: readonly string[]): readonly EndLabels[] {
  return [labelsShape, contextShape].filter(
    ({ source, destination }) => names.includes(source) && names.includes(destination),
  );
}

/**
 * Whether values of `source` or `destination` can be namespaces or begin with one: not those of addresses, identities or pods
 * alone. Names of workloads and apps look the same; where the cluster's namespaces are known, most must be of them.
 */
export function holdNamespaces(values: readonly string[], known: readonly string[] = []): boolean {
  const named = values.filter((value) => value !== '' && !reserved.test(value));
  if (named.length === 0) return true;
  if (known.length === 0) return named.some((value) => namespaced.test(value) && !podName.test(value));
  const namespaces = new Set(named.map((value) => value.split('/', 1)[0] ?? ''));
  const inCluster = [...namespaces].filter((namespace) => known.includes(namespace));
  return inCluster.length * 2 >= namespaces.size;
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
  const sum = (series: string): string => `sum by (verdict) (${once(selection, series)})`;
  return { ingress: sum(into), egress: sum(out), total: sum(`${into} or ${out}`) };
}

const endOf = { ingress: 'destination', egress: 'source' } as const;

/** Per second, by verdict: what came in or went out, each event once, or one of the two. */
export function rates(selection: Selection, seconds: number, place?: 'ingress' | 'egress'): string {
  const rate = (series: string): string => `rate(${series}[${seconds}s])`;
  const ends = place === undefined ? (['destination', 'source'] as const) : [endOf[place]];
  return `sum by (verdict) (${once(selection, ends.map((end) => each(selection, end, rate)).join(' or '))})`;
}

/** Of servers that scrape the same, the one that saw most of it: what was down for a while saw less. */
function once({ replicas }: SeriesOf, series: string): string {
  return replicas.length === 0 ? series : `max without (${replicas.join(', ')}) (${series})`;
}

/** Series with a sample in the seconds before the moment asked, whatever their namespaces. */
export function presence(match: SeriesOf['match'], seconds: number): string {
  return `count(present_over_time(${seriesOf(match)}[${seconds}s]))`;
}

/** The metric with the labels that every series must have. */
export function seriesOf(match: SeriesOf['match'], more: readonly string[] = []): string {
  const all = [...more, ...Object.entries(match).map(([label, value]) => `${label}=${quote(value)}`)];
  return all.length === 0 ? metric : `${metric}{${all.join(',')}}`;
}

/** When the newest sample of the selection was taken, in seconds since 1970. */
export function newest(selection: Selection): string {
  const at = (series: string): string => `timestamp(${series})`;
  return `max(${each(selection, 'destination', at)} or ${each(selection, 'source', at)})`;
}

/** Once for each shape; what is the same series in both comes once. */
function each(
  { shapes, namespaces, match }: Selection,
  end: keyof EndLabels,
  wrap: (series: string) => string,
): string {
  const inside = quote(`(${namespaces.map(escapeRegex).join('|')})(/.*)?`);
  return shapes
    .map((shape) => {
      const isSecond = shape !== shapes[0];
      const others = isSecond ? Object.values(shapes[0] ?? {}).map((label) => `${label}=""`) : [];
      return wrap(seriesOf(match, [`${shape[end]}=~${inside}`, ...others]));
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
