import type { SourceStatus } from '@bartizan/api';
import { readExportLine } from '@bartizan/flow';
import { createRecordSplitter, recognise } from '@bartizan/waf';
import type { FirewallOfFiles } from '../config/firewalls.ts';
import { probeFiles } from './probe-files.ts';
import type { Found } from './probe-files.ts';
import { fixes } from './source-fixes.ts';

/** Whether the logs of a firewall are there, may be read and are in a format that we know. Reads the beginning of each alone. */
export async function probeLogs(firewall: FirewallOfFiles): Promise<SourceStatus> {
  const audit = await probe(firewall.auditLogs, 'audit');
  const access = firewall.accessLogs ? await probe(firewall.accessLogs, 'access') : withoutAccessLog;
  const worst = audit.state === 'ok' ? access : audit;
  const reasons = [audit, access].flatMap(({ reason }) => reason ?? []);
  return {
    signal: 'waf',
    kind: 'files',
    location: [...firewall.auditLogs, ...(firewall.accessLogs ?? [])].join(', '),
    state: worst.state,
    ...(reasons.length === 0 ? {} : { reason: reasons.join('; ') }),
    ...(worst.state === 'ok' ? {} : { fix: fixes.waf(firewall.cluster) }),
  };
}

const withoutAccessLog: Found = {
  state: 'missing',
  reason: 'no access log is configured, so there is no number of requests and no share',
};

/** Whether the files of Hubble's exporters are there, may be read and hold flows. */
export async function probeFlowLogs(cluster: string, patterns: readonly string[]): Promise<SourceStatus> {
  const found = await probeFiles(patterns, {
    name: 'file of flows',
    judge: (file, start) => {
      const broken = readExportLine(firstLine(start)).find((entry) => entry.kind === 'broken');
      if (!broken) return { state: 'ok' };
      return {
        state: 'misconfigured',
        reason: `${file}: its first line is not what Hubble's exporter or "hubble observe -o jsonpb" writes: ${broken.reason}`,
      };
    },
  });
  return {
    signal: 'flows',
    kind: 'files',
    location: patterns.join(', '),
    ...found,
    ...(found.state === 'ok' ? {} : { fix: fixes.flowLogs(cluster) }),
  };
}

function probe(patterns: readonly string[], kind: 'audit' | 'access'): Promise<Found> {
  return probeFiles(patterns, {
    name: `${kind} log`,
    judge: (file, start) => {
      const records = createRecordSplitter().push(Buffer.from(start)).slice(0, mostRecords);
      // Of a record that is longer than what was read nothing can be said.
      if (records.length === 0 && start.length > longestLine) return { state: 'ok' };
      const texts = records.length === 0 ? [start] : records.map(({ bytes }) => Buffer.from(bytes).toString('utf8'));
      const formats = texts.flatMap((text) => recognise(text) ?? []);
      if (formats.some((format) => format.kind === kind)) return { state: 'ok' };
      const [other] = formats;
      const reason = other
        ? `${file} is no ${kind} log: it begins with lines of ${other.kind === 'audit' ? other.dialect : other.format}`
        : `${file}: the format of its first lines is not known`;
      return { state: 'misconfigured', reason };
    },
  });
}

/** The output of a container begins with other lines. */
const mostRecords = 200;
const longestLine = 64 * 1024;

function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '') ?? '';
}
