import type { Problem } from '../model/problem.ts';
import type { JsonObject } from './json.ts';
import type { Place } from './lines.ts';
import type { SourceNode } from './nodes.ts';
import type { PathPart } from './path.ts';

/** Everything one text holds: its objects, and what could not be read. */
export interface ManifestSet {
  readonly text: string;
  readonly file?: string;
  readonly manifests: readonly Manifest[];
  readonly problems: readonly Problem[];
}

/** One object of a text; the items of a `List` are manifests of their own. */
export interface Manifest {
  readonly file?: string;
  /** The whole text that the object stands in. */
  readonly text: string;
  /** Empty where the object does not say. An item of a typed list has its list's. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** As the API server gets it from `kubectl`. */
  readonly object: JsonObject;
  /** As it is written. */
  readonly node: SourceNode;
  /** Offsets of the object in the text. */
  readonly range: readonly [start: number, end: number];
  /** Fields that are set twice (refused by strict validation): the last one is in `object`. */
  readonly duplicates: readonly Problem[];
  /** The written node at a path, through aliases and merges; undefined where nothing is written. */
  nodeAt(path: string | readonly PathPart[]): SourceNode | undefined;
  /** Line and column of a path, or of its nearest ancestor that is written. */
  place(path: string | readonly PathPart[]): Place;
}
