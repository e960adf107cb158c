import {
  createAccessReader,
  createJoiner,
  createObservedZone,
  createRecordSplitter,
  readAudit,
  recognise,
  redact,
  summarise,
} from '@bartizan/waf';
import type {
  AccessLine,
  AccessPattern,
  AuditRecord,
  Joined,
  SplitRecord,
  TimeZone,
  TransactionSummary,
} from '@bartizan/waf';
import { CommandError } from '../command.ts';
import type { LogInput } from './log-input.ts';

interface ReadOptions {
  readonly audit: readonly LogInput[];
  readonly access: readonly LogInput[];
  readonly pattern: AccessPattern | null;
  readonly timeZone: TimeZone | null;
  onTransaction(
    summary: TransactionSummary,
    from: { readonly line: AccessLine | null; readonly record: AuditRecord | null },
  ): void;
  onMalformed(): void;
}

type Kind = 'audit' | 'access';

interface OpenInput {
  readonly kind: Kind;
  readonly input: LogInput;
  readonly splitter: ReturnType<typeof createRecordSplitter>;
  isAtEnd: boolean;
  /** Newest time in it so far. */
  lastMs: number;
  line: number;
  readable: number;
  firstFailure: Failure | null;
  /** The first line of another log in it. */
  firstOther: Failure | null;
}

interface Failure {
  readonly line: number;
  readonly text: string;
  readonly reason: string;
}

/**
 * Reads logs side by side, always on with the one that is furthest behind in time, so that what belongs together is at hand at
 * the same time and memory stays bounded. Returns the zone that times without one were read in.
 */
export async function readLogs(options: ReadOptions): Promise<TimeZone> {
  const logs = [
    ...options.access.map((input) => openInput('access', input)),
    ...options.audit.map((input) => openInput('audit', input)),
  ];
  const reader = createReader(options);
  const readTo = (kind: Kind): number => {
    const behind = logs.filter((log) => log.kind === kind && !log.isAtEnd);
    return Math.min(Infinity, ...behind.map(({ lastMs }) => lastMs));
  };
  for (;;) {
    const behind = logs.filter((log) => !log.isAtEnd);
    const [first, ...others] = behind;
    if (!first) break;
    const next = others.reduce((least, log) => (log.lastMs < least.lastMs ? log : least), first);
    const chunk = await next.input.next();
    next.isAtEnd = next.input.isAtEnd;
    for (const record of chunk ? next.splitter.push(chunk) : []) reader.add(next, record);
    if (next.isAtEnd) {
      for (const record of next.splitter.end()) reader.add(next, record);
      refuseUnknown(next);
    }
    reader.settle({ accessMs: readTo('access'), auditMs: readTo('audit') });
  }
  reader.settle({ accessMs: Infinity, auditMs: Infinity, isEnd: true });
  return reader.zone();
}

function openInput(kind: Kind, input: LogInput): OpenInput {
  return {
    kind,
    input,
    splitter: createRecordSplitter(),
    isAtEnd: false,
    lastMs: -Infinity,
    line: 0,
    readable: 0,
    firstFailure: null,
    firstOther: null,
  };
}

type Outcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: string }
  | { readonly ok: 'passed-over'; readonly reason: string | null };

function createReader(options: ReadOptions) {
  const accessReader = createAccessReader(options.pattern);
  const joiner = createJoiner<null, null>({ merge: () => null });
  const observed = createObservedZone();
  const zone = options.timeZone ?? observed;

  function addLine(log: OpenInput, text: string): Outcome {
    const reading = accessReader.read(text);
    if (reading.ok !== true) return reading;
    const line = reading.value;
    log.lastMs = Math.max(log.lastMs, line.timeMs);
    if (line.offsetMinutes !== null) observed.observe(line.timeMs, line.offsetMinutes);
    joiner.addLine(line, null, 0);
    return { ok: true };
  }

  function addRecord(log: OpenInput, text: string): Outcome {
    const reading = readAudit(text, { zone });
    if (reading.ok !== true) return reading;
    log.lastMs = Math.max(log.lastMs, reading.value.timeMs);
    joiner.addRecord(reading.value, null, 0);
    return { ok: true };
  }

  function count({ access, audit }: Joined<null, null>): void {
    const summary = summarise(audit?.record ?? null, access?.line ?? null);
    if (summary) options.onTransaction(summary, { line: access?.line ?? null, record: audit?.record ?? null });
  }

  return {
    add(log: OpenInput, record: SplitRecord): void {
      const { buffer, byteOffset, length } = record.bytes;
      const text = redact(Buffer.from(buffer, byteOffset, length).toString('utf8'));
      log.line += 1;
      const read = log.kind === 'access' ? addLine : addRecord;
      const outcome: Outcome = record.isCut ? { ok: false, reason: 'its end is missing' } : read(log, text);
      if (outcome.ok === true || (outcome.ok === 'passed-over' && outcome.reason === null && hasWords(text))) {
        log.readable += 1;
        return;
      }
      if (outcome.ok === 'passed-over' && outcome.reason === null) return;
      const failure = { line: log.line, text: text.slice(0, 2000), reason: outcome.reason ?? '' };
      if (outcome.ok === 'passed-over') log.firstOther ??= failure;
      else {
        options.onMalformed();
        log.firstFailure ??= failure;
      }
    },
    settle: (progress: Parameters<typeof joiner.settle>[0]) => joiner.settle(progress).forEach(count),
    zone: () => zone,
  };
}

function hasWords(text: string): boolean {
  return /[^\s\0]/.test(text);
}

/** A log of which nothing could be read, and that does not even begin like one we know, is not the log that was meant. */
function refuseUnknown({ kind, input, readable, firstFailure, firstOther }: OpenInput): void {
  const failure = firstFailure ?? firstOther;
  if (readable > 0 || !failure) return;
  const { line, text, reason } = failure;
  if (/^\uFFFD{1,2}.\0/s.test(text))
    throw new CommandError(
      `${input.name}: this is UTF-16, as PowerShell writes it; write it as UTF-8 (-Encoding utf8)`,
    );
  const format = recognise(text);
  if (format && format.kind !== kind) {
    const advice = format.kind === 'access' ? 'give it with --access' : 'give it without --access';
    throw new CommandError(`${input.name}:${line}: this is an ${format.kind} log (${formatName(format)}): ${advice}`);
  }
  if (kind === 'audit' && /^\s*\{"transaction"|^--/.test(text)) return;
  const known =
    kind === 'audit'
      ? 'records of ModSecurity 2 and 3 and of Coraza 3 (JSON, native), lines of theirs in the error logs of nginx, Apache, Caddy and Envoy'
      : 'the formats of ingress-nginx, Envoy and Istio, combined, common and JSON, or your own with --access-format';
  throw new CommandError(`${input.name}:${line}: ${reason.replace(/\.$/, '')}. What can be read: ${known}`);
}

function formatName(format: NonNullable<ReturnType<typeof recognise>>): string {
  return format.kind === 'access' ? format.format : format.dialect;
}
