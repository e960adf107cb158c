import { readEngine, readFields, readFound, readPointInTime } from './answer.ts';
import type { Engine, Fields, Found, Hit } from './answer.ts';
import type { ElasticsearchClient } from './client.ts';
import { timeOfHit } from './document.ts';
import type { Profile } from './profile.ts';
import { pageBody } from './query.ts';
import type { Clause, PageAsked, Side, TimeRange } from './query.ts';

/** The few questions that are put to an engine, each answered whole or not at all. */
export interface Search {
  engine(): Promise<Engine>;
  /** As far as it has said. */
  kind(): Engine['kind'];
  fields(): Promise<{ readonly fields: Fields; readonly indices: readonly string[] }>;
  ask(body: Clause, attempted: string): Promise<Found>;
  /** Documents in the order of time, page by page; those of one moment come together, ordered by their ids. */
  pages(profile: Profile, asked: PagesAsked): AsyncGenerator<readonly Hit[]>;
}

export interface PagesAsked {
  readonly side: Side;
  readonly range: TimeRange;
  readonly order: 'asc' | 'desc';
  readonly size: number;
  readonly sources: Clause;
  /** All pages show the documents of the time when the first was read. */
  readonly isFrozen: boolean;
}

export function createSearch(client: ElasticsearchClient, patterns: readonly string[]): Search {
  const target = patterns.map((pattern) => encodeURIComponent(pattern)).join(',');
  const lenient = 'ignore_unavailable=true&allow_no_indices=true';
  let known: Promise<Engine> | null = null;
  let kind: Engine['kind'] = 'elasticsearch';

  async function askEngine(): Promise<Engine> {
    const attempted = 'say what it is';
    const engine = readEngine(await client.send({ method: 'GET', path: '/', attempted }));
    if (engine === null) throw client.fail('bad-response', attempted, 'it is neither Elasticsearch nor OpenSearch');
    return engine;
  }

  async function engine(): Promise<Engine> {
    known ??= askEngine();
    try {
      const found = await known;
      kind = found.kind;
      return found;
    } catch (error) {
      known = null;
      throw error;
    }
  }

  async function search(body: Clause, attempted: string): Promise<Found> {
    const path = body['pit'] === undefined ? `/${target}/_search?${lenient}` : '/_search';
    const read = readFound(await client.send({ method: 'POST', path, body, attempted }));
    if (!read.ok) throw client.fail(read.code, attempted, read.reason);
    return read.found;
  }

  async function openPointInTime(attempted: string): Promise<string | null> {
    const { kind } = await engine();
    const call = kind === 'opensearch' ? '_search/point_in_time' : '_pit';
    // Elasticsearch before 7.10 and OpenSearch before 2.4 have none.
    const opened = client.send({ method: 'POST', path: `/${target}/${call}?keep_alive=1m`, attempted });
    return opened.then(readPointInTime, (error: unknown) => {
      if (error instanceof Error && 'code' in error && ['bad-response', 'forbidden'].includes(String(error.code)))
        return null;
      throw error;
    });
  }

  async function closePointInTime(id: string): Promise<void> {
    const { kind } = await engine();
    const request =
      kind === 'opensearch'
        ? { path: '/_search/point_in_time', body: { pit_id: [id] } }
        : { path: '/_pit', body: { id } };
    // It ends by itself within a minute.
    await client.send({ method: 'DELETE', ...request, attempted: 'forget a point in time' }).catch(() => undefined);
  }

  async function* momentPages(profile: Profile, asked: PageAsked, attempted: string): AsyncGenerator<readonly Hit[]> {
    let after: Hit['sort'];
    for (;;) {
      const body = pageBody(profile, { ...asked, after, isById: true });
      const { hits } = await search(body, attempted);
      if (hits.length > 0) yield hits;
      if (hits.length < asked.size) return;
      after = hits.at(-1)?.sort;
    }
  }

  return {
    engine,
    kind: () => kind,
    ask: search,
    async fields() {
      const attempted = 'list the fields of its indices';
      const path = `/${target}/_field_caps?fields=*&${lenient}`;
      const read = readFields(await client.send({ method: 'GET', path, attempted }));
      if (read === null) throw client.fail('bad-response', attempted, 'the answer is not a list of fields');
      return read;
    },
    async *pages(profile, { side, order, size, sources, isFrozen, ...asked }) {
      const attempted = side === 'audit' ? 'read audit records' : 'read access lines';
      const timeOf = (hit: Hit): number => timeOfHit(hit, profile.timeField);
      const pointInTime = isFrozen ? await openPointInTime(attempted) : null;
      try {
        let { fromMs, toMs } = asked.range;
        while (fromMs < toMs) {
          const page = { side, range: { fromMs, toMs }, order, size, pointInTime, sources };
          const { hits } = await search(pageBody(profile, page), attempted);
          const isLast = hits.length < size;
          const edge = hits.at(-1);
          const edgeMs = edge ? timeOf(edge) : Number.NaN;
          const whole = isLast ? hits : hits.filter((hit) => timeOf(hit) !== edgeMs);
          if (whole.length > 0) yield byPlace(whole, order, timeOf);
          if (isLast) return;
          if (whole.length === 0) {
            const moment = { ...page, range: { fromMs: edgeMs, toMs: edgeMs + 1 } };
            yield* momentPages(profile, moment, attempted);
          }
          const isDone = whole.length === 0;
          if (order === 'asc') fromMs = isDone ? edgeMs + 1 : edgeMs;
          else toMs = isDone ? edgeMs : edgeMs + 1;
        }
      } finally {
        if (pointInTime !== null) await closePointInTime(pointInTime);
      }
    },
  };
}

export function placeOf({ _index, _id }: Pick<Hit, '_index' | '_id'>): string {
  return `${_id} ${_index}`;
}

function byPlace(hits: readonly Hit[], order: 'asc' | 'desc', timeOf: (hit: Hit) => number): readonly Hit[] {
  const sign = order === 'asc' ? 1 : -1;
  const compare = (left: Hit, right: Hit): number => {
    const away = timeOf(left) - timeOf(right);
    if (away !== 0) return sign * away;
    return placeOf(left) < placeOf(right) ? -sign : sign;
  };
  return hits.toSorted(compare);
}
