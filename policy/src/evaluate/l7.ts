import { RE2JS } from 're2js';
import type { L7Explanation, L7RuleExplanation } from '../model/explanation.ts';
import type { DnsRule, HeaderMatch, HttpRule } from '../model/policy.ts';
import type { Flow, HttpRequest } from '../model/world.ts';
import { hasBit } from './bitset.ts';
import { canonicalName, fqdnSelector } from './fqdn.ts';
import type { Match } from './match.ts';
import type { Side } from './side.ts';

export type Judgement = 'allowed' | 'denied' | 'unknown';

/**
 * What a proxy does with a connection that the side allows; undefined where none sees it. Rules of one peer and port
 * add up. A plain allowing rule opens the proxy: for HTTP any that matches, for DNS only one of the very port.
 */
export function l7Of(side: Side, key: number, peer: number, flow: Flow): L7Explanation | undefined {
  const matching = side.matches.filter(
    ({ rule, first, last, peers }) => !rule.isDeny && first <= key && key <= last && (!peers || hasBit(peers, peer)),
  );
  const seen = matching.flatMap((match) => (match.port?.l7 ? [explain(match)] : []));
  if (seen.length === 0) return undefined;
  const isDns = seen.some(({ dns }) => dns.length > 0);
  const opens = ({ port, first, last }: Match): boolean =>
    !port?.l7 && (!isDns || (port !== undefined && first === last));
  const isOpen = !side.isDefaultDeny || matching.some(opens) || seen.some(restrictsNothing);
  if (isOpen) return { scope: 'open', rules: seen, judged: flow.http || flow.dns ? 'allowed' : undefined };
  return { scope: 'restricted', rules: seen, judged: judge(seen, flow) };
}

function explain({ rule, port }: Match): L7RuleExplanation {
  const { http = [], dns = [], serverNames = [], listener, path = '' } = port?.l7 ?? {};
  return { policy: rule.policy.ref, rule: rule.rule.name, path, http, dns, serverNames, listener };
}

/** Redirected, but without rules of its own: TLS interception, a listener of somebody's own. */
function restrictsNothing({ http, dns, serverNames, listener }: L7RuleExplanation): boolean {
  return http.length + dns.length + serverNames.length === 0 && listener === undefined;
}

function judge(rules: readonly L7RuleExplanation[], { http, dns }: Flow): Judgement | undefined {
  if (rules.some(({ listener }) => listener !== undefined)) return http || dns ? 'unknown' : undefined;
  if (dns) {
    const all = rules.flatMap((rule) => rule.dns);
    if (all.length > 0) return all.some((rule) => matchesName(rule, dns.name)) ? 'allowed' : 'denied';
  }
  if (http) {
    const all = rules.flatMap((rule) => rule.http);
    if (all.length > 0) return any(all.map((rule) => matchesRequest(rule, http)));
  }
  return http || dns ? 'unknown' : undefined;
}

function matchesName(rule: DnsRule, name: string): boolean {
  return fqdnSelector(rule).matches(canonicalName(name));
}

function any(judgements: readonly Judgement[]): Judgement {
  if (judgements.includes('allowed')) return 'allowed';
  return judgements.includes('unknown') ? 'unknown' : 'denied';
}

function all(judgements: readonly Judgement[]): Judgement {
  if (judgements.includes('denied')) return 'denied';
  return judgements.includes('unknown') ? 'unknown' : 'allowed';
}

const verdict = (isAllowed: boolean): Judgement => (isAllowed ? 'allowed' : 'denied');

/** Method, path and host are RE2 expressions that must match as a whole, as Envoy's safe_regex does. */
export function matchesRequest(rule: HttpRule, request: HttpRequest): Judgement {
  const headers = new Map(Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  return all([
    verdict(matchesWhole(rule.method, request.method)),
    verdict(matchesWhole(rule.path, request.path)),
    verdict(matchesWhole(rule.host, request.host ?? headers.get('host') ?? '')),
    ...rule.headers.map((text) => verdict(matchesHeader(text, headers))),
    ...rule.headerMatches.map((match) => matchesHeaderRule(match, headers)),
  ]);
}

function matchesWhole(expression: string | undefined, text: string): boolean {
  if (expression === undefined || expression === '') return true;
  try {
    return RE2JS.compile(expression).matches(text);
  } catch {
    // Validation refuses it; a policy that came past it must not match by accident.
    return false;
  }
}

/** `Name: value`, split at the first space, wants that value; `Name` alone wants the header. */
function matchesHeader(text: string, headers: ReadonlyMap<string, string>): boolean {
  const space = text.indexOf(' ');
  if (space < 0) return headers.has(text.toLowerCase());
  const name = text.slice(0, space).replace(/:+$/, '').toLowerCase();
  return headers.get(name) === text.slice(space + 1);
}

function matchesHeaderRule(
  { name, value, mismatch, secret }: HeaderMatch,
  headers: ReadonlyMap<string, string>,
): Judgement {
  // With an action for a mismatch the request goes on; the action only logs it or changes the header.
  if (mismatch) return 'allowed';
  const actual = headers.get(name.toLowerCase());
  if (secret) return actual === undefined ? 'denied' : 'unknown';
  return verdict(value ? actual === value : actual !== undefined);
}
