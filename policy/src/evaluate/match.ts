import type { PortMatch } from '../model/policy.ts';
import { keyCount, keysOf } from '../model/protocol.ts';
import type { KeyInterval } from '../model/protocol.ts';
import { andInto } from './bitset.ts';
import type { Bitset } from './bitset.ts';
import type { CompiledPeer, CompiledRule } from './compiled-policy.ts';
import type { Identity } from './labels.ts';
import type { Universe } from './universe.ts';

/** One peer and one port of a rule: an interval of keys and the identities it holds for there. */
export interface Match extends KeyInterval {
  readonly rule: CompiledRule;
  readonly port: PortMatch | undefined;
  readonly peer: number | undefined;
  /** `undefined`: every identity. */
  readonly peers: Bitset | undefined;
  /** The same for the same peers. */
  readonly peersKey: string;
}

/** The matches of a rule for every subject, until the universe grows. Named ports of ingress depend on the subject. */
export function fixedMatches(rule: CompiledRule, universe: Universe): Match[] {
  const peers = peersOf(rule);
  const { ports } = rule.rule;
  if (ports === 'all') return peers.map((peer) => match({ rule, port: undefined, peer, first: 0, last: keyCount - 1 }));
  return ports.flatMap((port) =>
    port.protocols.flatMap((protocol): Match[] => {
      if (port.port.type === 'range') {
        const keys = keysOf(protocol, port.port.first, port.port.last);
        return peers.map((peer) => match({ rule, port, peer, ...keys }));
      }
      if (rule.direction === 'ingress') return [];
      const owners = [...universe.withPort(port.port.name, protocol)];
      return peers.flatMap((peer) =>
        owners.map(([number, bits]) => namedMatch({ rule, port, peer, ...keysOf(protocol, number, number) }, bits)),
      );
    }),
  );
}

/** The matches of an ingress rule's named ports, which mean the ports of the subject. */
export function namedMatches(rule: CompiledRule, subject: Identity): Match[] {
  const { ports } = rule.rule;
  if (ports === 'all' || rule.direction === 'egress') return [];
  return ports.flatMap((port) => {
    const own = port.port.type === 'name' ? subject.ports.get(port.port.name) : undefined;
    if (port.port.type !== 'name' || !own || !port.protocols.includes(own.protocol)) return [];
    const keys = keysOf(own.protocol, own.port, Math.max(own.port, port.port.endPort & 65_535));
    return peersOf(rule).map((peer) => match({ rule, port, peer, ...keys }));
  });
}

function peersOf({ peers }: CompiledRule): readonly (CompiledPeer | undefined)[] {
  if (peers === 'nobody') return [];
  return peers === 'any' ? [undefined] : peers;
}

interface MatchInput extends KeyInterval {
  readonly rule: CompiledRule;
  readonly port: PortMatch | undefined;
  readonly peer: CompiledPeer | undefined;
}

function match({ rule, port, peer, first, last }: MatchInput): Match {
  const peersKey = peer?.conditions.join() ?? '';
  return { rule, port, first, last, peer: peer?.peer.index, peers: peer?.matching(), peersKey };
}

/** A named port of the destinations: only those that have the name at this number. */
function namedMatch({ rule, port, peer, first, last }: MatchInput, owners: Bitset): Match {
  const peers = owners.slice();
  if (peer) andInto(peers, peer.matchingExactly());
  const peersKey = `${port?.path}=${first} ${rule.id} ${peer?.conditions.join() ?? ''}`;
  return { rule, port, first, last, peer: peer?.peer.index, peers, peersKey };
}
