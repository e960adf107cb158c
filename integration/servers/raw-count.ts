import { readFileSync } from 'node:fs';

/**
 * An independent count of what nginx and ModSecurity wrote, from the raw lines alone: it shares no code with the readers, and
 * joins by the Referer that each request was sent with.
 */
export interface RawCount {
  readonly total: number;
  readonly records: number;
  readonly blocked: number;
  readonly detected: number;
  readonly matched: number;
  readonly by: Readonly<
    Record<'category' | 'rule' | 'client' | 'path' | 'method' | 'status', ReadonlyMap<string, Tally>>
  >;
}

export interface Tally {
  readonly count: number;
  readonly anomalous: number;
}

interface RawRecord {
  readonly referer: string;
  readonly kind: 'blocked' | 'detected' | 'matched' | 'clean';
  readonly rules: ReadonlySet<string>;
  readonly categories: ReadonlySet<string>;
}

const evaluation = ['949110', '949111', '959100', '959101'];
const denying = ['200002', '200003', '200004', '200005', '200007'];
const ignored = /^(949|959|980)\d{3}$/;
const families: Readonly<Record<string, string>> = {
  '911': 'protocol',
  '913': 'scanner',
  '920': 'protocol',
  '921': 'protocol attack',
  '922': 'multipart',
  '930': 'LFI',
  '931': 'RFI',
  '932': 'RCE',
  '933': 'PHP injection',
  '934': 'generic injection',
  '941': 'XSS',
  '942': 'SQLi',
  '943': 'session',
  '944': 'Java',
  '950': 'leakage',
  '951': 'leakage',
  '952': 'leakage',
  '953': 'leakage',
  '954': 'leakage',
};

function categoryOf(rule: string): string {
  if (rule.length === 6 && rule.startsWith('2000')) return 'parser';
  return rule.length < 6 ? 'custom' : (families[rule.slice(0, 3)] ?? 'unknown');
}

function recordOf(referer: string, ids: readonly string[], engineStops: boolean): RawRecord {
  const rules = new Set(ids.filter((id) => !ignored.test(id)));
  const isAttack = ids.some((id) => evaluation.includes(id) || denying.includes(id));
  const kind = isAttack ? (engineStops ? 'blocked' : 'detected') : ids.length > 0 ? 'matched' : 'clean';
  const categories = new Set([...rules].map(categoryOf));
  if (isAttack && categories.size === 0) categories.add('unknown');
  return { referer, kind, rules, categories };
}

export function readJsonRecords(file: string): RawRecord[] {
  const lines = readFileSync(file, 'latin1')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => {
    const { transaction } = JSON.parse(line);
    const headers: Record<string, string> = transaction.request.headers;
    const referer = Object.entries(headers).find(([name]) => name.toLowerCase() === 'referer')?.[1] ?? '';
    const ids: string[] = transaction.messages.map(
      (message: { details: { ruleId: string } }) => message.details.ruleId,
    );
    return recordOf(referer, ids, transaction.producer.secrules_engine === 'Enabled');
  });
}

export function readNativeRecords(file: string): RawRecord[] {
  const records = readFileSync(file, 'latin1')
    .split(/^-+\w+-+A--$/m)
    .slice(1);
  return records.map((text) => {
    const referer = /^referer: (.*)$/im.exec(text)?.[1]?.trim() ?? '';
    const report = text.split(/^-+\w+-+H--$/m)[1] ?? '';
    const lines = report.split('\n').filter((line) => line.startsWith('ModSecurity: '));
    const ids = lines.map((line) => / \[id "(\d+)"\] /.exec(line)?.[1] ?? '');
    return recordOf(
      referer,
      ids,
      lines.some((line) => line.startsWith('ModSecurity: Access denied')),
    );
  });
}

/** Counts every line of the access log, and the records by the requests that they belong to. */
export function countRaw(accessFile: string, records: readonly RawRecord[]): RawCount {
  const by = {
    category: new Map(),
    rule: new Map(),
    client: new Map(),
    path: new Map(),
    method: new Map(),
    status: new Map(),
  };
  const isAnomalous = ({ kind }: RawRecord): boolean => kind === 'blocked' || kind === 'detected';
  const add = (tallies: Map<string, Tally>, value: string, anomalous: boolean): void => {
    const known = tallies.get(value) ?? { count: 0, anomalous: 0 };
    tallies.set(value, { count: known.count + 1, anomalous: known.anomalous + (anomalous ? 1 : 0) });
  };
  for (const record of records) {
    for (const rule of record.rules) add(by.rule, rule, isAnomalous(record));
    for (const category of record.categories) add(by.category, category, isAnomalous(record));
  }
  const byReferer = new Map(records.map((record) => [record.referer, record]));
  const lines = readFileSync(accessFile, 'latin1')
    .split('\n')
    .filter((line) => line !== '');
  for (const line of lines) {
    const fields = /^(\S+) - \S+ \[[^\]]+\] "([^"]*)" (\d+) \d+ "([^"]*)"/.exec(line);
    const [, client = '', request = '', status = '', referer = ''] = fields ?? [];
    const record = byReferer.get(referer);
    const anomalous = record !== undefined && isAnomalous(record);
    const [method = '', uri = ''] = request.split(' ');
    add(by.client, client, anomalous);
    add(by.method, method, anomalous);
    add(by.status, status, anomalous);
    add(by.path, plainPath(uri), anomalous);
  }
  const count = (kind: RawRecord['kind']): number => records.filter((record) => record.kind === kind).length;
  return {
    total: lines.length,
    records: records.length,
    blocked: count('blocked'),
    detected: count('detected'),
    matched: count('matched'),
    by,
  };
}

/** Decoded by bytes: `\xHH` of nginx first, then the percent signs of the request. */
function plainPath(uri: string): string {
  const asked = uri.replace(/^http:\/\/[^/]+/, '').replace(/[?#].*/, '');
  const bytes: number[] = [];
  const text = asked.replaceAll(/\\x([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  for (let at = 0; at < text.length; at += 1) {
    const hex = /^%([0-9a-f]{2})/i.exec(text.slice(at, at + 3));
    bytes.push(hex ? Number.parseInt(hex[1] ?? '', 16) : text.charCodeAt(at));
    if (hex) at += 2;
  }
  return Buffer.from(bytes).toString('utf8');
}
