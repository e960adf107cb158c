import type { Connection } from '@bartizan/policy';

/** `TCP 80,443,8000-8999; UDP 53` */
export function connectionsInWords(connections: readonly Connection[]): string {
  if (connections.length === 0) return 'nothing';
  return connections
    .map(({ protocol, ports }) => {
      const list = ports.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',');
      return list === '' ? protocol : `${protocol} ${list}`;
    })
    .join('; ');
}

/** A string of the dot language. */
export function dotString(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** Remembers what it made for a list of connections: thousands of pairs share one. */
export function remembered(
  make: (connections: readonly Connection[]) => string,
): (list: readonly Connection[]) => string {
  const known = new WeakMap<readonly Connection[], string>();
  return (connections) => {
    const text = known.get(connections) ?? make(connections);
    known.set(connections, text);
    return text;
  };
}
