import type { Fields } from './answer.ts';

/** Where a shipper leaves an audit record: decoded under a path, as text, or taken apart by Elastic's integration. */
export type AuditLayout =
  | { readonly kind: 'object'; readonly path: string }
  | { readonly kind: 'text'; readonly field: string }
  | { readonly kind: 'ecs' };

/** Where it leaves an access line: as text, as the fields of a JSON log under a path, or in ECS. */
export type AccessLayout =
  | { readonly kind: 'text'; readonly field: string }
  | { readonly kind: 'fields'; readonly path: string }
  | { readonly kind: 'ecs' };

/** A field that must have one of the values. */
export interface Narrowing {
  readonly field: string;
  readonly values: readonly string[];
}

/** How the documents of a site are read. */
export interface Profile {
  readonly timeField: string;
  readonly audit: readonly AuditLayout[];
  readonly access: readonly AccessLayout[];
  /** Which texts are access lines; where there is none, each is read to find out. */
  readonly accessOnly: readonly Narrowing[];
  readonly auditOnly: readonly Narrowing[];
  /** Holds the namespace that served the request. */
  readonly namespaceField: string | null;
}

/** What a site says of its documents itself; the rest is found out. */
export interface ProfileChoice {
  readonly timeField?: string | undefined;
  /** `transaction`, `waf_json.transaction`, or a text such as `message`. */
  readonly auditField?: string | undefined;
  readonly accessField?: string | undefined;
  readonly auditWhere?: Readonly<Record<string, string | readonly string[]>> | undefined;
  readonly accessWhere?: Readonly<Record<string, string | readonly string[]>> | undefined;
  readonly namespaceField?: string | undefined;
}

const texts = ['text', 'match_only_text', 'keyword', 'wildcard', 'constant_keyword'];
const exact = ['keyword', 'wildcard', 'constant_keyword'];

export function hasType(fields: Fields, name: string, types: readonly string[]): boolean {
  const known = fields.get(name);
  return known !== undefined && types.some((type) => Object.hasOwn(known, type));
}

/** The field of that name whose values are kept whole; null where there is none. */
export function exactField(fields: Fields, name: string): string | null {
  return [name, `${name}.keyword`].find((each) => hasType(fields, each, exact)) ?? null;
}

/** Members by which a decoded record is known, of ModSecurity 3, Coraza and ModSecurity 2. */
export const recordMembers = ['time_stamp', 'unix_timestamp', 'transaction_id', 'messages.details.ruleId'] as const;
export const ecsMembers = ['modsec.audit.details', 'modsec.audit.messages', 'modsec.audit.server'] as const;
export const ecsDataset = 'modsecurity.auditlog';
const lineMembers = ['remote_addr', 'request_uri', 'upstream_addr'] as const;

export function findProfile(fields: Fields, choice: ProfileChoice): Omit<Profile, 'accessOnly'> {
  return {
    timeField: choice.timeField ?? '@timestamp',
    audit: choice.auditField === undefined ? findAudit(fields) : [chosenAudit(fields, choice.auditField)],
    access: choice.accessField === undefined ? findAccess(fields) : [chosenAccess(fields, choice.accessField)],
    auditOnly: narrowingsOf(fields, choice.auditWhere),
    namespaceField: choice.namespaceField ?? null,
  };
}

export function narrowingsOf(fields: Fields, where: ProfileChoice['accessWhere'] = {}): readonly Narrowing[] {
  return Object.entries(where).map(([name, values]) => ({
    field: exactField(fields, name) ?? name,
    values: [values].flat(),
  }));
}

function chosenAudit(fields: Fields, field: string): AuditLayout {
  if (field === 'modsec.audit') return { kind: 'ecs' };
  return hasType(fields, field, texts) ? { kind: 'text', field } : { kind: 'object', path: field };
}

function chosenAccess(fields: Fields, field: string): AccessLayout {
  return hasType(fields, field, texts) ? { kind: 'text', field } : { kind: 'fields', path: field };
}

function findAudit(fields: Fields): readonly AuditLayout[] {
  const paths = new Set<string>();
  for (const name of fields.keys())
    for (const member of recordMembers) if (name.endsWith(`.${member}`)) paths.add(name.slice(0, -member.length - 1));
  const found: AuditLayout[] = [...paths].sort().map((path) => ({ kind: 'object', path }));
  if (ecsMembers.some((name) => [...fields.keys()].some((each) => each === name || each.startsWith(`${name}.`))))
    found.push({ kind: 'ecs' });
  return found.length > 0 ? found : textLayouts(fields);
}

function textLayouts(fields: Fields): readonly { readonly kind: 'text'; readonly field: string }[] {
  return ['message', 'event.original', 'log'].flatMap((field) =>
    hasType(fields, field, texts) ? [{ kind: 'text', field } as const] : [],
  );
}

function findAccess(fields: Fields): readonly AccessLayout[] {
  const paths = new Set<string>();
  for (const name of fields.keys())
    for (const member of lineMembers)
      if (name === member) paths.add('');
      else if (name.endsWith(`.${member}`)) paths.add(name.slice(0, -member.length - 1));
  const isEcs = fields.has('http.response.status_code') && (fields.has('source.address') || fields.has('source.ip'));
  return [
    ...textLayouts(fields),
    ...[...paths].sort().map((path) => ({ kind: 'fields', path }) as const),
    ...(isEcs ? [{ kind: 'ecs' } as const] : []),
  ];
}

/** Fields that tell access lines from other texts, and the values that do; the first with such a value is taken. */
export const lineMarks: readonly { readonly field: string; readonly value: RegExp }[] = [
  { field: 'event.dataset', value: /^(nginx\.(access|ingress_controller)|(traefik|apache)\.access|haproxy\.log)$/ },
  { field: 'fileset.name', value: /^(access|ingress_controller)$/ },
  {
    field: 'kubernetes.container.name',
    value: /^(nginx-ingress-controller|ingress-nginx-controller|controller|nginx-ingress)$/,
  },
  { field: 'log.file.path', value: /access/ },
];

/** From the values that the marks have in the documents. */
export function findLineNarrowing(
  fields: Fields,
  values: ReadonlyMap<string, readonly string[]>,
): readonly Narrowing[] {
  for (const { field, value } of lineMarks) {
    const name = exactField(fields, field);
    const fitting = (values.get(field) ?? []).filter((each) => value.test(each));
    if (name === null || fitting.length === 0) continue;
    const stream = field === 'kubernetes.container.name' ? exactField(fields, 'stream') : null;
    return [{ field: name, values: fitting }, ...(stream === null ? [] : [{ field: stream, values: ['stdout'] }])];
  }
  return [];
}

/** In words, for the source's status. */
export function describeProfile({ audit, access, accessOnly }: Profile): string {
  const records = audit.map((layout) => {
    if (layout.kind === 'object') return `decoded at ${layout.path}`;
    return layout.kind === 'text' ? `as text in ${layout.field}` : "by Elastic's integration";
  });
  const lines = access.map((layout) => {
    if (layout.kind === 'text') return `as text in ${layout.field}`;
    return layout.kind === 'ecs' ? 'in ECS' : `decoded at ${layout.path || 'the top'}`;
  });
  const where = accessOnly
    .map(({ field, values }) => `${field.replace(/\.keyword$/, '')} is ${values.join(' or ')}`)
    .join(' and ');
  return `audit records: ${records.join(' and ') || 'not found'}; access lines: ${lines.join(' and ') || 'not found'}${where === '' ? '' : ` where ${where}`}`;
}
