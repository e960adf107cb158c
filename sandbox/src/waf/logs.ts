import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import type { WriteStream } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { accessLine } from './access-line.ts';
import type { AuditOrigin } from './audit-record.ts';
import { auditRecord } from './audit-record.ts';
import { garble } from './garble.ts';
import type { WebTraffic } from './requests.ts';
import type { WebRequest } from './web-request.ts';

export interface WafLogs {
  readonly history: Promise<void>;
  close(): Promise<void>;
}

const minuteMs = 60_000;
const minutesAtOnce = 60;

/** Writes the past at once, then each request when its time has come. */
export function writeWafLogs(options: {
  readonly auditLog: string;
  readonly accessLog: string;
  readonly origin: AuditOrigin;
  readonly traffic: WebTraffic;
  readonly historyMinutes: number;
  /** From when on the audit log holds nonsense; never unless given. */
  readonly garbledFrom: number | undefined;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}): WafLogs {
  const { traffic, origin, now, signal } = options;
  const audit = createWriteStream(options.auditLog, { flags: 'a' });
  const access = createWriteStream(options.accessLog, { flags: 'a' });
  const start = now().getTime();
  let written = start;
  let writing = Promise.resolve();

  async function write(requests: readonly WebRequest[]): Promise<void> {
    const matched = requests.filter(({ attack }) => attack !== undefined);
    await append(audit, matched.map(recordOf).join(''));
    await append(access, requests.map(accessLine).join(''));
  }

  function recordOf(request: WebRequest, turn: number): string {
    const record = auditRecord(request, origin);
    return request.time < (options.garbledFrom ?? Infinity) ? record : garble(record, turn);
  }

  async function writeHistory(): Promise<void> {
    const last = Math.floor(start / minuteMs);
    for (let minute = last - options.historyMinutes; minute <= last && !signal.aborted; minute += minutesAtOnce) {
      const until = Math.min(minute + minutesAtOnce, last + 1);
      const requests: WebRequest[] = [];
      for (let each = minute; each < until; each += 1) requests.push(...traffic.ofMinute(each));
      await write(requests.filter(({ time }) => time < start));
      await nextTurn();
    }
  }

  async function writeNew(): Promise<void> {
    const until = now().getTime();
    if (until <= written) return;
    const from = written;
    written = until;
    const requests: WebRequest[] = [];
    for (let minute = Math.floor(from / minuteMs) - 1; minute <= Math.floor(until / minuteMs); minute += 1) {
      requests.push(...traffic.ofMinute(minute));
    }
    await write(requests.filter(({ time }) => time >= from && time < until));
  }

  function complain(error: unknown): void {
    options.log(`The logs cannot be written: ${String(error)}`);
  }

  audit.on('error', complain);
  access.on('error', complain);

  function writeDue(): void {
    writing = writing.then(writeNew).catch(complain);
  }

  let timer: NodeJS.Timeout | undefined;
  const history = writeHistory().then(() => {
    if (!signal.aborted) timer = setInterval(writeDue, 1000);
  });

  return {
    history,
    async close() {
      await history;
      clearInterval(timer);
      await writing;
      await Promise.all([audit, access].map(async (stream) => once(stream.end(), 'close')));
    },
  };
}

async function append(stream: WriteStream, text: string): Promise<void> {
  if (text !== '' && !stream.write(text)) await once(stream, 'drain');
}
