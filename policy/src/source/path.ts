export type PathPart = string | number;

const plainKey = /^[A-Za-z_$][A-Za-z0-9_$-]*$/;

/** `spec.ingress[0].toPorts[1]`; a key that is not a plain word is quoted: `matchLabels["app.kubernetes.io/name"]`. */
export function joinPath(parts: readonly PathPart[]): string {
  let path = '';
  for (const part of parts) {
    if (typeof part === 'number') path += `[${part}]`;
    else if (!plainKey.test(part)) path += `[${JSON.stringify(part)}]`;
    else path += path === '' ? part : `.${part}`;
  }
  return path;
}

const part = /\.?([A-Za-z_$][A-Za-z0-9_$-]*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** The inverse of `joinPath`; what does not belong to a path ends it. */
export function splitPath(path: string): readonly PathPart[] {
  const parts: PathPart[] = [];
  part.lastIndex = 0;
  for (let match = part.exec(path); match !== null; match = part.exec(path)) {
    if (match[2] !== undefined) parts.push(Number(match[2]));
    else if (match[3] === undefined) parts.push(match[1] ?? '');
    else parts.push(String(JSON.parse(match[3])));
  }
  return parts;
}
