import { failed } from '../reading.ts';
import type { Reading, ReadingContext } from '../reading.ts';
import { parseAnyTime } from '../time.ts';
import { parseRequestLine } from '../access/request-line.ts';
import type { AuditRecord, HttpPart } from './audit-record.ts';
import { addressOf } from '../address.ts';
import { normaliseHost } from './headers.ts';
import { engineOf } from './modsecurity-json.ts';
import { hasRule, isDenied, readRuleText } from './rule-text.ts';
import type { RuleText } from './rule-text.ts';

/** `--1a2b3c4d-A--` (version 2) and `---mK5JU2rL---A--` (version 3). */
const boundary = /^-{2,3}([0-9A-Za-z]{1,32})-{1,3}([A-Z])--\s*$/;

export function readBoundary(line: string): { readonly id: string; readonly section: string } | null {
  if (!line.startsWith('--') || line.length > 60) return null;
  const match = boundary.exec(line);
  return match ? { id: match[1] ?? '', section: match[2] ?? '' } : null;
}

/** One record of the native (serial) format, from its A to its Z line. Coraza writes times without a zone, and no server. */
export function readModSecurityNative(text: string, context: ReadingContext): Reading<AuditRecord> {
  const sections = splitSections(text);
  const head = /^\[([^\]]+)\] (\S+) (\S*) (\d+) (\S*) (\d+)/.exec(sections.get('A') ?? '');
  const timeMs = parseAnyTime(head?.[1] ?? '', context.zone);
  if (!head || timeMs === null) return failed('section A is not "[time] id client port server port"');
  const id = head[2] ?? '';
  const request = readPart(sections.get('B') ?? '');
  const response = readPart(sections.get('F') ?? '');
  const line = parseRequestLine(request.first);
  const report = readReport(sections.get('H') ?? '', id);
  const header = (name: string): string | null =>
    request.headers.findLast(([key]) => key.toLowerCase() === name)?.[1] ?? null;
  const status = /^HTTP\/\S+ (\d{3})/.exec(response.first)?.[1];
  return {
    ok: true,
    value: {
      dialect: 'modsecurity-native',
      id,
      timeMs,
      client: addressOf(head[3] ?? ''),
      method: line.method,
      uri: line.uri,
      httpVersion: line.version,
      host: normaliseHost(header('host') ?? ''),
      userAgent: header('user-agent'),
      status: status === undefined ? null : Number(status),
      engine: report.engine,
      stopped: report.isStopped ? true : report.engine === 'on' ? false : null,
      components: report.producer,
      messages: report.messages.filter(hasRule),
      request: part(request, sections.get('C')),
      response: part(response, sections.get('E')),
    },
  };
}

function part(head: { headers: HttpPart['headers'] }, body: string | undefined): HttpPart {
  return { headers: head.headers, body: body === undefined || body.trim() === '' ? null : body.replace(/\n+$/, '') };
}

function splitSections(text: string): Map<string, string> {
  const sections = new Map<string, string>();
  let own = '';
  let name = '';
  let from = 0;
  for (let at = 0; at <= text.length;) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const found = text[at] === '-' ? readBoundary(text.slice(at, Math.min(end, at + 70))) : null;
    if (found && (own === '' || found.id === own)) {
      if (name !== '') sections.set(name, text.slice(from, at));
      own = found.id;
      name = found.section;
      from = end + 1;
    }
    at = end + 1;
  }
  if (name !== '' && name !== 'Z' && from < text.length) sections.set(name, text.slice(from));
  return sections;
}

function readPart(text: string): { readonly first: string; readonly headers: [string, string][] } {
  const lines = text.split(/\r?\n/);
  const headers = lines.slice(1).flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()]];
  });
  return { first: lines[0] ?? '', headers };
}

/** Section H: a line for each match, and in version 2 fields such as `Engine-Mode: "ENABLED"`. */
function readReport(
  text: string,
  id: string,
): {
  readonly messages: RuleText[];
  readonly engine: AuditRecord['engine'];
  readonly producer: string[];
  readonly isStopped: boolean;
} {
  const messages: RuleText[] = [];
  const producer: string[] = [];
  let engine: AuditRecord['engine'] = 'unknown';
  let isStopped = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('Action: Intercepted')) isStopped = true;
    else if (line.startsWith('ModSecurity: ')) messages.push(readRuleText(line, id));
    else if (line.startsWith('Message: ')) messages.push(readRuleText(line.slice(9)));
    else if (line.startsWith('[client "')) messages.push(readRuleText(line));
    else if (line.startsWith('Engine-Mode: ')) engine = engineOf(line.slice(13));
    else if (line.startsWith('Producer: ')) producer.push(line.slice(10));
  }
  return { messages, engine, producer, isStopped: isStopped || isDenied(messages) };
}
