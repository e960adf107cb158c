import { compileAccessPattern, readTimeZone } from '@bartizan/waf';
import type { AccessPattern, TimeZone } from '@bartizan/waf';
import { UsageError, defineCommand } from '../command.ts';
import type { Command } from '../command.ts';
import { listLogs, openLogInput } from './log-input.ts';
import { readLogs } from './read-logs.ts';
import { createReportCounts } from './report-counts.ts';
import { reportText } from './report-text.ts';

const counting = defineCommand({
  name: 'waf report',
  summary: "Counts what a firewall's audit log says: anomalous share, categories, rules, clients, paths",
  args: 'LOG… [--access LOG…]',
  positionals: { min: 1 },
  options: {
    access: {
      type: 'string',
      multiple: true,
      value: 'LOG',
      describe: 'access log of the same time; everything after it is one, too',
    },
    'access-format': {
      type: 'string',
      value: 'PATTERN',
      describe: "the access log's format, as nginx's log_format has it",
    },
    'time-zone': {
      type: 'string',
      value: 'ZONE',
      describe: "of times without one, such as +02:00 or Europe/Berlin; else the access log's, else UTC",
    },
    top: { type: 'string', value: 'N', describe: 'only the first N values of each list' },
    output: { type: 'string', short: 'o', value: 'json|text', default: 'text', describe: 'what to print' },
  },
  details: `
Logs may be gzip'd, a directory stands for all files in it, - reads standard input. Audit logs: ModSecurity 2 and 3 (JSON,
native), Coraza 3 (JSON), nginx's error log. Secrets in them are masked before anything is counted.

  bartizan waf report /var/log/modsec_audit.log --access /var/log/nginx/access.log -o json

Exit codes: 0 done; 2 a log cannot be read.`,
  async run({ values, positionals, io }) {
    const timeZone = zoneOf(values['time-zone']);
    const pattern = patternOf(values['access-format']);
    const top = topOf(values.top);
    if (values.output !== 'json' && values.output !== 'text')
      throw new UsageError(`--output is json or text, not "${values.output}"`);
    const [auditLogs, accessLogs] = [await listLogs(positionals), await listLogs(values.access ?? [])];
    const counts = createReportCounts({ hasAccess: accessLogs.length > 0 });
    const zone = await readLogs({
      audit: auditLogs.map((path) => openLogInput(path, io)),
      access: accessLogs.map((path) => openLogInput(path, io)),
      pattern,
      timeZone,
      onTransaction: counts.add,
      onMalformed: counts.addMalformed,
    });
    if (timeZone === null) io.err(`Times without a zone were read as ${zone.name}; --time-zone says otherwise.\n`);
    const counted = counts.report(top);
    await io.out(values.output === 'json' ? `${JSON.stringify(counted, null, 2)}\n` : reportText(counted));
    return 0;
  },
});

export const report: Command = {
  ...counting,
  run: (args, io) => counting.run(repeatAccess(args), io),
};

/** `LOG… --access A B`: what follows the option are access logs as well, as long as a log stands before it. */
export function repeatAccess(args: readonly string[]): readonly string[] {
  const out: string[] = [];
  let isAccess = false;
  let hasLog = false;
  let takesValue = false;
  for (const arg of args) {
    const isOption = arg.startsWith('-') && arg !== '-';
    if (isAccess && hasLog && !isOption && !takesValue) out.push('--access');
    if (!isAccess && !isOption && !takesValue) hasLog = true;
    if (isOption) isAccess = arg === '--access' || arg.startsWith('--access=');
    takesValue = isOption && !arg.includes('=') && arg !== '--help' && arg !== '-h';
    out.push(arg);
  }
  return out;
}

function zoneOf(text: string | undefined): TimeZone | null {
  if (text === undefined) return null;
  const zone = readTimeZone(text);
  if (!zone) throw new UsageError(`--time-zone is written like UTC, +02:00 or Europe/Berlin, not "${text}"`);
  return zone;
}

function patternOf(text: string | undefined): AccessPattern | null {
  if (text === undefined) return null;
  const pattern = compileAccessPattern(text, { rest: 'ignored' });
  if (!pattern.ok) throw new UsageError(`--access-format: ${pattern.message}`);
  return pattern.value;
}

function topOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`--top is a number from 1, not "${text}"`);
  return Number(text);
}
