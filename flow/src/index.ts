export * as flowWire from './gen/flow/flow_pb.js';
export * as observerWire from './gen/observer/observer_pb.js';
export * as relayWire from './gen/relay/relay_pb.js';
export {
  FlowDirection,
  FlowDns,
  FlowEndpoint,
  FlowHttp,
  FlowL7,
  FlowPolicy,
  FlowProtocol,
  FlowRecord,
  FlowService,
  FlowType,
  FlowVerdict,
  FlowWorkload,
} from './record.ts';
export { fromRelay } from './decode.ts';
export { createRelayReader } from './relay-reader.ts';
export type { RelayFlow, RelayReader } from './relay-reader.ts';
export { dnsName, namespaceHere, peerName, podLabels } from './endpoint.ts';
export { ownerOfPod, stableOwner } from './owner.ts';
export { compareTimes, millisOf, timeOf, utcTime } from './time.ts';
export { readExportLine, readExportValue } from './export-line.ts';
export type { ExportEntry } from './export-line.ts';
export { createExportReader } from './export-reader.ts';
export type { ExportReader } from './export-reader.ts';
export { countOf, createConnectionReader } from './connections.ts';
export type { ConnectionCoverage, ConnectionOptions, ConnectionReader } from './connections.ts';
export { endKey, endName } from './connection-edge.ts';
export type { ConnectionEdge, ConnectionTally } from './connection-edge.ts';
export { halfKindOf, outcomeOf, policyPort } from './connection-half.ts';
export type { HalfKind, ReportedOutcome } from './connection-half.ts';
export { weightOf } from './edge-set.ts';
export { createHalfPairs, halvesWithinMs, reverseTupleOf, tupleOf } from './half-pairs.ts';
export type { Half, HalfPairs, Matched } from './half-pairs.ts';
export { hash64, isToldApart } from './event-id.ts';
export { flowStatistics, placeOf, statisticsOfRecords } from './statistics.ts';
export type { EventCount, FlowPlace, FlowStatistics, PlacedCount } from './statistics.ts';
export { networkOf } from './network.ts';
export { dropReasons, dropReasonWords } from './drop-reasons.ts';
export type { DropReasonWords } from './drop-reasons.ts';
