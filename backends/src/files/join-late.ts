import { createAccessReader, fitOf, joinKey, readAudit, summarise, utc } from '@bartizan/waf';
import type { AccessLine, AccessPattern, AuditRecord } from '@bartizan/waf';
import type { Attribute, LogWriter, RawRecord, RecordPlace, StoredTransaction } from '../transaction-store.ts';

interface Half {
  readonly raw: RawRecord;
  readonly timeMs: number;
  readonly line: AccessLine | null;
  readonly record: AuditRecord | null;
}

export interface LateJoiner {
  /** Joins what has only one log with what was stored before with only the other; says which of that it takes the place of. */
  join(
    transactions: readonly StoredTransaction[],
  ): Promise<{ readonly transactions: readonly StoredTransaction[]; readonly replaces: readonly RecordPlace[] }>;
}

/** How far apart in time both halves of one request may lie: a request is long, and clocks are cached. */
const reachMs = 120_000;
const mostWanted = 20_000;

/** For logs that could not be read for a while: what belongs together is joined whenever its other half comes. */
export async function createLateJoiner(options: {
  readonly source: string;
  readonly store: LogWriter;
  readonly pattern: AccessPattern | null;
  readonly hasAccess: boolean;
  readonly attribute: Attribute;
}): Promise<LateJoiner> {
  const { source, store } = options;
  const accessReader = createAccessReader(options.pattern);
  const alone = new Set(options.hasAccess ? await store.clientsOfUnjoinedRecords(source) : []);

  function halfOf(raw: RawRecord, timeMs: number, kind: 'access' | 'audit'): Half {
    const { buffer, byteOffset, length } = raw.bytes;
    const text = Buffer.from(buffer, byteOffset, length).toString('utf8');
    const line = kind === 'access' ? accessReader.read(text) : null;
    const record = kind === 'audit' ? readAudit(text, { zone: utc }) : null;
    return {
      raw,
      timeMs,
      line: line?.ok === true ? line.value : null,
      record: record?.ok === true ? record.value : null,
    };
  }

  async function storedHalves(wanted: readonly StoredTransaction[], kind: 'access' | 'audit') {
    const byKey = new Map<string, Half[]>();
    if (wanted.length === 0) return byKey;
    const spans = wanted.map(({ summary }) => ({
      client: summary.client,
      path: summary.path,
      fromMs: summary.timeMs - reachMs,
      toMs: summary.timeMs + reachMs,
    }));
    for (const { timeMs, ...raw } of await store.unjoined(source, { kind, spans })) {
      const half = halfOf(raw, timeMs, kind);
      const key = keyOf(half);
      byKey.set(key, [...(byKey.get(key) ?? []), half]);
    }
    return byKey;
  }

  /** Of one kind of half: lines look for records, or records for lines. */
  async function joinKind(wanted: readonly StoredTransaction[], kind: 'access' | 'audit') {
    const halves = await storedHalves(wanted, kind);
    const joined = new Map<StoredTransaction, { readonly whole: StoredTransaction; readonly replaced: RecordPlace }>();
    for (const transaction of halves.size === 0 ? [] : wanted) {
      const own = transaction.access ?? transaction.audit;
      const half = own && halfOf(own, transaction.summary.timeMs, kind === 'access' ? 'audit' : 'access');
      const candidates = half ? (halves.get(keyOf(half)) ?? []) : [];
      const found = half && bestOf(half, candidates);
      if (!found) continue;
      candidates.splice(candidates.indexOf(found), 1);
      const whole = wholeOf(transaction, half, found);
      if (whole) joined.set(transaction, { whole, replaced: found.raw });
    }
    return joined;
  }

  /** Both halves may come in one batch, each decided by itself. */
  function joinWithin(transactions: readonly StoredTransaction[]) {
    const wholes = new Map<StoredTransaction, StoredTransaction>();
    const taken = new Set<StoredTransaction>();
    const records = transactions.filter(({ access }) => access === null);
    const clients = new Set(records.map(({ summary }) => summary.client));
    const byKey = new Map<string, { readonly half: Half; readonly of: StoredTransaction }[]>();
    for (const transaction of records.length === 0 ? [] : transactions) {
      const { access, audit, summary } = transaction;
      if (!access || audit || !clients.has(summary.client)) continue;
      const half = halfOf(access, summary.timeMs, 'access');
      const key = keyOf(half);
      byKey.set(key, [...(byKey.get(key) ?? []), { half, of: transaction }]);
    }
    for (const transaction of records) {
      const own = transaction.audit && halfOf(transaction.audit, transaction.summary.timeMs, 'audit');
      const candidates = (own ? (byKey.get(keyOf(own)) ?? []) : []).filter((candidate) => !taken.has(candidate.of));
      const found =
        own &&
        bestOf(
          own,
          candidates.map(({ half }) => half),
        );
      const line = candidates.find(({ half }) => half === found);
      const whole = own && line && wholeOf(transaction, own, line.half);
      if (!whole) continue;
      wholes.set(transaction, whole);
      taken.add(line.of);
    }
    return { wholes, taken };
  }

  function wholeOf(transaction: StoredTransaction, own: Half, other: Half): StoredTransaction | null {
    const [access, audit] = own.line ? [own, other] : [other, own];
    const summary = summarise(audit.record, access.line);
    const namespace = summary && options.attribute(summary);
    return summary && { ...transaction, summary, namespace, access: access.raw, audit: audit.raw };
  }

  return {
    async join(transactions) {
      if (!options.hasAccess) return { transactions, replaces: [] };
      const records = transactions.filter(({ access }) => access === null).slice(0, mostWanted);
      const lines = transactions
        .filter(({ audit, summary }) => audit === null && alone.has(summary.client))
        .slice(0, mostWanted);
      const joined = new Map([...(await joinKind(records, 'access')), ...(await joinKind(lines, 'audit'))]);
      const within = joinWithin(transactions.filter((transaction) => !joined.has(transaction)));
      for (const transaction of records)
        if (!joined.has(transaction) && !within.wholes.has(transaction)) alone.add(transaction.summary.client);
      return {
        transactions: transactions
          .filter((transaction) => !within.taken.has(transaction))
          .map((transaction) => joined.get(transaction)?.whole ?? within.wholes.get(transaction) ?? transaction),
        replaces: [...joined.values()].map(({ replaced }) => replaced),
      };
    },
  };
}

function keyOf({ line, record }: Half): string {
  const part = line ?? record;
  return part ? joinKey(part) : '';
}

function bestOf(own: Half, candidates: readonly Half[]): Half | null {
  let best: Half | null = null;
  let bestFit = 0;
  for (const half of candidates) {
    const line = own.line ?? half.line;
    const record = own.record ?? half.record;
    if (!line || !record) continue;
    // The store knows the time of a record that names no zone.
    const fit = fitOf({ ...record, timeMs: own.record ? own.timeMs : half.timeMs }, line);
    if (fit > bestFit) [best, bestFit] = [half, fit];
  }
  return best;
}
