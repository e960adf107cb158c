import type { SourceStatus } from '@bartizan/api';
import { readExportLine } from '@bartizan/flow';
import { recognise } from '@bartizan/waf';
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
    judge: (file, line) => {
      const broken = readExportLine(line).find((entry) => entry.kind === 'broken');
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
    judge: (file, line) => {
      const format = recognise(line);
      if (format === null)
        return { state: 'misconfigured', reason: `${file}: the format of its first line is not known` };
      if (format.kind === kind) return { state: 'ok' };
      return {
        state: 'misconfigured',
        reason: `${file} is no ${kind} log: its first line is of ${format.kind === 'audit' ? format.dialect : format.format}`,
      };
    },
  });
}
