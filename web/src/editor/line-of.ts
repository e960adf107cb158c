import { readManifests, splitPath } from '@bartizan/policy';

/** The line, from 1, of what stands at a path in the first manifest of a text; undefined where nothing does. */
export function lineOf(text: string, path: string): number | undefined {
  const [manifest] = readManifests(text).manifests;
  return manifest?.nodeAt(splitPath(path)) ? manifest.place(path).line : undefined;
}
