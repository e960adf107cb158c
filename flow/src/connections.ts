import { endKey } from './connection-edge.ts';
import type { ConnectionEdge } from './connection-edge.ts';
import { halfKindOf, outcomeOf, policyPort } from './connection-half.ts';
import { isToldApart } from './event-id.ts';
import { createSeenIds } from './seen-ids.ts';
import { createEdgeSet, mergeEdges } from './edge-set.ts';
import type { EdgeKey, EdgeSet } from './edge-set.ts';
import type { FlowEndpoint, FlowRecord } from './record.ts';
import { compareTimes } from './time.ts';

/** What was read, so that an answer can say what it covers. */
export interface ConnectionCoverage {
  readonly events: number;
  readonly connections: number;
  readonly replies: number;
  /** Events that carry no `event_type`, so that a trace and a verdict look alike. */
  readonly withoutType: number;
  /** Events without `is_reply`, known as replies by their flags or by the connection that they answer. */
  readonly repliesByFlags: number;
  /** Events that came before: files that overlap have them twice. */
  readonly twice: number;
  readonly withoutTime: number;
  /** Verdicts that do not say which half they are, so that both halves of a connection count. */
  readonly withoutDirection: number;
  /** Nodes whose verdict events are off, where drops stand in; empty for a node without a name. */
  readonly nodesByDrops: readonly string[];
  /** The first and the last event; empty where no event had a time. */
  readonly from: string;
  readonly to: string;
}

export interface ConnectionReader {
  add(record: FlowRecord): void;
  finish(): { readonly edges: readonly ConnectionEdge[]; readonly coverage: ConnectionCoverage };
}

export interface ConnectionOptions {
  /** How many ids of events are kept for each outcome of an edge; 3 unless given. */
  readonly examples?: number;
  /** Keeps pods apart by address, for semantics in which an address block also means pods. */
  readonly podAddresses?: boolean;
}

const withoutType = 'its event_type was not recorded: a trace and a policy verdict look alike';
const awaitedAuthentication = 'it waited for authentication when it was recorded';
const strangeVerdict = 'its recorded verdict says neither forwarded nor dropped';

/** Groups events to connections; memory grows with what policies can tell apart, not with the number of events. */
export function createConnectionReader(options: ConnectionOptions = {}): ConnectionReader {
  const maxExamples = options.examples ?? 3;
  const keyOf = createEdgeKeys(options.podAddresses ?? false);
  const verdicts = createEdgeSet(maxExamples);
  const candidates = createEdgeSet(maxExamples);
  const dropsOfNode = new Map<string, EdgeSet>();
  const nodesWithVerdicts = new Set<string>();
  const ids = createSeenIds();
  const seen = {
    events: 0,
    replies: 0,
    withoutType: 0,
    repliesByFlags: 0,
    twice: 0,
    withoutTime: 0,
    withoutDirection: 0,
    from: '',
    to: '',
  };

  function noteEvent(record: FlowRecord): void {
    seen.events += 1;
    if (record.type === 'Unknown' && record.subtype === '0') seen.withoutType += 1;
    if (record.time === '') {
      seen.withoutTime += 1;
      return;
    }
    if (seen.from === '' || compareTimes(record.time, seen.from) < 0) seen.from = record.time;
    if (seen.to === '' || compareTimes(record.time, seen.to) > 0) seen.to = record.time;
  }

  function noteReply(record: FlowRecord): void {
    seen.replies += 1;
    if (record.isReply === null) seen.repliesByFlags += 1;
  }

  function addVerdict(record: FlowRecord): void {
    if (record.direction === 'unknown' && record.aggregate === null) seen.withoutDirection += 1;
    nodesWithVerdicts.add(record.node ?? '');
    if (record.isReply === null && verdicts.hasReverse(record)) noteReply(record);
    else verdicts.add(record, keyOf(record), judged(record));
  }

  function addDrop(record: FlowRecord): void {
    const drops = dropsOfNode.get(record.node ?? '') ?? createEdgeSet(maxExamples);
    dropsOfNode.set(record.node ?? '', drops);
    drops.add(record, keyOf(record), judged(record));
  }

  function addCandidate(record: FlowRecord): void {
    if (record.isReply === null && (verdicts.hasReverse(record) || candidates.hasReverse(record))) noteReply(record);
    else if (!verdicts.has(record) && !candidates.has(record)) {
      candidates.add(record, keyOf(record), { outcome: 'unknown', because: withoutType });
    }
  }

  return {
    add(record) {
      const kind = halfKindOf(record);
      if (kind !== 'none' && isToldApart(record) && !ids.isNew(record.id)) {
        seen.twice += 1;
        return;
      }
      noteEvent(record);
      if (kind === 'reply') noteReply(record);
      if (kind === 'verdict') addVerdict(record);
      if (kind === 'drop') addDrop(record);
      if (kind === 'candidate') addCandidate(record);
    },
    finish() {
      const byDrops = [...dropsOfNode].filter(([node]) => !nodesWithVerdicts.has(node));
      const edges = joined([verdicts, candidates, ...byDrops.map(([, drops]) => drops)]);
      const connections = edges.reduce((sum, edge) => sum + countOf(edge), 0);
      return { edges, coverage: { ...seen, connections, nodesByDrops: byDrops.map(([node]) => node) } };
    },
  };
}

/** How many connections an edge stands for. */
export function countOf(edge: ConnectionEdge): number {
  return Object.values(edge.outcomes).reduce((sum, tally) => sum + tally.count, 0);
}

function judged(record: FlowRecord): Parameters<EdgeSet['add']>[2] {
  const outcome = outcomeOf(record);
  if (outcome !== 'unknown') return { outcome, because: null };
  return { outcome, because: record.verdict === 'DROPPED' ? awaitedAuthentication : strangeVerdict };
}

function createEdgeKeys(podAddresses: boolean): (record: FlowRecord) => EdgeKey {
  const ends = new Map<string, { readonly id: number; readonly end: FlowEndpoint }>();
  const sharedEnd = (end: FlowEndpoint): { readonly id: number; readonly end: FlowEndpoint } => {
    const key = podAddresses ? `${endKey(end)} ${end.ip}` : endKey(end);
    const shared = ends.get(key) ?? { id: ends.size, end };
    if (shared.end === end) ends.set(key, shared);
    return shared;
  };
  return (record) => {
    const source = sharedEnd(record.source);
    const destination = sharedEnd(record.destination);
    const port = policyPort(record);
    const key = `${source.id}>${destination.id} ${record.protocol} ${port}`;
    return { key, source: source.end, destination: destination.end, protocol: record.protocol, port };
  };
}

function joined(sets: readonly EdgeSet[]): ConnectionEdge[] {
  const edges = new Map<string, ConnectionEdge>();
  for (const set of sets) {
    for (const [key, edge] of set.edges()) {
      const known = edges.get(key);
      edges.set(key, known === undefined ? edge : mergeEdges(known, edge));
    }
  }
  return [...edges.values()];
}
