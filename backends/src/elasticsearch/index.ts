import type { WafTotals } from '@bartizan/api';
import { readOffset, wrongCursor } from '../page-cursor.ts';
import type { Scope } from '../scope.ts';
import type { SourceError } from '../source-error.ts';
import type { TransactionQuery, TransactionReader } from '../transaction-store.ts';
import { createElasticsearchClient } from './client.ts';
import type { ElasticsearchConnection } from './client.ts';
import { coverageOf } from './coverage.ts';
import type { ReadRecord } from './decode.ts';
import { readDetail, readRecord } from './decode.ts';
import { readId, timeOfHit } from './document.ts';
import { keepsRecord } from './filter.ts';
import { createLayout } from './layout.ts';
import { describeProfile } from './profile.ts';
import type { ProfileChoice } from './profile.ts';
import { documentBody, sourcesFor } from './query.ts';
import { createRecorded, mostRead } from './recorded.ts';
import { countRequests } from './requests.ts';
import { createSearch, placeOf } from './search.ts';
import { bothOf, byInterval, covers, intervalsOf, isInScope, isInside, isTold, judgedOf, rank } from './tally.ts';

export type { ElasticsearchConnection } from './client.ts';
export type { ProfileChoice } from './profile.ts';

export interface ElasticsearchOptions extends ElasticsearchConnection {
  /** Index patterns, data streams or aliases. */
  readonly indices?: readonly string[] | undefined;
  readonly profile?: ProfileChoice | undefined;
  /** The namespace that an upstream belongs to. */
  readonly attribute?: ((upstream: string | null) => string | null) | undefined;
}

export interface ElasticsearchCheck {
  readonly kind: 'elasticsearch' | 'opensearch';
  /** How the documents are read, in words. */
  readonly layout: string;
  readonly newest: string | null;
  /** What is missing or lost on the way, in words. */
  readonly problem: 'no-audit' | 'no-access' | 'no-engine-mode' | null;
}

export interface ElasticsearchReader extends TransactionReader {
  check(): Promise<ElasticsearchCheck>;
}

const defaultIndices = ['filebeat-*', 'logs-*'];
const nothingKnown: WafTotals = {
  total: null,
  anomalous: null,
  anomalousShare: null,
  blocked: null,
  detected: null,
  matched: null,
};

