import { z } from 'zod';
import type { Span } from '@bartizan/waf';
import type { Fields } from './answer.ts';
import type { ElasticsearchClient } from './client.ts';
import { timeOfHit } from './document.ts';
import { exactField, findLineNarrowing, findProfile, hasType, lineMarks, narrowingsOf } from './profile.ts';
import type { Profile, ProfileChoice } from './profile.ts';
import { edgeBody, marksBody } from './query.ts';
import type { Side } from './query.ts';
import type { Search } from './search.ts';
import type { Spans } from './tally.ts';

export interface Known {
  readonly profile: Profile;
  readonly spans: Spans;
}

/** How the documents are read, and from when to when there are any: looked up again from time to time. */
export interface Layout {
  known(): Promise<Known>;
}

const profileMs = 60_000;
const spansMs = 5000;

export function createLayout(options: {
  readonly search: Search;
  readonly client: ElasticsearchClient;
  readonly choice: ProfileChoice;
  readonly clock: () => Date;
}): Layout {
  const { search, client, choice, clock } = options;
  const attempted = 'tell how its documents are laid out';

  const profile = remembered(findOut, { clock, forMs: (found) => (isUsable(found) ? profileMs : 0) });
  const spans = remembered(askSpans, { clock, forMs: () => spansMs });

  async function findOut(): Promise<Profile> {
    const { fields } = await search.fields();
    refuseConflicts(fields);
    const found = findProfile(fields, choice);
    if (choice.accessWhere !== undefined) return { ...found, accessOnly: narrowingsOf(fields, choice.accessWhere) };
    return { ...found, accessOnly: findLineNarrowing(fields, await askMarks(fields)) };
  }

  function refuseConflicts(fields: Fields): void {
    const time = choice.timeField ?? '@timestamp';
    const types = Object.entries(fields.get(time) ?? {}).filter(([type]) => type !== 'unmapped');
    const wrong = types.find(([type]) => type !== 'date' && type !== 'date_nanos');
    if (!wrong) return;
    const [type, indices] = wrong;
    const where = indices.length > 0 ? ` in ${indices.slice(0, 3).join(', ')}` : '';
    throw client.fail('bad-response', attempted, `mapping conflict: ${time} is of type ${type}${where}, not date`);
  }

  async function askMarks(fields: Fields): Promise<ReadonlyMap<string, readonly string[]>> {
    const body = marksBody((mark) => exactField(fields, mark));
    if (lineMarks.every(({ field }) => exactField(fields, field) === null)) return new Map();
    const { aggregations } = await search.ask(body, attempted);
    return new Map(Object.entries(aggregations).map(([field, terms]) => [field, termsOf(terms)]));
  }

  async function askSpans(): Promise<Spans> {
    const known = await profile();
    const { fields } = await search.fields();
    if (!hasType(fields, known.timeField, ['date', 'date_nanos'])) return { audit: null, access: null };
    const edge = async (side: Side, order: 'asc' | 'desc'): Promise<number | null> => {
      const { hits } = await search.ask(edgeBody(known, side, order), 'find its first and last documents');
      return hits[0] ? timeOfHit(hits[0], known.timeField) : null;
    };
    const span = async (side: Side): Promise<Span | null> => {
      const [fromMs, toMs] = await Promise.all([edge(side, 'asc'), edge(side, 'desc')]);
      return fromMs === null || toMs === null ? null : { fromMs, toMs };
    };
    const [audit, access] = await Promise.all([span('audit'), span('access')]);
    return { audit, access };
  }

  return {
    async known() {
      const [found, seen] = await Promise.all([profile(), spans()]);
      return { profile: found, spans: seen };
    },
  };
}

function isUsable({ audit, access }: Profile): boolean {
  return audit.length > 0 && access.length > 0;
}

const Terms = z.object({ buckets: z.array(z.object({ key: z.union([z.string(), z.number()]) })) });

function termsOf(aggregation: unknown): readonly string[] {
  const read = Terms.safeParse(aggregation);
  return read.success ? read.data.buckets.map(({ key }) => String(key)) : [];
}

/** Asks once for those who come together, and again when the answer is too old; a failure is not remembered. */
function remembered<T>(
  ask: () => Promise<T>,
  { clock, forMs }: { readonly clock: () => Date; readonly forMs: (value: T) => number },
): () => Promise<T> {
  let asked: Promise<T> | null = null;
  let untilMs = Infinity;
  return () => {
    if (asked === null || clock().getTime() >= untilMs) {
      untilMs = Infinity;
      const made = ask();
      asked = made;
      made.then(
        (value) => {
          if (asked === made) untilMs = clock().getTime() + forMs(value);
        },
        () => {
          if (asked === made) asked = null;
        },
      );
    }
    return asked;
  };
}
