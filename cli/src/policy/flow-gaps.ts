import type { Policy } from '@bartizan/policy';
import type { FlowsRead } from './read-flows.ts';
import { nameOf } from './read-flows.ts';

export interface Gap {
  readonly source: string;
  readonly reason: string;
}

/** What the flows that were read do not cover, in words. */
export function gapsOf(files: readonly string[], { coverage, notes }: FlowsRead): Gap[] {
  const source = files.map(nameOf).join(', ');
  const reasons = [
    ...[...notes.lost].map(([where, count]) => `${eventsOf(count)} ${count === 1 ? 'was' : 'were'} lost (${where})`),
    ...unavailableNodes(notes.nodes),
    ...notes.broken.map(({ file, line, reason }) => `line ${line} of ${nameOf(file)} could not be read (${reason})`),
    ...(notes.brokenCount > notes.broken.length
      ? [`${notes.brokenCount - notes.broken.length} more lines could not be read`]
      : []),
    ...(coverage.twice > 0 ? [`${eventsOf(coverage.twice)} came twice and counted once`] : []),
    ...missingFields(coverage),
    ...dropsOnly(coverage.nodesByDrops),
  ];
  return reasons.map((reason) => ({ source, reason }));
}

/** What is not judged because connections are: requests. */
export function gapsOfPolicies(policies: readonly Policy[]): Gap[] {
  const withL7 = policies.filter(({ rules }) =>
    rules.some(({ ports }) => ports !== 'all' && ports.some(({ l7 }) => l7 !== undefined)),
  );
  return withL7.map(({ ref }) => ({
    source: ref,
    reason:
      'it has rules for HTTP or DNS: a connection that its proxy takes counts as allowed, whatever the proxy refuses',
  }));
}

/** Why files gave no connection at all; undefined where it gave some. */
export function nothingToJudge(files: readonly string[], { coverage, notes }: FlowsRead): string | undefined {
  if (coverage.connections > 0) return undefined;
  const name = files.map(nameOf).join(', ');
  if (coverage.events > 0) {
    const replies = coverage.replies > 0 ? `, ${coverage.replies} of them replies,` : '';
    return (
      `${name} has ${eventsOf(coverage.events)}${replies} but none that tells a new connection: policy verdicts (event type 5), ` +
      'or drops by policy where those are switched off. Record them with `hubble observe -t policy-verdict -o jsonpb`.'
    );
  }
  const [first] = notes.broken;
  if (first !== undefined) {
    return (
      `${name} has no flow that could be read: line ${first.line} is ${first.reason}. Expected is JSON as Hubble's ` +
      'exporter and `hubble observe -o jsonpb` write it, one object a line, also as a list, gzip, or inside log lines.'
    );
  }
  return `${name} has no flow at all, so there is nothing to judge.`;
}

function unavailableNodes(nodes: ReadonlyMap<string, string>): string[] {
  return [...nodes]
    .filter(([, state]) => state !== 'NODE_CONNECTED')
    .map(([node, state]) => `node ${node} was not recorded in full (${state})`);
}

function eventsOf(count: number): string {
  return count === 1 ? '1 event' : `${count} events`;
}

function missingFields(coverage: FlowsRead['coverage']): string[] {
  const { withoutType, repliesByFlags, withoutTime, withoutDirection } = coverage;
  const missing: string[] = [];
  if (withoutType > 0) {
    missing.push(
      `no event_type in ${eventsOf(withoutType)}: record it too, so that traces and verdicts are told apart`,
    );
  }
  if (repliesByFlags > 0) {
    missing.push(`no is_reply in ${eventsOf(repliesByFlags)}: what is a reply was told by flags or ports`);
  }
  if (withoutTime > 0) missing.push(`no time in ${eventsOf(withoutTime)}: when they were seen is not known`);
  if (withoutDirection > 0) {
    missing.push(
      `no traffic_direction in ${eventsOf(withoutDirection)}: the two halves of a connection may count as two of them`,
    );
  }
  return missing;
}

function dropsOnly(nodes: readonly string[]): string[] {
  return nodes.map(
    (node) =>
      `${node === '' ? 'a node without a name' : `node ${node}`} told no policy verdicts, only drops: ` +
      'what it let through is not in these figures (bpf.events.policyVerdict.enabled)',
  );
}
