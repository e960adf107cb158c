import type { Attempt } from '../traffic/attempt.ts';
import type { End } from '../traffic/ends.ts';
import type { Judgement, SideJudgement } from '../traffic/judge.ts';
import type { FlowEvent, TcpFlags, TracePoint } from './flow-event.ts';
import { l7Events } from './l7.ts';

type Direction = 'ingress' | 'egress';

/** Whether some side refused the connection, so that the client will try again. */
export function isRefused({ egress, ingress }: Judgement): boolean {
  return egress.verdict === 'denied' || ingress.verdict === 'denied';
}

/** Everything that the agents of both nodes report about one attempt, in order of time. */
export function eventsOf(attempt: Attempt, judgement: Judgement): FlowEvent[] {
  const story = tell(attempt);
  const { from, to } = attempt;
  if (from.kind === 'pod') {
    story.trace('from-endpoint', from.node, 'unknown');
    if (!story.judge('egress', judgement.egress)) return story.events;
    if (to.kind === 'world') story.trace('to-stack', from.node, 'egress');
  }
  if (to.kind === 'pod') {
    if (from.kind === 'world') story.trace('from-network', to.node, 'unknown');
    if (from.kind === 'pod' && from.node !== to.node) {
      story.trace('to-overlay', from.node, 'egress');
      story.trace('from-overlay', to.node, 'unknown');
    }
    if (!story.judge('ingress', judgement.ingress)) return story.events;
    story.trace('to-endpoint', to.node, 'ingress');
  }
  story.answer();
  return story.events;
}

interface Story {
  readonly events: FlowEvent[];
  trace(point: TracePoint, node: string, direction: 'ingress' | 'egress' | 'unknown'): void;
  /** Tells what a side decided, and answers whether the packet goes on. */
  judge(direction: Direction, side: SideJudgement): boolean;
  answer(): void;
}

function tell(attempt: Attempt): Story {
  const { from, to, protocol, port, sourcePort } = attempt;
  const events: FlowEvent[] = [];
  let time = attempt.time;

  const forward = { source: from, destination: to, sourcePort, destinationPort: port, protocol };
  const back = { source: to, destination: from, sourcePort: port, destinationPort: sourcePort, protocol };

  function tick(byMs = 0.04): number {
    time += byMs;
    return time;
  }

  function flags(tcp: TcpFlags): { readonly flags?: TcpFlags } {
    return protocol === 'TCP' ? { flags: tcp } : {};
  }

  function trace(point: TracePoint, node: string, direction: 'ingress' | 'egress' | 'unknown'): void {
    const known = point.startsWith('from-') ? {} : { isReply: false };
    events.push({
      kind: 'trace',
      verdict: 'FORWARDED',
      time: tick(),
      node,
      ...forward,
      direction,
      point,
      ...flags('SYN'),
      ...known,
    });
  }

  function judge(direction: Direction, side: SideJudgement): boolean {
    if (side.verdict === 'none') return true;
    const node = direction === 'egress' ? from.node : to.node;
    const { matchType, policies, because, proxy } = side;
    const seen = { node, ...forward, direction, matchType, ...flags('SYN') };
    if (side.verdict === 'denied') {
      const dropReason = because === 'deny' ? 'POLICY_DENY' : 'POLICY_DENIED';
      const deniedBy = because === 'deny' ? { deniedBy: policies } : {};
      events.push({ kind: 'policy-verdict', verdict: 'DROPPED', time: tick(), ...seen, dropReason, ...deniedBy });
      events.push({ kind: 'drop', verdict: 'DROPPED', time: tick(0.01), ...seen, dropReason, matchType: 0 });
      return false;
    }
    const verdict = proxy === 'absent' ? 'FORWARDED' : 'REDIRECTED';
    events.push({ kind: 'policy-verdict', verdict, time: tick(), ...seen, isReply: false, allowedBy: policies });
    if (proxy === 'absent') return true;
    trace('to-proxy', node, direction);
    const records = l7Events(attempt, { direction, node, refuses: proxy === 'refuses', time: tick() });
    events.push(...records);
    time = records.at(-1)?.time ?? time;
    return proxy !== 'refuses';
  }

  function returns(tcp: TcpFlags): void {
    const reply = { kind: 'trace', verdict: 'FORWARDED', ...back, isReply: true, ...flags(tcp) } as const;
    if (to.kind === 'pod') {
      const point = from.kind === 'pod' && from.node !== to.node ? 'to-overlay' : 'to-stack';
      if (point === 'to-overlay' || from.kind !== 'pod') {
        events.push({ ...reply, time: tick(0.2), node: to.node, direction: 'ingress', point });
      }
    }
    if (from.kind === 'pod')
      events.push({ ...reply, time: tick(), node: from.node, direction: 'egress', point: 'to-endpoint' });
  }

  function answer(): void {
    returns('SYN, ACK');
    if (protocol !== 'TCP') return;
    const last = lastSeen(from, to);
    tick(8);
    events.push({
      kind: 'trace',
      verdict: 'FORWARDED',
      time: tick(),
      node: last.node,
      ...forward,
      direction: last.direction,
      point: last.point,
      isReply: false,
      flags: 'ACK, FIN',
    });
  }

  return { events, trace, judge, answer };
}

function lastSeen(
  from: End,
  to: End,
): { readonly node: string; readonly direction: Direction; readonly point: TracePoint } {
  if (to.kind === 'pod') return { node: to.node, direction: 'ingress', point: 'to-endpoint' };
  return { node: from.node, direction: 'egress', point: 'to-stack' };
}
