import type { FlowEndpoint, FlowRecord } from '@bartizan/flow';
import type { StoredEnd } from './flows-ends.ts';

type Optional<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** Of an event what neither its row's columns nor its ends have; what is null or empty is left out. */
export type RestOfFlow = Optional<
  Pick<
    FlowRecord,
    | 'time'
    | 'icmp'
    | 'tcpFlags'
    | 'traceReason'
    | 'policyMatchType'
    | 'allowedBy'
    | 'deniedBy'
    | 'l7'
    | 'sourceService'
    | 'destinationService'
    | 'summary'
    | 'aggregate'
  >
> & { readonly source?: RestOfEnd | undefined; readonly destination?: RestOfEnd | undefined };

type RestOfEnd = Optional<Pick<FlowEndpoint, 'ip' | 'port' | 'names'>>;

/** What the columns have: by their names. */
type InColumns = Pick<FlowRecord, 'verdict' | 'type' | 'subtype' | 'direction' | 'protocol'> & {
  readonly id: string;
  readonly reply: string;
  readonly node: string | null;
  readonly reason: string | null;
};

/** `isTold`: the row's nanoseconds tell the time as the event wrote it. */
export function restOf(flow: FlowRecord, { isTold }: { readonly isTold: boolean }): string {
  const rest: RestOfFlow = {
    time: isTold ? undefined : flow.time,
    source: restOfEnd(flow.source),
    destination: restOfEnd(flow.destination),
    icmp: flow.icmp ?? undefined,
    tcpFlags: flow.tcpFlags ?? undefined,
    traceReason: flow.traceReason ?? undefined,
    policyMatchType: flow.policyMatchType ?? undefined,
    allowedBy: unlessEmpty(flow.allowedBy),
    deniedBy: unlessEmpty(flow.deniedBy),
    l7: flow.l7 ?? undefined,
    sourceService: flow.sourceService ?? undefined,
    destinationService: flow.destinationService ?? undefined,
    summary: flow.summary === '' ? undefined : flow.summary,
    aggregate: flow.aggregate ?? undefined,
  };
  return JSON.stringify(rest);
}

function restOfEnd({ ip, port, names }: FlowEndpoint): RestOfEnd {
  return { ip: ip ?? undefined, port: port ?? undefined, names: unlessEmpty(names) };
}

function unlessEmpty<T>(list: T[]): T[] | undefined {
  return list.length === 0 ? undefined : list;
}

export function flowOf(
  columns: InColumns,
  { rest, time, ends }: { rest: RestOfFlow; time: string; ends: { source: StoredEnd; destination: StoredEnd } },
): FlowRecord {
  return {
    id: columns.id,
    time: rest.time ?? time,
    verdict: columns.verdict,
    type: columns.type,
    subtype: columns.subtype,
    direction: columns.direction,
    isReply: columns.reply === 'unknown' ? null : columns.reply === 'true',
    node: columns.node,
    source: endOf(ends.source, rest.source),
    destination: endOf(ends.destination, rest.destination),
    protocol: columns.protocol,
    icmp: rest.icmp ?? null,
    tcpFlags: rest.tcpFlags ?? null,
    traceReason: rest.traceReason ?? null,
    dropReason: columns.reason,
    policyMatchType: rest.policyMatchType ?? null,
    allowedBy: rest.allowedBy ?? [],
    deniedBy: rest.deniedBy ?? [],
    l7: rest.l7 ?? null,
    sourceService: rest.sourceService ?? null,
    destinationService: rest.destinationService ?? null,
    summary: rest.summary ?? '',
    aggregate: rest.aggregate ?? null,
  };
}

function endOf(end: StoredEnd, { ip = null, port = null, names = [] }: RestOfEnd = {}): FlowEndpoint {
  return { ...end, ip, port, names };
}
