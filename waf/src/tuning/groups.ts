import { aboutRule } from '../rules/rule-kind.ts';
import { ranked, signsOf } from './evidence.ts';
import type { ClientTotals } from './evidence.ts';
import { exactPath, exclusionFor, exclusionKey } from './exclusion.ts';
import type { ExclusionResult } from './exclusion.ts';
import { exclusionText } from './exclusion-text.ts';
import type { JudgedPlace, JudgedTransaction } from './judged.ts';
import { notesOn } from './notes.ts';
import { templateOf } from './path-template.ts';
import type { PathTemplate } from './path-template.ts';
import { groupByClient, replayOf } from './replay.ts';
import type { ByClient } from './replay.ts';
import type { MatchGroup } from './tuning.ts';

/** Matches that are alike: of one rule, in one variable, under one path. */
interface Gathered {
  readonly name: string;
  readonly place: JudgedPlace;
  readonly paths: ReadonlySet<string>;
  readonly transactions: readonly JudgedTransaction[];
}

/** More groups than anybody reads: attacks make one for each path they try. */
const mostJudged = 300;

/** What could be excluded, and what each exclusion would do by itself: first what most looks like ordinary traffic. */
export function matchGroups(
  transactions: readonly JudgedTransaction[],
  clients: ReadonlyMap<string, ClientTotals>,
): { readonly groups: readonly MatchGroup[]; readonly count: number } {
  const gathered = gather(transactions);
  const byClient = groupByClient(transactions);
  const taken = ownRuleIds(transactions);
  const judged = gathered
    .toSorted((a, b) => clientsOf(b) - clientsOf(a) || b.transactions.length - a.transactions.length)
    .slice(0, mostJudged)
    .map((one) => ({ one, group: groupOf(one, { byClient, clients, taken }) }));
  const keys = new Map(judged.map(({ one, group }) => [one.name, group.key]));
  const groups = judged.map(({ one, group }) => ({ ...group, companions: companionsOf(one, keys) }));
  return { groups: groups.toSorted(byPromise), count: gathered.length };
}

/** First what lets most requests through that do not look like attacks. */
function byPromise(left: MatchGroup, right: MatchGroup): number {
  const promise = ({ replay }: MatchGroup): number => replay.passes - replay.likelyAttacks.count;
  const ordinary = ({ requests, replay }: MatchGroup): number => requests - replay.likelyAttacks.count;
  return (
    promise(right) - promise(left) ||
    ordinary(right) - ordinary(left) ||
    right.clients - left.clients ||
    (left.key < right.key ? -1 : 1)
  );
}

/** Other matches of the same transactions: where one exclusion is not enough, these are why. */
function companionsOf({ name, transactions }: Gathered, keys: ReadonlyMap<string, string>): MatchGroup['companions'] {
  const found = transactions.flatMap((transaction) => {
    const names = new Map(transaction.places.map((place) => [nameOf(place, transaction), place]));
    names.delete(name);
    return [...names];
  });
  const places = new Map(found);
  return ranked(found.map(([other]) => other)).flatMap(({ value, count }) => {
    const place = places.get(value);
    return place ? [{ key: keys.get(value) ?? null, rule: place.rule, variable: place.variable, count }] : [];
  });
}

function nameOf({ rule, variable }: JudgedPlace, { template }: JudgedTransaction): string {
  return [rule, variable?.toLowerCase() ?? '', template].join('\0');
}

function clientsOf({ transactions }: Gathered): number {
  return new Set(transactions.map(({ client }) => client)).size;
}

function gather(transactions: readonly JudgedTransaction[]): Gathered[] {
  const groups = new Map<string, { place: JudgedPlace; paths: Set<string>; own: Set<JudgedTransaction> }>();
  for (const transaction of transactions)
    for (const place of transaction.places) {
      const name = nameOf(place, transaction);
      const known = groups.get(name) ?? { place, paths: new Set(), own: new Set() };
      groups.set(name, known);
      known.paths.add(transaction.path);
      known.own.add(transaction);
    }
  return [...groups].map(([name, { place, paths, own }]) => ({ name, place, paths, transactions: [...own] }));
}

function groupOf(
  { place, paths, transactions: own }: Gathered,
  all: {
    readonly byClient: ByClient;
    readonly clients: ReadonlyMap<string, ClientTotals>;
    readonly taken: ReadonlySet<number>;
  },
): Omit<MatchGroup, 'companions'> {
  const [only = ''] = paths;
  const path = paths.size === 1 ? exactPath(only) : templateOf(only);
  const result = exclusionFor({ rule: place.rule, variable: place.variable, path });
  const exclusions = result.ok ? [result.value] : [];
  const replay = replayOf(own, exclusions, all.byClient);
  const products = [...new Set(own.flatMap(({ product }) => product ?? []))];
  const times = own.map(({ timeMs }) => timeMs);
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    key: keyOf(place, path, result),
    rule: place.rule,
    message: place.message,
    about: aboutRule(place.rule, ''),
    category: place.category,
    variable: place.variable,
    path: path.text,
    requests: own.length,
    blocked: own.filter(({ class: judged }) => judged === 'blocked').length,
    detected: own.filter(({ class: judged }) => judged === 'detected').length,
    clients: new Set(own.map(({ client }) => client)).size,
    hosts: ranked(own.map(({ host }) => host)),
    statuses: ranked(own.map(({ status }) => (status === null ? 'unknown' : `${status}`))),
    firstSeen: iso(times.reduce((least, time) => Math.min(least, time), Infinity)),
    lastSeen: iso(times.reduce((most, time) => Math.max(most, time), 0)),
    signs: signsOf(own, { clients: all.clients, likelyAttacks: replay.likelyAttacks.count }),
    products,
    proposal: result.ok
      ? { ok: true, ...result.value, ...exclusionText(exclusions, all.taken), notes: notesOn(exclusions, products) }
      : result,
    replay,
  };
}

/** Rules of the site itself: their ids are taken. */
export function ownRuleIds(transactions: readonly JudgedTransaction[]): ReadonlySet<number> {
  const ids = transactions.flatMap(({ places }) => places.map(({ rule }) => Number(rule)));
  return new Set(ids.filter((id) => id < 100_000));
}

function keyOf(place: JudgedPlace, path: PathTemplate, proposal: ExclusionResult): string {
  return exclusionKey(proposal.ok ? proposal.value : { rule: place.rule, target: place.variable, path });
}
