import type { L7, PortMatch } from '../model/policy.ts';
import type { CompiledRule } from './compiled-policy.ts';

type Proxy = 'none' | 'tls' | 'http' | 'dns' | 'listener';

interface Merged {
  readonly rule: CompiledRule;
  readonly proxy: Proxy;
  readonly authentication: string | undefined;
  readonly terminatingTls: string | undefined;
  readonly originatingTls: string | undefined;
  readonly hasNames: boolean;
  readonly hasRequests: boolean;
}

/**
 * Rules of one endpoint that Cilium cannot merge: for the same peers, port and protocol they want different proxies or
 * different ways to authenticate. The agent then keeps the endpoint's old policy, so nothing can be said of it.
 * pkg/policy/rule.go mergePortProto
 */
export function findConflict(rules: readonly CompiledRule[]): string | undefined {
  const merged = new Map<string, Merged>();
  for (const rule of rules) {
    // A rule that asks for nothing merges with every other.
    if (!rule.isSpecial || rule.isDeny || rule.peers === 'nobody') continue;
    for (const port of portsOf(rule)) {
      const next = mergedOf(rule, port?.l7);
      for (const key of keysOf(rule, port)) {
        const known = merged.get(key);
        if (!known) {
          merged.set(key, next);
          continue;
        }
        const both = join(known, next);
        const conflict = conflictOf(known, next, both);
        if (conflict !== undefined) return conflict;
        merged.set(key, both);
      }
    }
  }
  return undefined;
}

function portsOf({ rule }: CompiledRule): readonly (PortMatch | undefined)[] {
  return rule.ports === 'all' ? [undefined] : rule.ports;
}

function keysOf(rule: CompiledRule, match: PortMatch | undefined): string[] {
  const peers =
    rule.peers === 'any' ? ['any'] : rule.peers === 'nobody' ? [] : rule.peers.flatMap((each) => each.conditions);
  const protocols: readonly string[] = match?.protocols ?? ['every protocol'];
  const port = match?.port;
  const range = port === undefined ? '' : port.type === 'name' ? port.name : `${port.first}-${port.last}`;
  return peers.flatMap((peer) => protocols.map((protocol) => `${rule.direction} ${peer} ${range}/${protocol}`));
}

function proxyOf(l7: L7 | undefined): Proxy {
  if (l7 === undefined) return 'none';
  if (l7.listener !== undefined) return 'listener';
  if (l7.dns.length > 0) return 'dns';
  if (l7.http.length > 0) return 'http';
  const isTls = l7.serverNames.length > 0 || l7.terminatingTls !== undefined || l7.originatingTls !== undefined;
  return isTls ? 'tls' : 'none';
}

/** TLS interception can become part of HTTP filtering; anything can be added to no proxy. */
function canBecome(from: Proxy, to: Proxy): boolean {
  return from === to || from === 'none' || (from === 'tls' && to === 'http');
}

function mergedOf(rule: CompiledRule, l7: L7 | undefined): Merged {
  return {
    rule,
    proxy: proxyOf(l7),
    authentication: rule.rule.authentication,
    terminatingTls: l7?.terminatingTls,
    originatingTls: l7?.originatingTls,
    hasNames: (l7?.serverNames.length ?? 0) > 0,
    hasRequests: (l7?.http.length ?? 0) + (l7?.dns.length ?? 0) > 0,
  };
}

function join(one: Merged, other: Merged): Merged {
  return {
    rule: other.rule,
    proxy: canBecome(one.proxy, other.proxy) ? other.proxy : one.proxy,
    authentication: one.authentication ?? other.authentication,
    terminatingTls: one.terminatingTls ?? other.terminatingTls,
    originatingTls: one.originatingTls ?? other.originatingTls,
    hasNames: one.hasNames || other.hasNames,
    hasRequests: one.hasRequests || other.hasRequests,
  };
}

function conflictOf(one: Merged, other: Merged, both: Merged): string | undefined {
  const rules = `${one.rule.policy.ref} ${one.rule.rule.name} and ${other.rule.policy.ref} ${other.rule.rule.name}`;
  const effect = 'Cilium cannot merge them and keeps the policy that the endpoint had before';
  if (!canBecome(one.proxy, other.proxy) && !canBecome(other.proxy, one.proxy)) {
    return `${rules} send the same connections to different proxies (${one.proxy}, ${other.proxy}): ${effect}`;
  }
  if (differ(one.authentication, other.authentication)) {
    const modes = `${one.authentication}, ${other.authentication}`;
    return `${rules} want different authentication for the same connections (${modes}): ${effect}`;
  }
  if (differ(one.terminatingTls, other.terminatingTls) || differ(one.originatingTls, other.originatingTls)) {
    return `${rules} have different TLS contexts for the same connections: ${effect}`;
  }
  if (!both.hasNames || !both.hasRequests || both.terminatingTls !== undefined) return undefined;
  // Cilium looks at what was there before: names first and requests second pass. Only within a rule is the order certain.
  if (one.rule === other.rule && !one.hasRequests) return undefined;
  return `${rules} filter TLS server names and requests of the same connections without terminating TLS: ${effect}`;
}

function differ(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}
