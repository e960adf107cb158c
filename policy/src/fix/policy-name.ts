import type { Direction } from '../model/policy.ts';
import type { Endpoint } from '../model/world.ts';

interface Named {
  readonly subject: Endpoint;
  readonly peer: Endpoint;
  readonly port: number;
  readonly direction: Direction;
}

/** `allow-web-to-api-8080`, with a number behind it where the name is taken. */
export function policyName({ subject, peer, port, direction }: Named, taken: readonly string[]): string {
  const [from, to] = direction === 'ingress' ? [peer, subject] : [subject, peer];
  const base = ['allow', shortName(from), 'to', shortName(to), String(port)]
    .join('-')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 56)
    .replace(/-$/, '');
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.includes(name)) return name;
  }
}

function shortName({ labels = {}, entity, names, cidr, namespace }: Endpoint): string {
  const app = labels['app.kubernetes.io/name'] ?? labels['app'] ?? labels['k8s-app'] ?? Object.values(labels)[0];
  return app || (entity ?? names?.[0] ?? cidr?.replace(/\/\d+$/, '') ?? namespace ?? 'peer');
}