/** Transactions in Elasticsearch or OpenSearch, where the site's own shippers put them; nothing is written. */
export function openElasticsearch(options: ElasticsearchOptions): ElasticsearchReader {
  const { name: source, indices = defaultIndices, attribute = () => null } = options;
  const client = createElasticsearchClient(options);
  const search = createSearch(client, indices);
  const layout = createLayout({ search, client, choice: options.profile ?? {}, clock: options.clock });
  const recorded = createRecorded(search);
  const hasSource = (scope: Scope): boolean => scope.kind === 'all' || scope.sources.includes(source);

  /** The records that the query is about; null where they cannot be told. */
  async function recordsOf({ window, scope, filter }: TransactionQuery): Promise<readonly ReadRecord[] | null> {
    const { profile } = await layout.known();
    const read = await recorded.records(profile, window);
    if (
      read === null ||
      !isTold(
        read.items.map(({ row }) => row),
        scope,
      )
    )
      return null;
    return read.items.filter(({ row }) => isInScope(row, scope) && keepsRecord(row, filter));
  }

  const requestsOf = async (query: TransactionQuery) =>
    countRequests({ query, profile: (await layout.known()).profile, recorded, search, attribute });

  return {
    get kind() {
      return search.kind();
    },
    supports: { join: false },

    async statistics(query) {
      if (!hasSource(query.scope)) return nothingKnown;
      const { spans } = await layout.known();
      const [records, requests] = await Promise.all([recordsOf(query), requestsOf(query)]);
      const judged = records && (records.length > 0 || covers(spans, 'audit', query.window)) ? judgedOf(records) : null;
      const count = requests && (await requests.count(query.window));
      const total = count === 0 && !covers(spans, 'access', query.window) ? null : count;
      return { ...nothingKnown, ...judged, total, anomalousShare: await shareOf() };

      /** Over the time that both logs cover. */
      async function shareOf(): Promise<number | null> {
        const both = bothOf(spans);
        if (!both || !records || !requests) return null;
        const range = {
          fromMs: Math.max(both.fromMs, query.window.fromMs),
          toMs: Math.min(both.toMs + 1, query.window.toMs),
        };
        const all = range.fromMs < range.toMs ? await requests.count(range) : 0;
        if (!all) return null;
        return Math.min(1, judgedOf(records.filter(({ timeMs }) => isInside(timeMs, range))).anomalous / all);
      }
    },

    async buckets(query, intervalMs) {
      const intervals = intervalsOf(query.window, intervalMs);
      const unknown = { total: null, anomalous: null, blocked: null };
      if (!hasSource(query.scope)) return intervals.map(({ startMs }) => ({ startMs, ...unknown }));
      const { spans } = await layout.known();
      const [records, requests] = await Promise.all([recordsOf(query), requestsOf(query)]);
      const groups = records && byInterval(records, intervalMs);
      const counts = requests && (await requests.countEach(query.window, intervalMs));
      return intervals.map(({ startMs, range }) => {
        const own = groups?.get(startMs) ?? [];
        const judged = groups && (own.length > 0 || covers(spans, 'audit', range)) ? judgedOf(own) : unknown;
        const count = counts?.get(startMs) ?? 0;
        const total = counts && (count > 0 || covers(spans, 'access', range)) ? count : null;
        return { startMs, total, anomalous: judged.anomalous, blocked: judged.blocked };
      });
    },

    async breakdown(query, by, page) {
      if (!hasSource(query.scope)) return { items: [] };
      const offset = readOffset(page.cursor, source);
      const records = await recordsOf(query);
      if (records === null) throw tooMany('rank them');
      const ranked = rank(records, by);
      const end = offset + page.limit;
      const items = ranked.slice(offset, end);
      return ranked.length > end ? { items, nextCursor: `${end}` } : { items };
    },

    async list({ window, scope, filter }, page) {
      if (!hasSource(scope)) return { items: [] };
      const after = page.cursor === undefined ? null : readCursor(page.cursor);
      if (page.cursor !== undefined && after === null) throw wrongCursor(source);
      const { profile } = await layout.known();
      const pages = search.pages(profile, {
        side: 'audit',
        range: after === null ? window : { ...window, toMs: Math.min(window.toMs, after.timeMs + 1) },
        order: 'desc',
        size: Math.min(5000, Math.max(200, page.limit * 2)),
        sources: sourcesFor(profile, 'audit'),
        isFrozen: false,
      });
      const taken: { readonly read: ReadRecord; readonly place: string }[] = [];
      for await (const hits of pages) {
        for (const hit of hits) {
          const place = placeOf(hit);
          if (after !== null && timeOfHit(hit, profile.timeField) === after.timeMs && place >= after.place) continue;
          const read = readRecord(hit, profile);
          if (typeof read === 'string' || !isInScope(read.row, scope) || !keepsRecord(read.row, filter)) continue;
          taken.push({ read, place });
        }
        if (taken.length > page.limit) break;
      }
      const items = taken.slice(0, page.limit).map(({ read }) => read.row);
      const last = taken[page.limit - 1];
      if (taken.length <= page.limit || !last) return { items };
      return { items, nextCursor: printCursor(last.read.timeMs, last.place) };
    },

    async find(id) {
      const place = readId(id);
      if (place === null) return null;
      const { profile } = await layout.known();
      const { hits } = await search.ask(documentBody(profile, place), 'read one transaction');
      return hits[0] ? readDetail(hits[0], profile) : null;
    },

    async *details({ window, scope, filter }) {
      if (!hasSource(scope)) return;
      const { profile } = await layout.known();
      const sources = sourcesFor(profile, 'audit');
      const asked = { side: 'audit', range: window, order: 'desc', size: 1000, sources, isFrozen: false } as const;
      for await (const hits of search.pages(profile, asked))
        for (const hit of hits) {
          const detail = readDetail(hit, profile);
          if (detail && isInScope(detail, scope) && keepsRecord(detail, filter)) yield detail;
        }
    },

    coverage: (window, scope) =>
      coverageOf({ source, window, scope, hasSource: hasSource(scope), layout, recorded, attribute }),

    async check() {
      const { kind } = await search.engine();
      const { profile, spans } = await layout.known();
      const newestMs = Math.max(spans.audit?.toMs ?? 0, spans.access?.toMs ?? 0);
      const hasOnlyEcs = profile.audit.length > 0 && profile.audit.every((each) => each.kind === 'ecs');
      return {
        kind,
        layout: describeProfile(profile),
        newest: newestMs === 0 ? null : new Date(newestMs).toISOString(),
        problem: !spans.audit ? 'no-audit' : !spans.access ? 'no-access' : hasOnlyEcs ? 'no-engine-mode' : null,
      };
    },

    async close() {
      client.close();
    },
  };

  function tooMany(attempted: string): SourceError {
    const reason = `the window has more than ${mostRead} audit records, or none that names a host or a namespace; choose a shorter window, or name the hosts of the environment`;
    return client.fail('bad-response', attempted, reason);
  }
}

function printCursor(timeMs: number, place: string): string {
  return `${timeMs.toString(36)}.${Buffer.from(place).toString('base64url')}`;
}

function readCursor(text: string): { readonly timeMs: number; readonly place: string } | null {
  const match = /^([0-9a-z]{1,10})\.([\w-]+)$/.exec(text);
  if (!match) return null;
  return {
    timeMs: Number.parseInt(match[1] ?? '', 36),
    place: Buffer.from(match[2] ?? '', 'base64url').toString('utf8'),
  };
}
