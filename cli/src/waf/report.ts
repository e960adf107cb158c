import { UsageError, defineCommand } from '../command.ts';
import type { Command } from '../command.ts';
import { logOptions, openLogs, repeatAccess, topOf } from './log-options.ts';
import { readLogs } from './read-logs.ts';
import { createReportCounts } from './report-counts.ts';
import { reportText } from './report-text.ts';

const counting = defineCommand({
  name: 'waf report',
  summary: "Counts what a firewall's audit log says: anomalous share, categories, rules, clients, paths",
  args: 'LOG… [--access LOG…]',
  positionals: { min: 1 },
  options: {
    ...logOptions,
    top: { type: 'string', value: 'N', describe: 'only the first N values of each list' },
    output: { type: 'string', short: 'o', value: 'json|text', default: 'text', describe: 'what to print' },
  },
  details: `
Logs may be gzip'd, a directory stands for all files in it, - reads standard input. Audit logs: ModSecurity 2 and 3 and Coraza 3
(JSON, native), and what they write to the error logs of nginx, Apache, Caddy and Envoy. Access logs: ingress-nginx, combined,
common, Envoy and Istio, JSON, or your own with --access-format. Either may be as Docker, a container runtime, journald, a log
shipper or jq left it, and both may be one: the output of a container. A transaction counts once, in however many of the logs it
stands. Secrets are masked before anything is counted.

  bartizan waf report /var/log/modsec_audit.log --access /var/log/nginx/access.log -o json

Exit codes: 0 done; 2 a log cannot be read.`,
  async run({ values, positionals, io }) {
    const top = topOf(values.top);
    if (values.output !== 'json' && values.output !== 'text')
      throw new UsageError(`--output is json or text, not "${values.output}"`);
    const logs = await openLogs({ values, positionals, io });
    const counts = createReportCounts({ hasAccess: logs.access.length > 0 });
    const zone = await readLogs({
      ...logs,
      onTransaction: (summary, { line, record }) =>
        counts.add(summary, { hasLine: line !== null, recordMs: record?.timeMs ?? null }),
      onMalformed: counts.addMalformed,
    });
    if (logs.timeZone === null) io.err(`Times without a zone were read as ${zone.name}; --time-zone says otherwise.\n`);
    const counted = counts.report(top);
    await io.out(values.output === 'json' ? `${JSON.stringify(counted, null, 2)}\n` : reportText(counted));
    return 0;
  },
});

export const report: Command = {
  ...counting,
  run: (args, io) => counting.run(repeatAccess(args), io),
};
