import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** The files that a path or a pattern (`*`, `?` within a segment) names now, in order. */
export async function findFiles(pattern: string): Promise<readonly string[]> {
  if (!/[*?]/.test(pattern)) return [pattern];
  const segments = pattern.split(sep);
  let found: string[] = [segments[0] === '' ? sep : '.'];
  for (const segment of segments[0] === '' ? segments.slice(1) : segments) {
    found = /[*?]/.test(segment)
      ? (await Promise.all(found.map((folder) => matchesIn(folder, segment)))).flat()
      : found.map((folder) => join(folder, segment));
  }
  return found.toSorted();
}

async function matchesIn(folder: string, segment: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  return names.filter((name) => fitsPattern(name, segment)).map((name) => join(folder, name));
}

/** Linear in the name for each star: no backtracking beyond the last one. */
function fitsPattern(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  let at = 0;
  let place = 0;
  let star = -1;
  let resume = 0;
  while (at < name.length) {
    if (pattern[place] === '*') {
      star = place++;
      resume = at;
    } else if (place < pattern.length && (pattern[place] === '?' || pattern[place] === name[at])) {
      at += 1;
      place += 1;
    } else if (star >= 0) {
      place = star + 1;
      resume += 1;
      at = resume;
    } else return false;
  }
  while (pattern[place] === '*') place += 1;
  return place === pattern.length;
}
