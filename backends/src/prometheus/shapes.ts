import type { Window } from '@bartizan/api';
import type { EndLabels, SeriesOf } from './query.ts';
import { clusterLabels, contextShape, helmLines, holdNamespaces, metric, replicasOf, shapesOf } from './query.ts';

export interface LabelAsker {
  /** Labels of the metric in a window, or of all that there is. */
  labelNames(window: Window | null): Promise<readonly string[]>;
  labelValues(label: string, window: Window | null): Promise<readonly string[]>;
}

/** Why no figure of a namespace can be had, and the exact lines that change it. */
export interface Problem {
  readonly reason: string;
  readonly fix: string;
}

export interface FoundShapes {
  readonly shapes: readonly EndLabels[];
  readonly replicas: readonly string[];
  readonly problem: Problem | null;
}

interface Expected {
  readonly match: SeriesOf['match'];
  /** The namespaces of the cluster, where they are known. */
  readonly namespaces: readonly string[];
}

/** How the metric tells namespaces: in the window, or, where it has nothing in it, at any time. */
export async function findShapes(asker: LabelAsker, expected: Expected, window: Window | null): Promise<FoundShapes> {
  const inWindow = window === null ? [] : await asker.labelNames(window);
  const asked = inWindow.length > 0 ? window : null;
  const names = inWindow.length > 0 ? inWindow : await asker.labelNames(null);
  const found = { shapes: shapesOf(names), replicas: replicasOf(names) };
  const valuesOf = (label: string): Promise<readonly string[]> => asker.labelValues(label, asked);
  const problem =
    withoutLabels(names, expected.match) ??
    (await severalClusters(clusterLabels(names, expected.match), valuesOf)) ??
    (found.shapes.every((shape) => shape === contextShape) ? await otherContext(expected, valuesOf) : null);
  return { ...found, problem };
}

export function wellInWords({ shapes, replicas }: Omit<FoundShapes, 'problem'>): string {
  const pairs = shapes.map(({ source, destination }) => `${source} and ${destination}`);
  const said = `namespaces are in the labels ${pairs.join(', and where those are missing in ')}`;
  return replicas.length === 0
    ? said
    : `${said}; of servers that ${replicas.join(' and ')} tells apart the fuller one counts`;
}

function misconfigured(reason: string): Problem {
  return { reason, fix: helmLines };
}

function withoutLabels(names: readonly string[], match: SeriesOf['match']): Problem | null {
  const wanted = Object.entries(match).map(([label, value]) => `${label}="${value}"`);
  const which = wanted.length === 0 ? '' : ` with ${wanted.join(', ')}`;
  if (names.length === 0)
    return misconfigured(`there is no metric ${metric}${which}: Hubble's metrics are off, or nothing scrapes them`);
  if (!names.includes('verdict'))
    return misconfigured(`${metric} has no label verdict, so what was dropped is not known: a relabelling drops it`);
  if (shapesOf(names).length > 0) return null;
  const ends = names.filter((name) => /^(source|destination)(_|$)/.test(name));
  const found = ends.length === 0 ? '' : `; there is ${ends.join(', ')}`;
  return misconfigured(
    `${metric} carries no namespaces: it has neither source_namespace and destination_namespace nor source and destination${found}`,
  );
}

/** The sum over clusters is nobody's figure: their namespaces have the same names. */
async function severalClusters(
  labels: readonly string[],
  valuesOf: (label: string) => Promise<readonly string[]>,
): Promise<Problem | null> {
  for (const label of labels) {
    const clusters = await valuesOf(label);
    if (clusters.length < 2) continue;
    const [first = ''] = clusters;
    return {
      reason: `${metric} is there of several clusters (${label}: ${listed(clusters)}), and which of them is meant is not said`,
      fix: `# bartizan.yaml\nclusters:\n  - name: …\n    prometheus:\n      url: …\n      match: { ${label}: ${JSON.stringify(first)} }\n`,
    };
  }
  return null;
}

async function otherContext(
  { namespaces }: Expected,
  valuesOf: (label: string) => Promise<readonly string[]>,
): Promise<Problem | null> {
  for (const label of Object.values(contextShape)) {
    const values = await valuesOf(label);
    if (!holdNamespaces(values, namespaces))
      return misconfigured(
        `${metric} carries no namespaces: its label ${label} holds ${listed(values.filter(Boolean))}`,
      );
  }
  return null;
}

function listed(values: readonly string[]): string {
  const shown = values.slice(0, 3).map((value) => `"${value}"`);
  return `${shown.join(', ')}${values.length > shown.length ? ' …' : ''}`;
}
