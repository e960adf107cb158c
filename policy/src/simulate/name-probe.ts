import { parseCidr } from '../model/address.ts';
import type { Policy } from '../model/policy.ts';
import type { EndpointDescription } from '../model/world.ts';

/** An address that no block of the policies holds, known by a name for every name and pattern of theirs. */
export function nameProbe(policies: readonly Policy[]): EndpointDescription | undefined {
  const peers = policies.flatMap(({ rules }) =>
    rules.flatMap((rule) => (rule.peers.type === 'list' ? rule.peers.peers : [])),
  );
  const names = peers.flatMap((peer) => {
    if (peer.type !== 'fqdn') return [];
    return [peer.matchName ?? (peer.matchPattern ?? '').replace(/^\*\*\./, 'a.').replaceAll(/\*+/g, 'a')];
  });
  if (names.length === 0) return undefined;
  const blocks = peers.flatMap((peer) => (peer.type === 'cidr' ? (parseCidr(peer.cidr) ?? []) : []));
  for (let last = 254; last > 0; last -= 1) {
    const cidr = `240.0.0.${last}/32`;
    const address = parseCidr(cidr);
    const isHeld = blocks.some(
      (block) =>
        address && block.bits > 0 && block.family === 4 && block.first <= address.first && address.first <= block.last,
    );
    if (!isHeld) return { cidr, names: [...new Set(names)].toSorted() };
  }
  return undefined;
}
