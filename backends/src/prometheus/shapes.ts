import type { Window } from '@bartizan/api';
import type { EndLabels } from './query.ts';
import { contextShape, holdNamespaces, metric, shapesOf } from './query.ts';

export interface LabelAsker {
  /** Labels of the metric in a window, or of all that there is. */
  labelNames(window: Window | null): Promise<readonly string[]>;
  labelValues(label: string, window: Window | null): Promise<readonly string[]>;
}

export interface FoundShapes {
  readonly shapes: readonly EndLabels[];
  /** Why no figure of a namespace can be had; null where it can. */
  readonly problem: string | null;
}

/** How the metric tells namespaces: in the window, or, where it has nothing in it, at any time. */
export async function findShapes(asker: LabelAsker, window: Window | null): Promise<FoundShapes> {
  const inWindow = window === null ? [] : await asker.labelNames(window);
  const isInWindow = inWindow.length > 0;
  const names = isInWindow ? inWindow : await asker.labelNames(null);
  const shapes = shapesOf(names);
  if (shapes.length === 0) return { shapes, problem: withoutNamespaces(names) };
  if (shapes.some((shape) => shape !== contextShape)) return { shapes, problem: null };
  const values = await asker.labelValues(contextShape.destination, isInWindow ? window : null);
  return { shapes, problem: holdNamespaces(values) ? null : otherContext(values) };
}

export function wellInWords(shapes: readonly EndLabels[]): string {
  const pairs = shapes.map(({ source, destination }) => `${source} and ${destination}`);
  return `namespaces are in the labels ${pairs.join(', and where those are missing in ')}`;
}

function withoutNamespaces(names: readonly string[]): string {
  if (names.length === 0) return `there is no metric ${metric}: Hubble's metrics are off, or nothing scrapes them`;
  const ends = names.filter((name) => /^(source|destination)(_|$)/.test(name));
  const found = ends.length === 0 ? '' : `; there is ${ends.join(', ')}`;
  return `${metric} carries no namespaces: it has neither source_namespace and destination_namespace nor source and destination${found}`;
}

function otherContext(values: readonly string[]): string {
  const examples = values.filter((value) => value !== '').slice(0, 3);
  return `${metric} carries no namespaces: its labels source and destination hold ${examples.map((value) => `"${value}"`).join(', ')}`;
}
