import { ecsDataset, ecsMembers, lineMarks, recordMembers } from './profile.ts';
import type { AuditLayout, Narrowing, Profile } from './profile.ts';

/** A piece of the query language. */
export type Clause = Readonly<Record<string, unknown>>;

export interface TimeRange {
  readonly fromMs: number;
  /** Does not count. */
  readonly toMs: number;
}

export type Side = 'audit' | 'access';

export function duringClause({ timeField }: Profile, { fromMs, toMs }: TimeRange): Clause {
  return { range: { [timeField]: { gte: Math.ceil(fromMs), lt: Math.ceil(toMs), format: 'epoch_millis' } } };
}

export function sideClause(profile: Profile, side: Side): Clause {
  return side === 'audit' ? auditClause(profile) : accessClause(profile);
}

function auditClause({ audit, auditOnly }: Profile): Clause {
  if (audit.length === 0) return { match_none: {} };
  return { bool: { filter: [anyOf(audit.map(recordClause)), ...auditOnly.map(narrowingClause)] } };
}

function recordClause(layout: AuditLayout): Clause {
  switch (layout.kind) {
    case 'object':
      return anyOf(recordMembers.map((member) => exists(`${layout.path}.${member}`)));
    case 'text':
      // Words that every record has, whatever its dialect; reading it decides.
      return { match: { [layout.field]: 'time_stamp unix_timestamp transaction_id unique_id' } };
    case 'ecs':
      return anyOf([
        ...ecsMembers.map(exists),
        ...['event.dataset', 'data_stream.dataset'].map((field) => ({ term: { [field]: ecsDataset } })),
      ]);
    default:
      return layout satisfies never;
  }
}

function accessClause({ access, accessOnly, audit }: Profile): Clause {
  if (access.length === 0) return { match_none: {} };
  const lines = access.map((layout): Clause => {
    switch (layout.kind) {
      case 'text':
        return { bool: { filter: [exists(layout.field), ...accessOnly.map(narrowingClause)] } };
      case 'fields': {
        const prefix = layout.path === '' ? '' : `${layout.path}.`;
        return anyOf(['remote_addr', 'request_uri', 'upstream_addr'].map((member) => exists(`${prefix}${member}`)));
      }
      case 'ecs':
        return { bool: { filter: [exists('http.response.status_code'), ...accessOnly.map(narrowingClause)] } };
      default:
        return layout satisfies never;
    }
  });
  // Of texts, reading them decides which are records.
  const records = audit.filter(({ kind }) => kind !== 'text').map(recordClause);
  return { bool: { filter: [anyOf(lines)], must_not: records } };
}

function narrowingClause({ field, values }: Narrowing): Clause {
  return { terms: { [field]: values } };
}

function exists(field: string): Clause {
  return { exists: { field } };
}

function anyOf(clauses: readonly Clause[]): Clause {
  const [only, ...others] = clauses;
  return only !== undefined && others.length === 0 ? only : { bool: { should: clauses, minimum_should_match: 1 } };
}

/** How many documents of each side lie in each interval. */
export function countsBody(profile: Profile, range: TimeRange, intervalMs: number): Clause {
  const byTime = { date_histogram: { field: profile.timeField, fixed_interval: `${intervalMs}ms`, min_doc_count: 1 } };
  const side = (name: Side): Clause => ({ filter: sideClause(profile, name), aggs: { byTime } });
  return {
    size: 0,
    track_total_hits: true,
    query: duringClause(profile, range),
    aggs: { audit: side('audit'), access: side('access') },
  };
}

/** The first or the last document of a side. */
export function edgeBody(profile: Profile, side: Side, order: 'asc' | 'desc'): Clause {
  return {
    size: 1,
    track_total_hits: false,
    _source: false,
    query: sideClause(profile, side),
    sort: [{ [profile.timeField]: { order } }],
    docvalue_fields: [timeOf(profile)],
  };
}

function timeOf({ timeField }: Profile): Clause {
  return { field: timeField, format: 'epoch_millis' };
}

export interface PageAsked {
  readonly side: Side;
  readonly range: TimeRange;
  readonly order: 'asc' | 'desc';
  readonly size: number;
  readonly pointInTime: string | null;
  readonly sources: Clause;
  /** Reads by id too, from after this place on: for a moment that has more documents than a page holds. */
  readonly after?: readonly (number | string)[] | undefined;
  readonly isById?: boolean;
}

/** One page of documents in the order of time. */
export function pageBody(profile: Profile, asked: PageAsked): Clause {
  const { side, range, order, size, pointInTime, sources, after, isById = false } = asked;
  const byTime = { [profile.timeField]: { order } };
  return {
    size,
    track_total_hits: false,
    query: { bool: { filter: [duringClause(profile, range), sideClause(profile, side)] } },
    sort: isById ? [byTime, { _id: { order } }] : [byTime],
    _source: sources,
    docvalue_fields: [timeOf(profile)],
    ...(after === undefined ? {} : { search_after: after }),
    ...(pointInTime === null ? {} : { pit: { id: pointInTime, keep_alive: '1m' } }),
  };
}

/** What lists and figures need of a document; bodies can be as large as everything else together. */
export function sourcesFor(profile: Profile, side: Side): Clause {
  const layouts = side === 'audit' ? profile.audit : profile.access;
  const includes = layouts.flatMap((layout): string[] => {
    if (layout.kind === 'text') return [layout.field];
    if (layout.kind === 'ecs')
      return ['modsec', 'source', 'http', 'url', 'user_agent', 'nginx', 'event.original', '@timestamp'];
    if ('path' in layout && side === 'access') return layout.path === '' ? ['*'] : [layout.path];
    const parent = layout.path.includes('.') ? `${layout.path.slice(0, layout.path.lastIndexOf('.'))}.` : '';
    return [layout.path, ...['messages', 'request', 'response', 'audit_data'].map((member) => `${parent}${member}`)];
  });
  const namespace = profile.namespaceField === null ? [] : [profile.namespaceField];
  return { includes: [...includes, ...namespace], excludes: ['*.body', '*.response.headers'] };
}

export function documentBody(profile: Profile, place: { readonly index: string; readonly id: string }): Clause {
  return {
    size: 1,
    track_total_hits: false,
    query: {
      bool: {
        filter: [{ ids: { values: [place.id] } }, { term: { _index: place.index } }, sideClause(profile, 'audit')],
      },
    },
    docvalue_fields: [timeOf(profile)],
  };
}

/** Which values the fields have that could tell access lines from other texts. */
export function marksBody(fieldOf: (mark: string) => string | null): Clause {
  const aggs = lineMarks.flatMap(({ field }) => {
    const name = fieldOf(field);
    return name === null ? [] : [[field, { terms: { field: name, size: 200 } }] as const];
  });
  return { size: 0, track_total_hits: false, aggs: Object.fromEntries(aggs) };
}
