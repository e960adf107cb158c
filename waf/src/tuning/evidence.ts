import type { JudgedTransaction } from './judged.ts';
import type { Verdict } from './judge-without.ts';

/** All that a client sent in the window; `requests` is null without an access log. */
export interface ClientTotals {
  readonly requests: number | null;
  readonly anomalous: number;
}

/** Something seen that makes ordinary traffic, or an attack, more likely. Never a proof of either. */
export interface Sign {
  readonly speaksFor: 'ordinary' | 'attack';
  readonly text: string;
}

/** Why a transaction that would pass may be an attack all the same. */
export function attackSigns(
  transaction: JudgedTransaction,
  { left, judgedOtherwise }: { readonly left: Verdict['left']; readonly judgedOtherwise: number },
): string[] {
  const signs: string[] = [];
  const scanner = transaction.places.find(({ category }) => category === 'scanner');
  if (scanner) signs.push(`it looks like a scanner (rule ${scanner.rule})`);
  const others = new Set(
    left.filter(({ category }) => category !== 'protocol' && category !== 'scanner').map(({ rule }) => rule),
  );
  if (others.size > 0) signs.push(`it matched other rules as well: ${[...others].slice(0, 5).join(', ')}`);
  if (judgedOtherwise > 0)
    signs.push(
      `${count(judgedOtherwise, 'other request')} of ${transaction.client} ${judgedOtherwise === 1 ? 'was' : 'were'} judged an attack for something else`,
    );
  return signs;
}

/** What speaks for and against ordinary traffic in transactions that have one match in common. */
export function signsOf(
  transactions: readonly JudgedTransaction[],
  options: { readonly clients: ReadonlyMap<string, ClientTotals>; readonly likelyAttacks: number },
): Sign[] {
  const { clients, likelyAttacks } = options;
  const signs: Sign[] = [];
  const byClient = tally(transactions.map(({ client }) => client));
  const [largest = 0] = [...byClient.values()].toSorted((a, b) => b - a);
  const all = transactions.length;
  if (byClient.size >= 5)
    signs.push(ordinary(`${count(byClient.size, 'client')} sent them, none more than ${percent(largest / all)}`));
  else if (all >= 5) signs.push(attack(`only ${count(byClient.size, 'client')} sent all ${all} of them`));
  const known = [...byClient.keys()].flatMap((client) => clients.get(client) ?? []);
  const requests = known.reduce((sum, { requests: own }) => sum + (own ?? 0), 0);
  const anomalous = known.reduce((sum, { anomalous: own }) => sum + own, 0);
  if (requests > 0) {
    const share = anomalous / requests;
    const words = `${percent(share)} of everything that these clients sent was judged an attack`;
    signs.push(share <= 0.3 ? ordinary(words) : attack(words));
  }
  const told = transactions.filter(({ hasSession }) => hasSession !== null);
  const signedIn = told.filter(({ hasSession }) => hasSession).length;
  if (told.length > 0) {
    const words = `${partWords(signedIn, told.length)} carried a cookie or an authorization`;
    signs.push(signedIn / told.length >= 0.5 ? ordinary(words) : attack(words));
  }
  const went = transactions.filter(({ class: judged }) => judged === 'detected');
  const taken = went.filter(({ status }) => status !== null && status < 400).length;
  if (went.length > 0)
    signs.push(
      taken / went.length >= 0.8
        ? ordinary(`the application accepted ${partWords(taken, went.length)} of those that were let through`)
        : attack(
            `the application refused ${partWords(went.length - taken, went.length)} of those that were let through`,
          ),
    );
  if (likelyAttacks > 0) signs.push(attack(`${likelyAttacks} of ${all} also show what attacks show`));
  return signs;
}

function ordinary(text: string): Sign {
  return { speaksFor: 'ordinary', text };
}

function attack(text: string): Sign {
  return { speaksFor: 'attack', text };
}

export function tally(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

const mostRanked = 10;

/** The values that occur most often. */
export function ranked(values: readonly string[]): { value: string; count: number }[] {
  return [...tally(values)]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, mostRanked);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function partWords(part: number, whole: number): string {
  if (part === 0) return 'none';
  return part === whole ? 'all' : percent(part / whole);
}

function percent(share: number): string {
  if (share > 0 && share < 0.01) return 'less than 1 %';
  return share < 1 && share > 0.99 ? 'more than 99 %' : `${Math.round(share * 100)} %`;
}
