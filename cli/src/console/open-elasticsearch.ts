import type { SourceStatus } from '@bartizan/api';
import { stateOfFailure } from '@bartizan/backends';
import type { Cluster, TransactionReader } from '@bartizan/backends';
import type { ElasticsearchCheck, ElasticsearchReader } from '@bartizan/backends/elasticsearch';
import type { SourceHandle } from '@bartizan/server';
import type { FirewallOfElasticsearch } from '../config/firewalls.ts';
import { createAttribution } from './attribution.ts';
import { placeOfUrl } from './place-of-url.ts';
import { elasticsearchFix } from './elasticsearch-fixes.ts';

export interface OpenedElasticsearch {
  readonly transactions: TransactionReader;
  readonly handle: SourceHandle;
  close(): Promise<void>;
}

const checkEveryMs = 20_000;

/** Logs that a shipper puts into Elasticsearch or OpenSearch, read in place; its state is looked up from time to time. */
export async function openElasticsearchSource(options: {
  readonly firewall: FirewallOfElasticsearch;
  readonly cluster: Cluster | undefined;
  readonly clock: () => Date;
}): Promise<OpenedElasticsearch> {
  const { firewall, cluster, clock } = options;
  const reader = await openReader(firewall, createAttribution(cluster), clock);
  let status = notAsked(firewall);
  async function check(): Promise<void> {
    const now = await elasticsearchStatus(firewall, reader, clock);
    // Since when: the time of the first of several failures.
    status = now.state !== 'ok' && status.state === now.state && status.since ? { ...now, since: status.since } : now;
  }
  void check();
  const timer = setInterval(() => void check(), checkEveryMs);
  timer.unref();
  return {
    transactions: reader,
    handle: {
      signal: 'waf',
      name: firewall.name,
      covers: (setup) => setup.firewalls.includes(firewall.name),
      status: () => status,
    },
    async close() {
      clearInterval(timer);
      await reader.close();
    },
  };
}

export async function openReader(
  firewall: FirewallOfElasticsearch,
  attribute: (upstream: string | null) => string | null,
  clock: () => Date,
): Promise<ElasticsearchReader> {
  const { openElasticsearch } = await import('@bartizan/backends/elasticsearch');
  return openElasticsearch({ name: firewall.name, ...firewall.elasticsearch, attribute, clock });
}

function notAsked({ elasticsearch }: FirewallOfElasticsearch): SourceStatus {
  return {
    signal: 'waf',
    kind: 'elasticsearch',
    location: locationOf(elasticsearch),
    state: 'unreachable',
    reason: 'not asked yet',
  };
}

function locationOf({ url, indices }: FirewallOfElasticsearch['elasticsearch']): string {
  const place = placeOfUrl(url);
  return indices ? `${place}, ${indices.join(', ')}` : place;
}

/** A log without a record for so long is said to be stale; it may also just be quiet. */
const staleMs = 15 * 60_000;

/** What the engine says of itself and of the documents in it. */
export async function elasticsearchStatus(
  firewall: FirewallOfElasticsearch,
  reader: ElasticsearchReader,
  clock: () => Date,
): Promise<SourceStatus> {
  const known = { signal: 'waf', location: locationOf(firewall.elasticsearch) } as const;
  try {
    const found = await reader.check();
    const state = found.problem === 'no-audit' || found.problem === 'no-access' ? 'missing' : 'ok';
    return {
      ...known,
      kind: found.kind,
      newest: found.newest,
      state,
      reason: [wordsOf(found), found.layout, staleness(found, clock())].filter((part) => part !== null).join('; '),
      ...(found.problem === null ? {} : { fix: elasticsearchFix(found.problem) }),
      ...(state === 'ok' ? {} : { since: clock().toISOString() }),
    };
  } catch (error) {
    const state = stateOfFailure(error);
    return {
      ...known,
      kind: reader.kind,
      state,
      reason: error instanceof Error ? error.message : String(error),
      since: clock().toISOString(),
      ...(state === 'forbidden' ? { fix: elasticsearchFix('forbidden') } : {}),
    };
  }
}

function wordsOf({ problem }: ElasticsearchCheck): string | null {
  switch (problem) {
    case 'no-audit':
      return 'no audit record of ModSecurity or Coraza is in its indices';
    case 'no-access':
      return 'no access line is in its indices, so there is no number of requests and no share';
    case 'no-engine-mode':
      return "Elastic's integration does not keep the engine's mode, so what was blocked counts as detected";
    case null:
      return null;
    default:
      return problem satisfies never;
  }
}

function staleness({ newest }: ElasticsearchCheck, now: Date): string | null {
  return newest !== null && now.getTime() - Date.parse(newest) > staleMs ? `no record since ${newest}` : null;
}
